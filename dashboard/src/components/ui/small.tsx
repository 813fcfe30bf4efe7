import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn';

const TONES = {
  neutral: 'border-line bg-sunken text-soft',
  good: 'border-transparent bg-accent-soft text-accent',
  warn: 'border-transparent bg-warn-soft text-warn',
  danger: 'border-transparent bg-danger-soft text-danger',
} as const;

export type Tone = keyof typeof TONES;

/** A state in a word. */
export function Pill({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1 rounded-full border px-2 py-px text-xs font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

/** Holds the place of what is on its way; give it the size of what will come. */
export function Skeleton({ className, ...rest }: ComponentProps<'div'>) {
  return <div aria-hidden className={cn('animate-pulse rounded-md bg-line/70', className)} {...rest} />;
}

interface ProgressProps {
  /** 0 to 100. */
  value: number;
  label: string;
  className?: string;
}

export function Progress({ value, label, className }: ProgressProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(value)}
      aria-valuemin={0}
      aria-valuemax={100}
      className={cn('h-1.5 overflow-hidden rounded-full bg-line', className)}
    >
      <div
        className="h-full rounded-full bg-accent transition-[width]"
        style={{ width: `${Math.min(value, 100)}%` }}
      />
    </div>
  );
}

/** A key on the keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded border bg-sunken px-1.5 font-sans text-[0.6875rem] leading-5 text-soft">
      {children}
    </kbd>
  );
}

/** A sentence that stands out: what went wrong, what to mind. */
export function Note({
  tone = 'neutral',
  children,
  className,
}: {
  tone?: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : undefined}
      className={cn(
        'rounded-lg border px-3.5 py-2.5 text-sm',
        TONES[tone],
        tone === 'neutral' && 'text-ink',
        className,
      )}
    >
      {children}
    </div>
  );
}
