import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { call, type Schemas } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange, useGet } from '@/api/hooks';
import { AchievementBadge } from '@/components/achievement-badge';
import { Code, Loaded, PageHeader } from '@/components/blocks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { EditButtons } from '@/components/edit-buttons';
import { toast } from '@/components/toast';
import { Tabs } from '@/components/ui/tabs';
import { PageSkeleton } from '@/layout/shell';
import { count } from '@/lib/format';
import { Boosts } from './boosts';
import { Levels } from './levels';
import { Preview } from './preview';
import { SystemSheet } from './system-sheet';
import { Triggers } from './triggers';

type System = Schemas['AdminPointsSystem'];

/** One points system: what awards its points, what multiplies them, its levels, and a try. */
export default function PointsSystemPage() {
  const { id = '' } = useParams();
  const system = useGet('/points/{id}', { params: { path: { id } } });
  return (
    <Loaded query={system} skeleton={<PageSkeleton />}>
      {(found) => <Shown system={found} />}
    </Loaded>
  );
}

function Shown({ system }: { system: System }) {
  const [query, setQuery] = useSearchParams();
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const navigate = useNavigate();
  const removed = useChange(
    async () => expectDone(await call('delete', '/points', { params: { query: { ids: [system.id] } } })),
    () => {
      toast('The points system was deleted.');
      return navigate('/points');
    },
  );
  return (
    <>
      <PageHeader
        title={system.name}
        back={{ to: '/points', label: 'Points' }}
        picture={
          system.badge && <AchievementBadge url={system.badge.url} name={system.name} className="size-14" />
        }
        hint={
          <>
            {system.description !== '' && <span className="block">{system.description}</span>}
            <span className="text-sm">
              <Code>{system.key}</Code>
              {system.maxPoints !== null && ` · at most ${count(system.maxPoints)} per user`}
            </span>
          </>
        }
      >
        <EditButtons onEdit={() => setOpen('edit')} onDelete={() => setOpen('delete')} />
      </PageHeader>
      <Tabs
        label={system.name}
        value={query.get('tab') ?? 'triggers'}
        onChange={(tab) => setQuery({ tab }, { replace: true })}
        tabs={[
          { id: 'triggers', label: 'Triggers', content: <Triggers systemId={system.id} /> },
          { id: 'boosts', label: 'Boosts', content: <Boosts systemId={system.id} /> },
          { id: 'levels', label: 'Levels', content: <Levels systemId={system.id} /> },
          { id: 'preview', label: 'Try it', content: <Preview systemId={system.id} /> },
        ]}
      />
      {open === 'edit' && <SystemSheet system={system} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        open={open === 'delete'}
        onOpenChange={() => setOpen(null)}
        title={`Delete ${system.name}?`}
        action="Delete the system"
        typed={system.key}
        onConfirm={() => removed.mutateAsync(undefined)}
      >
        Its triggers, boosts and levels go with it, and nobody sees its points any more. This cannot be taken
        back.
      </ConfirmDialog>
    </>
  );
}
