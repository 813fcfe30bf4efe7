import { Link } from 'react-router';
import { useFeed, type FeedState, type Happening } from '@/api/feed';
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
      <CardHead title="Live" hint="What happens right now">
        <span className="inline-flex items-center gap-1.5 text-xs text-soft">
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
  const user = <UserLink id={happening.userId} name={happening.userName} />;
  if (happening.kind === 'completion' && happening.achievement) {
    const { id, name, badgeUrl } = happening.achievement;
    return (
      <>
        <AchievementBadge url={badgeUrl} name={name} className="size-8" />
        <span className="shrinkable">
          <span className="block truncate">{user} earned</span>
          <Link to={`/achievements/${id}`} className="block truncate font-medium hover:underline">
            {name}
          </Link>
        </span>
      </>
    );
  }
  if (happening.kind === 'level') {
    const level = happening.level ?? happening.previousLevel;
    return (
      <>
        <AchievementBadge url={level?.badgeUrl} name={level?.name ?? ''} className="size-8" />
        <span className="shrinkable">
          <span className="block truncate">
            {user} {happening.level ? 'reached the level' : 'fell below the level'}
          </span>
          <span className="block truncate font-medium">{level?.name}</span>
        </span>
      </>
    );
  }
  const value = happening.value ?? 0;
  const signed = `${value < 0 ? '−' : '+'}${amount(Math.abs(value))}`;
  return (
    <>
      <span aria-hidden className="mx-3 size-2 shrink-0 rounded-full bg-line-strong" />
      <span className="shrinkable">
        <span className="block truncate">{user}</span>
        <span className="block truncate text-soft">
          <span className="tabular-nums">{signed}</span>{' '}
          {happening.metric ?? happening.points?.name ?? happening.kind}
          {happening.total !== undefined && ` · ${amount(happening.total)} in total`}
        </span>
      </span>
    </>
  );
}
