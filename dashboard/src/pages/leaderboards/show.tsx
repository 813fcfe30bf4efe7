import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange, useGet } from '@/api/hooks';
import { FiltersText } from '@/components/attribute-filters';
import { Code, Loaded, PageHeader } from '@/components/blocks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { EditButtons } from '@/components/edit-buttons';
import { toast } from '@/components/toast';
import { Pill } from '@/components/ui/small';
import { PageSkeleton } from '@/layout/shell';
import { BoardSheet } from './board-sheet';
import { Ranking } from './ranking';
import { runsText, STATUS, useNamesReady, useRankedBy, type Board } from './text';

/** One leaderboard: who is first now, and who was in the runs before. */
export default function LeaderboardPage() {
  const { id = '' } = useParams();
  const ready = useNamesReady();
  const board = useGet('/leaderboards/{id}', { params: { path: { id } } });
  return (
    <Loaded query={board} skeleton={<PageSkeleton />}>
      {(found) => (ready ? <Shown board={found} /> : <PageSkeleton />)}
    </Loaded>
  );
}

function Shown({ board }: { board: Board }) {
  const rankedBy = useRankedBy();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const removed = useChange(
    async () => expectDone(await call('delete', '/leaderboards', { params: { query: { ids: [board.id] } } })),
    () => {
      toast('The leaderboard was deleted.');
      return navigate('/leaderboards');
    },
  );
  return (
    <>
      <PageHeader
        title={board.name}
        back={{ to: '/leaderboards', label: 'Leaderboards' }}
        hint={
          <>
            {board.description !== undefined && <span className="block">{board.description}</span>}
            <span className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
              <Pill tone={STATUS[board.status].tone}>{STATUS[board.status].label}</Pill>
              <Code>{board.key}</Code>
              <span>
                {rankedBy(board)} · {runsText(board)}
                {board.startTime !== undefined && ` · from ${board.startTime}`}
                {board.endTime !== undefined && ` · until ${board.endTime}`}
                {board.userAttributes.length > 0 && (
                  <>
                    {' · '}
                    <FiltersText filters={board.userAttributes} none="" />
                  </>
                )}
              </span>
            </span>
          </>
        }
      >
        <EditButtons onEdit={() => setOpen('edit')} onDelete={() => setOpen('delete')} />
      </PageHeader>
      <Ranking board={board} />
      {open === 'edit' && <BoardSheet board={board} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        open={open === 'delete'}
        onOpenChange={() => setOpen(null)}
        title={`Delete ${board.name}?`}
        action="Delete the leaderboard"
        typed={board.key}
        onConfirm={() => removed.mutateAsync(undefined)}
      >
        Its rankings, those of past runs too, can no longer be reached. This cannot be taken back.
      </ConfirmDialog>
    </>
  );
}
