import { Ban } from 'lucide-react';
import { useParams, useSearchParams } from 'react-router';
import { ApiError } from '@/api/errors';
import { useGet } from '@/api/hooks';
import { Code, EmptyState, Loaded, PageHeader, RelativeTime } from '@/components/blocks';
import { Pill, Skeleton } from '@/components/ui/small';
import { Tabs } from '@/components/ui/tabs';
import { date } from '@/lib/format';
import { AuditEntries } from '@/pages/audit/entries';
import { UserActions } from './actions';
import { UserAchievements } from './achievements';
import { UserEvents } from './events';
import { Overview } from './overview';
import type { Dossier } from './parts';

const FRESH = 10_000;

/** Everything about one user, and what can be done for them. */
export default function UserPage() {
  const { id = '' } = useParams();
  const dossier = useGet('/users/{id}', { params: { path: { id } } }, { refetchInterval: FRESH });
  if (dossier.error instanceof ApiError && dossier.error.status === 404 && dossier.data === undefined) {
    return <Unknown id={id} />;
  }
  return (
    <Loaded query={dossier} skeleton={<Holder />}>
      {(found) => <Shown dossier={found} />}
    </Loaded>
  );
}

function Unknown({ id }: { id: string }) {
  return (
    <>
      <PageHeader title="User" back={{ to: '/users', label: 'Users' }} />
      <EmptyState title="There is no such user" picture={<Ban />}>
        Nothing was ever told of <Code>{id}</Code> here, or they were deleted, merged or made anonymous.
      </EmptyState>
    </>
  );
}

function Holder() {
  return (
    <div aria-hidden>
      <Skeleton className="mb-2 h-5 w-16" />
      <Skeleton className="mb-2 h-9 w-56" />
      <Skeleton className="mb-6 h-6 w-80 max-w-full" />
      <Skeleton className="mb-5 h-10 w-full" />
      <Skeleton className="mb-5 h-24 w-full rounded-xl" />
      <Skeleton className="h-64 w-full rounded-xl" />
    </div>
  );
}

function Shown({ dossier }: { dossier: Dossier }) {
  const { user } = dossier;
  const [query, setQuery] = useSearchParams();
  const earned = dossier.achievements.filter((each) => each.achievedAt !== null).length;
  return (
    <>
      <PageHeader
        title={user.name ?? user.id}
        back={{ to: '/users', label: 'Users' }}
        hint={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
            {user.name !== null && <Code>{user.id}</Code>}
            {user.control && <Pill tone="warn">Control group: sees no gamification</Pill>}
            {user.signUpDate !== null && <span>signed up {date(user.signUpDate)} ·</span>}
            <span>
              first seen <RelativeTime at={user.created} />
            </span>
          </span>
        }
      >
        <UserActions dossier={dossier} />
      </PageHeader>
      <Tabs
        label="Parts of the user's page"
        value={query.get('tab') ?? 'overview'}
        onChange={(tab) => setQuery(tab === 'overview' ? {} : { tab }, { replace: true })}
        tabs={[
          { id: 'overview', label: 'Overview', content: <Overview dossier={dossier} /> },
          {
            id: 'achievements',
            label: `Achievements (${earned} of ${dossier.achievements.length})`,
            content: <UserAchievements dossier={dossier} />,
          },
          { id: 'events', label: 'Events', content: <UserEvents id={user.id} /> },
          {
            id: 'history',
            label: 'What your team did',
            content: <AuditEntries filter={{ user: user.id }} />,
          },
        ]}
      />
    </>
  );
}
