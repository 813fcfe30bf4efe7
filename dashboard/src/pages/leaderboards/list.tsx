import { ListOrdered, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAll } from '@/api/hooks';
import { useCan } from '@/api/session';
import { EmptyState, PageHeader } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { count } from '@/lib/format';
import { BoardSheet } from './board-sheet';
import { runsText, STATUS, useRankedBy, type Board } from './text';

/** Who is first: by a metric, by points or by streak. */
export default function LeaderboardsPage() {
  const boards = useAll('/leaderboards');
  const canEdit = useCan('editor');
  const navigate = useNavigate();
  const rankedBy = useRankedBy();
  const [creating, setCreating] = useState(false);
  const columns = useMemo<readonly Column<Board>[]>(
    () => [
      {
        id: 'name',
        header: 'Name',
        sort: (board) => board.name,
        cell: (board) => (
          <span className="block">
            {board.name}
            <span className="line-clamp-1 text-[0.8125rem] font-normal text-soft">
              {board.description ?? ''}
            </span>
          </span>
        ),
      },
      { id: 'by', header: 'Ranked by', wide: true, cell: rankedBy, sort: rankedBy },
      { id: 'runs', header: 'Counts', wide: true, cell: runsText, sort: runsText },
      {
        id: 'most',
        header: 'Places',
        wide: true,
        right: true,
        width: 'w-24',
        sort: (board) => board.maxParticipants,
        cell: ({ maxParticipants: most }) =>
          most === null ? <span className="text-soft">All</span> : count(most),
      },
      {
        id: 'status',
        header: 'Status',
        width: 'w-28',
        sort: (board) => board.status,
        cell: ({ status }) => <Pill tone={STATUS[status].tone}>{STATUS[status].label}</Pill>,
      },
    ],
    [rankedBy],
  );
  const create = canEdit && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus /> New leaderboard
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Leaderboards"
        hint="Who is first, by a metric, by points or by streak: for ever, or anew every week, month or year."
      >
        {create}
      </PageHeader>
      <Card>
        <DataTable
          label="Leaderboards"
          columns={columns}
          rows={boards.data}
          error={boards.error}
          retry={() => void boards.refetch()}
          rowKey={(board) => board.id}
          rowTo={(board) => `/leaderboards/${board.id}`}
          sorted={{ id: 'name', down: false }}
          expected={4}
          empty={
            <EmptyState title="Nobody is ranked yet" picture={<ListOrdered />} action={create}>
              Rank users by what they did this week, by their points, or by the length of their streak. What
              was counted before is ranked too.
            </EmptyState>
          }
        />
      </Card>
      {creating && (
        <BoardSheet
          board={null}
          onClose={() => setCreating(false)}
          onCreated={(id) => navigate(`/leaderboards/${id}`)}
        />
      )}
    </>
  );
}
