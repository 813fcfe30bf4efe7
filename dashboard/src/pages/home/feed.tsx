import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useFeed, type FeedState, type Happening } from '@/api/feed';
import type { AchievementTag } from '@/api/insights';
import { AchievementBadge } from '@/components/achievement-badge';
import { RelativeTime } from '@/components/blocks';
import { Card, CardHead } from '@/components/ui/card';
import { UserLink } from '@/components/user-link';
import { cn } from '@/lib/cn';
import { amount } from '@/lib/format';

const STATES: Record<FeedState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
};

/** What happens now. Its height is fixed, so that nothing on the page moves when something arrives. */
export function Feed() {
  const { happenings, state } = useFeed();
  return (
    <Card className="flex h-[31rem] flex-col">
      <CardHead title="Live" hint="As it happens">
        <span className="inline-flex items-center justify-end gap-1.5 text-xs text-soft">
          <span
            aria-hidden
            className={cn(
              'size-2 rounded-full',
              state === 'live' ? 'bg-accent' : 'animate-pulse bg-line-strong',
            )}
          />
          {STATES[state]}
        </span>
      </CardHead>
      {happenings.length === 0 ? (
        <p className="m-auto max-w-[30ch] px-5 pb-10 text-center text-sm text-soft">
          Quiet at the moment. The next event or completion appears here as it happens.
        </p>
      ) : (
        <ol className="min-h-0 grow overflow-y-auto pb-2" aria-label="Live feed" tabIndex={0}>
          {happenings.map((each) => (
            <li
              key={each.number}
              className="flex min-h-12 animate-arrive items-center gap-3 px-5 py-1.5 text-sm"
            >
              <Line happening={each} />
              <RelativeTime at={each.at} className="ml-auto text-xs text-soft" />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function Line({ happening }: { happening: Happening }) {
  const { kind, achievement } = happening;
  if (kind === 'completion' && achievement) {
    const link = (
      <Link to={`/achievements/${achievement.id}`} className="font-medium text-ink hover:underline">
        {achievement.name}
      </Link>
    );
    return <Told happening={happening} picture={achievement} what={<>earned {link}</>} />;
  }
  if (kind === 'level') {
    const level = happening.level ?? happening.previousLevel;
    const verb = happening.level ? 'reached' : 'fell below';
    const name = <span className="font-medium text-ink">{level?.name}</span>;
    return (
      <Told
        happening={happening}
        picture={level}
        what={
          <>
            {verb} {name}
          </>
        }
      />
    );
  }
  const value = happening.value ?? 0;
  const signed = `${value < 0 ? '−' : '+'}${amount(Math.abs(value))}`;
  const of = happening.metric ?? happening.points?.name ?? kind;
  const total = happening.total === undefined ? '' : ` → ${amount(happening.total)}`;
  return (
    <Told happening={happening} what={<span className="tabular-nums">{`${signed} ${of}${total}`}</span>} />
  );
}

interface ToldProps {
  happening: Happening;
  /** The badge of what was earned; without it only a dot. */
  picture?: AchievementTag | null | undefined;
  what: ReactNode;
}

function Told({ happening, picture, what }: ToldProps) {
  return (
    <>
      {picture === undefined ? (
        <span aria-hidden className="mx-3 size-2 shrink-0 rounded-full bg-line-strong" />
      ) : (
        <AchievementBadge url={picture?.badgeUrl} name={picture?.name ?? ''} className="size-8" />
      )}
      <span className="shrinkable">
        <span className="block truncate">
          <UserLink id={happening.userId} name={happening.userName} />
        </span>
        <span className="block truncate text-soft">{what}</span>
      </span>
    </>
  );
}
