import { Search, UsersRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { call, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { EmptyState, PageHeader, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { date } from '@/lib/format';
import { useCursor } from '@/lib/use-cursor';
import { TestEventSheet } from './test-event-sheet';

type User = Schemas['User'];

const TYPING = 250;

const COLUMNS: readonly Column<User>[] = [
  {
    id: 'user',
    header: 'User',
    cell: (user) => (
      <>
        <span className="block truncate">{user.name ?? user.id}</span>
        {user.name !== null && (
          <span className="block truncate text-xs font-normal text-soft">{user.id}</span>
        )}
      </>
    ),
  },
  { id: 'email', header: 'E-mail', wide: true, cell: (user) => user.email ?? <None /> },
  { id: 'tz', header: 'Time zone', wide: true, cell: (user) => user.tz ?? <None /> },
  {
    id: 'signed',
    header: 'Signed up',
    wide: true,
    cell: (user) => (user.signUpDate === null ? <None /> : date(user.signUpDate)),
  },
  {
    id: 'created',
    header: 'First seen',
    right: true,
    cell: (user) => <RelativeTime at={user.created} className="text-soft" />,
  },
];

function None() {
  return <span className="text-soft">–</span>;
}

/** Everybody who did something, or was identified: found by a part of their id, name or e-mail. */
export default function UsersPage() {
  const [query, setQuery] = useSearchParams();
  const search = query.get('search') ?? '';
  const [typed, setTyped] = useState(search);
  const [sending, setSending] = useState(false);
  const canEdit = useCan('editor');
  const navigate = useNavigate();
  useEffect(() => {
    if (typed.trim() === search) return;
    const timer = setTimeout(
      () => setQuery(typed.trim() === '' ? {} : { search: typed.trim() }, { replace: true }),
      TYPING,
    );
    return () => clearTimeout(timer);
  }, [typed, search, setQuery]);
  const { table } = useCursor(['/users', search], async (cursor, signal) => {
    const page = await call('get', '/users', {
      params: {
        query: { limit: 50, ...(search !== '' && { search }), ...(cursor !== undefined && { cursor }) },
      },
      signal,
    });
    return { items: page.users, cursor: page.cursor };
  });
  return (
    <>
      <PageHeader title="Users" hint="Everybody your application has told Plaudit about.">
        {canEdit && <Button onClick={() => setSending(true)}>Send a test event</Button>}
      </PageHeader>
      <Card>
        <div className="relative border-b p-3">
          <Search aria-hidden className="absolute top-1/2 left-6 size-4 -translate-y-1/2 text-soft" />
          <Input
            type="search"
            aria-label="Search users by id, name or e-mail"
            placeholder="Id, name or e-mail"
            className="max-w-md pl-9"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <DataTable
          label="Users"
          columns={COLUMNS}
          {...table}
          rowKey={(user) => user.id}
          rowTo={(user) => `/users/${encodeURIComponent(user.id)}`}
          expected={12}
          empty={
            search === '' ? (
              <EmptyState title="Nobody is here yet" picture={<UsersRound />}>
                A user appears with the first event that your application sends, or when it identifies them.
              </EmptyState>
            ) : (
              <EmptyState title="No id begins with that" picture={<Search />}>
                Ids are found as they were sent, capital letters included.
              </EmptyState>
            )
          }
        />
      </Card>
      {sending && (
        <TestEventSheet
          onClose={() => setSending(false)}
          onSent={(id) => void navigate(`/users/${encodeURIComponent(id)}`)}
        />
      )}
    </>
  );
}
