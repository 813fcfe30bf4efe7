import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, type Schemas } from '@/api/client';
import { useChange } from '@/api/hooks';
import { useCan, useSession } from '@/api/session';
import { Code, EmptyState, PageHeader, RelativeTime } from '@/components/blocks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { DataTable, type Column } from '@/components/data-table';
import { toast } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { NotAllowed } from '@/layout/failures';
import { useCursor } from '@/lib/use-cursor';
import { KeySheet } from './key-sheet';

type Key = Schemas['AdminApiKey'];

const PAGE = 50;

const nameOf = (key: Key) => (key.name === '' ? `${key.prefix}…` : key.name);

const COLUMNS: readonly Column<Key>[] = [
  {
    id: 'name',
    header: 'Key',
    cell: (key) => (
      <>
        <span className="block">{key.name || <span className="text-soft">Without a name</span>}</span>
        <Code>{key.prefix}…</Code>
      </>
    ),
  },
  {
    id: 'kind',
    header: 'For',
    cell: (key) =>
      key.kind === 'admin' ? (
        <Pill tone="warn">Admin</Pill>
      ) : (
        <Link
          className="text-accent underline-offset-4 hover:underline"
          to={`/users/${encodeURIComponent(key.userId ?? '')}`}
        >
          {key.userId}
        </Link>
      ),
  },
  { id: 'created', header: 'Made', wide: true, cell: (key) => <RelativeTime at={key.created} /> },
];

/** What programs show to be let in. */
export default function KeysPage() {
  return useCan('owner') ? <Keys /> : <NotAllowed needs="owner" />;
}

function Keys() {
  const { environment } = useSession();
  const keys = useCursor<Key>(['/api-keys'], async (cursor, signal) => {
    const page = await call('get', '/api-keys', { params: { query: { limit: PAGE, cursor } }, signal });
    return { items: page.data, cursor: page.cursor };
  });
  const [creating, setCreating] = useState(false);
  const [revoked, setRevoked] = useState<Key | null>(null);
  const remove = useChange(
    (id: string) => call('delete', '/api-keys/{id}', { params: { path: { id } } }),
    () => toast('The key was revoked.'),
  );
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus /> New key
    </Button>
  );
  const columns: readonly Column<Key>[] = [
    ...COLUMNS,
    {
      id: 'revoke',
      header: '',
      right: true,
      width: 'w-24',
      cell: (key) => (
        <Button size="sm" variant="ghost" className="text-danger" onClick={() => setRevoked(key)}>
          Revoke
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageHeader
        title="Keys"
        hint={`What programs send in X-API-KEY. Each key reaches ${environment.name} only.`}
      >
        {create}
      </PageHeader>
      <Card>
        <DataTable
          label="Keys"
          columns={columns}
          {...keys.table}
          rowKey={(key) => key.id}
          expected={4}
          empty={
            <EmptyState title="No keys yet" picture={<KeyRound />} action={create}>
              Your server sends events with an admin key; a user’s device with an application key of its own.
            </EmptyState>
          }
        />
      </Card>
      {creating && <KeySheet onClose={() => setCreating(false)} />}
      <ConfirmDialog
        open={revoked !== null}
        onOpenChange={() => setRevoked(null)}
        title="Revoke the key?"
        action="Revoke the key"
        onConfirm={() => (revoked === null ? Promise.resolve() : remove.mutateAsync(revoked.id))}
      >
        Programs that use{' '}
        <strong className="font-semibold text-ink">{revoked !== null && nameOf(revoked)}</strong> are refused
        at once. This cannot be taken back.
      </ConfirmDialog>
    </>
  );
}
