import { Plus, Users } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { useGet } from '@/api/hooks';
import { useCan, useSession } from '@/api/session';
import { EmptyState, PageHeader, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { NotAllowed } from '@/layout/failures';
import { MemberSheet } from './member-sheet';
import { ROLES } from './roles';

type Member = Schemas['AdminMember'];

/** Who works here, and what they may do. */
export default function MembersPage() {
  return useCan('owner') ? <Members /> : <NotAllowed needs="owner" />;
}

function Members() {
  const members = useGet('/members');
  const { member: me } = useSession();
  const [edited, setEdited] = useState<Member | 'new' | null>(null);
  const columns: readonly Column<Member>[] = [
    {
      id: 'name',
      header: 'Name',
      sort: (member) => member.name,
      cell: (member) => (
        <>
          <span className="flex flex-wrap items-center gap-2">
            {member.name}
            {member.id === me.id && <Pill>You</Pill>}
            {member.invited && <Pill tone="warn">Invited</Pill>}
          </span>
          <span className="block text-[0.8125rem] font-normal break-all text-soft">{member.email}</span>
        </>
      ),
    },
    {
      id: 'role',
      header: 'Role',
      width: 'w-28',
      sort: (member) => member.role,
      cell: (member) => ROLES[member.role],
    },
    {
      id: 'seen',
      header: 'Last seen',
      wide: true,
      width: 'w-44',
      sort: (member) => member.lastSeen,
      cell: (member) =>
        member.lastSeen === null ? (
          <span className="text-soft">Never</span>
        ) : (
          <RelativeTime at={member.lastSeen} />
        ),
    },
  ];
  return (
    <>
      <PageHeader title="Members" hint="Who can log in here, in every environment, and what they may do.">
        <Button variant="primary" onClick={() => setEdited('new')}>
          <Plus /> Invite
        </Button>
      </PageHeader>
      <Card>
        <DataTable
          label="Members"
          columns={columns}
          rows={members.data?.data}
          error={members.error}
          retry={() => void members.refetch()}
          rowKey={(member) => member.id}
          onRow={setEdited}
          expected={3}
          empty={<EmptyState title="Nobody is here" picture={<Users />} />}
        />
      </Card>
      {edited !== null && (
        <MemberSheet
          key={edited === 'new' ? '' : edited.id}
          member={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
