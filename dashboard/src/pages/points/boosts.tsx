import { Plus, Rocket } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useCan } from '@/api/session';
import { FiltersText } from '@/components/attribute-filters';
import { EmptyState } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { Pill, type Tone } from '@/components/ui/small';
import { amount, date } from '@/lib/format';
import { BoostSheet } from './boost-sheet';
import { useBoosts, type Boost } from './parts';

const STATUS: Record<Boost['status'], { tone: Tone; label: string }> = {
  active: { tone: 'good', label: 'Active' },
  scheduled: { tone: 'warn', label: 'Scheduled' },
  finished: { tone: 'neutral', label: 'Finished' },
};

const COLUMNS: readonly Column<Boost>[] = [
  { id: 'name', header: 'Name', cell: (boost) => boost.name, sort: (boost) => boost.name },
  {
    id: 'for',
    header: 'For',
    wide: true,
    cell: (boost) =>
      boost.userId === null ? (
        <FiltersText filters={boost.userAttributes} none="Everybody" />
      ) : (
        <Link
          to={`/users/${encodeURIComponent(boost.userId)}`}
          className="text-accent underline-offset-4 hover:underline"
        >
          {boost.userId}
        </Link>
      ),
  },
  {
    id: 'dates',
    header: 'Dates',
    wide: true,
    sort: (boost) => boost.start,
    cell: (boost) =>
      boost.end === null ? `From ${date(boost.start)} on` : `${date(boost.start)} to ${date(boost.end)}`,
  },
  {
    id: 'multiplier',
    header: 'Multiplier',
    right: true,
    sort: (boost) => boost.multiplier,
    cell: (boost) => (
      <span className="font-semibold">
        ×{'\u202f'}
        {amount(boost.multiplier)}
      </span>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    width: 'w-28',
    sort: (boost) => boost.status,
    cell: (boost) => <Pill tone={STATUS[boost.status].tone}>{STATUS[boost.status].label}</Pill>,
  },
];

/** What multiplies the awards of a system for a while. */
export function Boosts({ systemId }: { systemId: string }) {
  const boosts = useBoosts(systemId);
  const canEdit = useCan('editor');
  const [edited, setEdited] = useState<Boost | 'new' | null>(null);
  return (
    <Card>
      <CardHead
        title="Boosts"
        hint="While one holds, every award is multiplied: for everybody, for some, or for one user."
      >
        {canEdit && (
          <Button size="sm" onClick={() => setEdited('new')}>
            <Plus /> New boost
          </Button>
        )}
      </CardHead>
      <DataTable
        label="Boosts"
        columns={COLUMNS}
        rows={boosts.data}
        error={boosts.error}
        retry={() => void boosts.refetch()}
        rowKey={(boost) => boost.id}
        {...(canEdit && { onRow: setEdited })}
        sorted={{ id: 'dates', down: true }}
        expected={3}
        empty={
          <EmptyState title="Nothing is boosted" picture={<Rocket />} className="pt-6">
            A double-points weekend, a welcome bonus for a plan, a present for one user: each is a boost.
          </EmptyState>
        }
      />
      {edited !== null && (
        <BoostSheet
          key={edited === 'new' ? '' : edited.id}
          systemId={systemId}
          boost={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Card>
  );
}
