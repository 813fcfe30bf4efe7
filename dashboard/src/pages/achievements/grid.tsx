import { Link } from 'react-router';
import type { Share } from '@/api/insights';
import { AchievementBadge } from '@/components/achievement-badge';
import { Skeleton } from '@/components/ui/small';
import { count, percent } from '@/lib/format';
import { ruleOf, type Achievement, type Terms } from './model';
import { StatusPill } from './status';

const GRID = 'grid grid-cols-[repeat(auto-fill,minmax(15.5rem,1fr))] gap-4';

interface Props {
  achievements: readonly Achievement[];
  terms: Terms;
  shares: ReadonlyMap<string, Share> | undefined;
}

export function AchievementGrid({ achievements, terms, shares }: Props) {
  return (
    <ul className={GRID}>
      {achievements.map((each) => (
        <Cell key={each.id} achievement={each} terms={terms} share={shares?.get(each.id)} />
      ))}
    </ul>
  );
}

function Cell({
  achievement: it,
  terms,
  share,
}: {
  achievement: Achievement;
  terms: Terms;
  share: Share | undefined;
}) {
  return (
    <li className="relative flex min-h-38 flex-col rounded-xl border bg-surface p-4 shadow-card transition-colors focus-within:border-accent hover:border-line-strong">
      <div className="flex items-start gap-3.5">
        <AchievementBadge
          url={it.badge?.url}
          name={it.name}
          className="size-16"
          locked={it.status === 'inactive'}
        />
        <div className="shrinkable grow">
          <Link
            to={`/achievements/${it.id}`}
            className="line-clamp-2 font-display text-[1.0625rem]/snug font-semibold outline-none after:absolute after:inset-0 after:rounded-xl"
          >
            {it.name}
          </Link>
          <p className="mt-0.5 line-clamp-2 text-[0.8125rem] text-soft">{ruleOf(it, terms)}</p>
        </div>
      </div>
      <div className="mt-auto flex items-end justify-between gap-3 pt-4">
        <StatusPill status={it.status} />
        <p className="text-right text-xs text-soft">
          <span className="figure text-base text-ink">
            {share === undefined ? '–' : count(share.completions)}
          </span>{' '}
          users
          {share !== undefined && <span className="block">{percent(share.rarity)} of all</span>}
        </p>
      </div>
    </li>
  );
}

export function GridSkeleton() {
  return (
    <div className={GRID} role="status" aria-label="Loading">
      {Array.from({ length: 9 }, (_, index) => (
        <Skeleton key={index} className="h-38 rounded-xl" />
      ))}
    </div>
  );
}
