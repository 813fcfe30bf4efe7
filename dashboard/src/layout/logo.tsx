/** The mark: a star in a seal. */
export function Mark({ className = 'size-7' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <path
        className="fill-accent"
        d="M16 .3l4 3.500 5.200-.6 1.400 5.100 4.400 2.900-2.200 4.800 2.200 4.800-4.400 2.900-1.400 5.100-5.200-.6-4 3.500-4-3.500-5.200.6-1.400-5.100L1 20.800 3.200 16 1 11.200l4.400-2.900 1.400-5.100 5.200.6z"
      />
      <path
        className="fill-on-accent"
        d="m16 8.300 2.300 4.900 5.200.7-3.800 3.700 1 5.300-4.700-2.600-4.700 2.600 1-5.300-3.800-3.700 5.200-.7z"
      />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="flex items-center gap-2.5">
      <Mark />
      <span className="font-display text-xl font-semibold tracking-[-0.01em]">Plaudit</span>
    </span>
  );
}
