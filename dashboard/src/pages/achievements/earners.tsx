import { call } from '@/api/client';
import type { Earner } from '@/api/insights';
import { EmptyState, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Card, CardHead } from '@/components/ui/card';
import { useCursor } from '@/lib/use-cursor';

const COLUMNS: readonly Column<Earner>[] = [
  {
    id: 'user',
    header: 'User',
    cell: (each) => (
      <>
        <span className="block">{each.userName ?? each.userId}</span>
        {each.userName !== null && <span className="block text-xs font-normal text-soft">{each.userId}</span>}
      </>
    ),
  },
  { id: 'at', header: 'Earned', right: true, cell: (each) => <RelativeTime at={each.achievedAt} /> },
];

const FRESH = 5000;

/** Who has it, the newest first; renews itself, for back-dating gives it to people in the background. */
export function Earners({ id }: { id: string }) {
  const { table } = useCursor(
    ['/achievements/{id}/users', id],
    async (cursor, signal) => {
      const query = { limit: 20, ...(cursor !== undefined && { cursor }) };
      const page = await call('get', '/achievements/{id}/users', { params: { path: { id }, query }, signal });
      return { items: page.data, cursor: page.cursor };
    },
    { refetchInterval: FRESH },
  );
  return (
    <Card>
      <CardHead title="Who has it" hint="The newest first" />
      <DataTable
        label="Who has it"
        columns={COLUMNS}
        {...table}
        rowKey={(each) => each.userId}
        rowTo={(each) => `/users/${encodeURIComponent(each.userId)}`}
        empty={<EmptyState title="Nobody yet" className="py-8" />}
      />
    </Card>
  );
}
