import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

const VARIANTS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'border border-line-strong/60 bg-surface text-ink hover:border-line-strong hover:bg-sunken',
  ghost: 'text-soft hover:bg-sunken hover:text-ink',
  danger: 'bg-danger-strong text-white hover:brightness-110',
  link: 'px-0! text-accent underline-offset-4 hover:underline',
} as const;

const SIZES = {
  md: 'h-9 gap-2 px-3.5 text-sm',
  sm: 'h-8 gap-1.5 px-2.5 text-[0.8125rem]',
  icon: 'size-9 justify-center',
  'icon-sm': 'size-8 justify-center',
} as const;

interface Props extends ComponentProps<'button'> {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  /** The only child (a link, say) becomes the button. */
  asChild?: boolean;
  /** Shows that what it began is going on; it cannot be pressed meanwhile. */
  busy?: boolean;
}

export function Button({ variant = 'secondary', size = 'md', asChild, busy, className, ...rest }: Props) {
  const Part = asChild ? Slot.Root : 'button';
  const classes = cn(
    'inline-flex shrink-0 items-center rounded-md font-medium whitespace-nowrap transition-colors select-none',
    'disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
    VARIANTS[variant],
    SIZES[size],
    busy && 'animate-pulse',
    className,
  );
  if (asChild) return <Part className={classes} {...rest} />;
  return (
    <button
      type="button"
      className={classes}
      aria-busy={busy}
      {...rest}
      disabled={(busy ?? false) || rest.disabled}
    />
  );
}
