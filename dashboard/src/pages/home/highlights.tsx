import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useHighlights } from '@/api/insights';
import { AchievementBadge } from '@/components/achievement-badge';
import { Failure, Loaded, RelativeTime } from '@/components/blocks';
import { Card, CardHead } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/small';
import { UserLink } from '@/components/user-link';
import { count, counted, percent } from '@/lib/format';

type Data = Schemas['StatsHighlights'];

const MOST = 6;

/** The rarest and the newest completions, and who earned and did the most. */
export function Highlights() {
  const query = useHighlights();
  const parts: { title: string; hint: string; show: (data: Data) => ReactNode[] }[] = [
    { title: 'Rarest', hint: 'Held by the fewest', show: rarest },
    { title: 'Newest completions', hint: 'Earned last', show: newest },
    { title: 'Top users', hint: 'By what they earned', show: top },
  ];
  if (query.error !== null && query.data === undefined) {
    return (
      <Card className="lg:col-span-2">
        <Failure error={query.error} retry={() => void query.refetch()} />
      </Card>
    );
  }
  return (
    <div className="grid shrinkable items-start gap-5 md:grid-cols-2 lg:col-span-2">
      {parts.map((part) => (
        <Card key={part.title} className={part.title === 'Top users' ? 'md:col-span-2' : ''}>
          <CardHead title={part.title} hint={part.hint} />
          <Loaded query={query} skeleton={<ListSkeleton />}>
            {(data) => {
              const items = part.show(data);
              return items.length === 0 ? (
                <p className="px-5 pb-6 text-sm text-soft">Nobody has completed anything yet.</p>
              ) : (
                <ul className="pb-2">{items}</ul>
              );
            }}
          </Loaded>
        </Card>
      ))}
    </div>
  );
}

const ROW = 'flex items-center gap-3 px-5 py-2 min-h-14';

const rarest = ({ rarest }: Data) =>
  rarest.slice(0, MOST).map(({ achievement, completions, rarity }) => (
    <li key={achievement.id} className={ROW}>
      <AchievementBadge url={achievement.badgeUrl} name={achievement.name} className="size-9" />
      <Link
        to={`/achievements/${achievement.id}`}
        className="shrinkable grow truncate font-medium hover:underline"
      >
        {achievement.name}
      </Link>
      <span className="text-right text-sm whitespace-nowrap">
        <span className="block figure text-base">{percent(rarity)}</span>
        <span className="block text-xs text-soft">{counted(completions, 'user')}</span>
      </span>
    </li>
  ));

const newest = ({ newest }: Data) =>
  newest.slice(0, MOST).map(({ achievement, userId, userName, achievedAt }) => (
    <li key={`${achievement.id} ${userId}`} className={ROW}>
      <AchievementBadge url={achievement.badgeUrl} name={achievement.name} className="size-9" />
      <span className="shrinkable grow text-sm">
        <Link to={`/achievements/${achievement.id}`} className="block truncate font-medium hover:underline">
          {achievement.name}
        </Link>
        <span className="block truncate text-soft">
          <UserLink id={userId} name={userName} />
        </span>
      </span>
      <RelativeTime at={achievedAt} className="text-xs text-soft" />
    </li>
  ));

const top = ({ topUsers }: Data) =>
  topUsers.slice(0, 8).map(({ userId, userName, completions, events }, index) => (
    <li key={userId} className={`${ROW} min-h-11!`}>
      <span className="w-6 text-right figure text-soft">{index + 1}</span>
      <span className="shrinkable grow truncate font-medium">
        <UserLink id={userId} name={userName} />
      </span>
      <span className="text-right text-sm whitespace-nowrap tabular-nums">
        {counted(completions, 'achievement')}
      </span>
      <span className="w-24 text-right text-sm text-soft tabular-nums max-sm:hidden">
        {count(events)} events
      </span>
    </li>
  ));

function ListSkeleton() {
  return (
    <div className="pb-2">
      {Array.from({ length: MOST }, (_, index) => (
        <div key={index} className={ROW}>
          <Skeleton className="size-9 rounded-full" />
          <Skeleton className="h-4 grow" />
          <Skeleton className="h-4 w-12" />
        </div>
      ))}
    </div>
  );
}
