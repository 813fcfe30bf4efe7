import { Coins, Plus } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAll } from '@/api/hooks';
import { useCan } from '@/api/session';
import { AchievementBadge } from '@/components/achievement-badge';
import { Code, EmptyState, PageHeader } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { count } from '@/lib/format';
import { SystemSheet } from './system-sheet';

type System = Schemas['AdminPointsSystem'];

const COLUMNS: readonly Column<System>[] = [
  {
    id: 'name',
    header: 'Name',
    sort: (system) => system.name,
    cell: (system) => (
      <span className="flex items-center gap-3">
        <AchievementBadge url={system.badge?.url} name={system.name} className="size-8" />
        <span className="shrinkable">
          <span className="block">{system.name}</span>
          <span className="line-clamp-1 text-[0.8125rem] font-normal text-soft">{system.description}</span>
        </span>
      </span>
    ),
  },
  {
    id: 'key',
    header: 'Key',
    wide: true,
    width: 'w-48',
    sort: (system) => system.key,
    cell: (system) => <Code>{system.key}</Code>,
  },
  {
    id: 'most',
    header: 'Most per user',
    wide: true,
    right: true,
    width: 'w-36',
    sort: (system) => system.maxPoints,
    cell: (system) =>
      system.maxPoints === null ? <span className="text-soft">No limit</span> : count(system.maxPoints),
  },
];

/** Kinds of points: each with what awards them, what multiplies them, and its levels. */
export default function PointsPage() {
  const systems = useAll('/points');
  const canEdit = useCan('editor');
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const create = canEdit && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus /> New points system
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Points"
        hint="Experience, coins, gems: what users collect, what awards it, and the levels they reach."
      >
        {create}
      </PageHeader>
      <Card>
        <DataTable
          label="Points systems"
          columns={COLUMNS}
          rows={systems.data}
          error={systems.error}
          retry={() => void systems.refetch()}
          rowKey={(system) => system.id}
          rowTo={(system) => `/points/${system.id}`}
          sorted={{ id: 'name', down: false }}
          expected={3}
          empty={
            <EmptyState title="No points yet" picture={<Coins />} action={create}>
              Make a system such as “XP”, then say what awards its points: a metric, an achievement, a streak,
              the passing of time or a new user.
            </EmptyState>
          }
        />
      </Card>
      {creating && (
        <SystemSheet
          system={null}
          onClose={() => setCreating(false)}
          onCreated={(id) => navigate(`/points/${id}`)}
        />
      )}
    </>
  );
}
