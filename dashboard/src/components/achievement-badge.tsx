import { Award } from 'lucide-react';
import { useState } from 'react';
import { cn } from '@/lib/cn';

interface Props {
  url: string | null | undefined;
  name: string;
  className?: string;
  /** Not earned: shown pale. */
  locked?: boolean;
}

/** An achievement's badge; a medal stands in where there is none, or where it cannot be loaded. */
export function AchievementBadge({ url, name, className = 'size-10', locked }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const box = cn('shrink-0', className, locked && 'opacity-45 grayscale');
  if (url === null || url === undefined || url === '' || broken === url) {
    return (
      <span
        aria-hidden
        className={cn(
          'grid place-items-center rounded-full border border-dashed border-line-strong text-soft',
          box,
        )}
      >
        <Award className="size-1/2" />
      </span>
    );
  }
  return (
    <img
      src={url}
      alt=""
      title={name}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(url)}
      className={cn('rounded-md object-contain', box)}
    />
  );
}
