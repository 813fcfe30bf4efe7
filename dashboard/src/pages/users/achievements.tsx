import { Trophy } from 'lucide-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { AchievementBadge } from '@/components/achievement-badge';
import { EmptyState, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Card } from '@/components/ui/card';
import { Segmented } from '@/components/ui/choice';
import { Progress } from '@/components/ui/small';
import { amount, percent } from '@/lib/format';
import { ruleOf, type Dossier, type Owned } from './parts';
import { WhySheet } from './why-sheet';

type Shown = 'all' | 'earned' | 'open';

const COLUMNS: readonly Column<Owned>[] = [
  {
    id: 'name',
    header: 'Achievement',
    cell: (each) => (
      <span className="flex items-center gap-3">
        <AchievementBadge
          url={each.badgeUrl}
          name={each.name}
          className="size-9"
          locked={each.achievedAt === null}
        />
        <span className="shrinkable grow">
          <span className="block">{each.name}</span>
          <span className="block text-xs font-normal text-soft">{ruleOf(each)}</span>
          <span className="mt-1 block md:hidden">
            <Standing each={each} />
          </span>
        </span>
      </span>
    ),
    sort: (each) => each.name,
  },
  {
    id: 'progress',
    header: 'Progress',
    wide: true,
    width: 'w-56',
    cell: (each) => <Standing each={each} />,
    sort: (each) => each.progress.percent,
  },
  {
    id: 'rarity',
    header: 'Rarity',
    wide: true,
    right: true,
    width: 'w-24',
    cell: (each) => percent(each.rarity),
    sort: (each) => each.rarity,
  },
  {
    id: 'earned',
    header: 'Earned',
    right: true,
    width: 'w-36',
    cell: (each) =>
      each.achievedAt === null ? (
        <span className="text-soft">Why not?</span>
      ) : (
        <RelativeTime at={each.achievedAt} />
      ),
    sort: (each) => each.achievedAt,
  },
];

function Standing({ each }: { each: Owned }) {
  const { current, target, percent: share } = each.progress;
  return (
    <span className="block max-w-52">
      <Progress value={share} label={`Progress towards ${each.name}`} />
      <span className="mt-1 block text-xs font-normal text-soft tabular-nums">
        {amount(current)} of {amount(target)}
      </span>
    </span>
  );
}

/** What the user earned, and how far they are with the rest; each opens to "why (not)?". */
export function UserAchievements({ dossier }: { dossier: Dossier }) {
  const [query, setQuery] = useSearchParams();
  const [shown, setShown] = useState<Shown>('all');
  const why = dossier.achievements.find((each) => each.id === query.get('why'));
  const rows = dossier.achievements.filter(
    (each) => shown === 'all' || (each.achievedAt !== null) === (shown === 'earned'),
  );
  const ask = (id: string | null) =>
    setQuery((before) => {
      if (id === null) before.delete('why');
      else before.set('why', id);
      return before;
    });
  return (
    <Card>
      {dossier.achievements.length > 0 && (
        <div className="border-b p-3">
          <Segmented
            label="Which achievements"
            value={shown}
            onChange={setShown}
            options={[
              { value: 'all', label: 'All' },
              { value: 'earned', label: 'Earned' },
              { value: 'open', label: 'Not yet' },
            ]}
          />
        </div>
      )}
      <DataTable
        label="Achievements of the user"
        columns={COLUMNS}
        rows={rows}
        rowKey={(each) => each.id}
        onRow={(each) => ask(each.id)}
        sorted={{ id: 'earned', down: true }}
        empty={
          dossier.achievements.length > 0 ? (
            <EmptyState
              title={shown === 'earned' ? 'Nothing earned yet' : 'Everything is earned'}
              picture={<Trophy />}
            />
          ) : (
            <EmptyState
              title="There is nothing to earn yet"
              picture={<Trophy />}
              action={
                <Link to="/achievements/new" className="text-accent underline underline-offset-4">
                  Make the first achievement
                </Link>
              }
            />
          )
        }
      />
      {why && <WhySheet key={why.id} userId={dossier.user.id} achievement={why} onClose={() => ask(null)} />}
    </Card>
  );
}
