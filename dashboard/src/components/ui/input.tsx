import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

const BOX =
  'w-full rounded-md border border-line-strong/70 bg-surface px-3 text-ink shadow-card transition-colors ' +
  'hover:border-line-strong aria-invalid:border-danger disabled:cursor-not-allowed disabled:bg-sunken disabled:text-soft ' +
  'text-base sm:text-sm'; // 16 px on phones: smaller text makes them zoom in

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cn(BOX, 'h-9', className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea rows={3} className={cn(BOX, 'py-2', className)} {...rest} />;
}

/** The browser's own select: the best one on a phone, and for the keyboard. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select className={cn(BOX, 'h-9 truncate pr-1', className)} {...rest} />;
}

export function Checkbox({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  return <input type="checkbox" className={cn('size-4 shrink-0 accent-accent', className)} {...rest} />;
}
