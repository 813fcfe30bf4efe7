import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn';

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section className={cn('shrinkable rounded-xl border bg-surface shadow-card', className)} {...rest} />
  );
}

interface HeadProps {
  title: string;
  hint?: ReactNode;
  children?: ReactNode;
}

/** A card's title, what it tells, and what can be done with it. */
export function CardHead({ title, hint, children }: HeadProps) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-5 pt-4 pb-3">
      <div className="shrinkable">
        <h2 className="text-[0.9375rem] font-semibold">{title}</h2>
        {hint !== undefined && <p className="text-sm text-soft">{hint}</p>}
      </div>
      {children}
    </div>
  );
}
