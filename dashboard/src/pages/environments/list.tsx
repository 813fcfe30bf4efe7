import { Boxes, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { useGet } from '@/api/hooks';
import { useCan, useSession } from '@/api/session';
import { Code, EmptyState, PageHeader } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { pathIn } from '@/lib/place';
import { EnvironmentSheet } from './environment-sheet';

type Environment = Schemas['AdminEnvironment'];

/** Places that know nothing of each other: production, a trial, each developer's own. */
export default function EnvironmentsPage() {
  const environments = useGet('/environments');
  const isOwner = useCan('owner');
  const { environment: here } = useSession();
  const [edited, setEdited] = useState<Environment | 'new' | null>(null);
  const columns: readonly Column<Environment>[] = [
    {
      id: 'name',
      header: 'Name',
      cell: (each) => (
        <span className="flex flex-wrap items-center gap-2">
          {each.name}
          {each.id === here.id && <Pill tone="good">You are here</Pill>}
        </span>
      ),
    },
    { id: 'key', header: 'Key', cell: (each) => <Code>{each.key}</Code> },
    { id: 'tenants', header: 'Tenants', wide: true, cell: (each) => (each.multiTenancy ? 'Yes' : 'No') },
    {
      id: 'strict',
      header: 'Reused idempotency keys',
      wide: true,
      cell: (each) => (each.strictIdempotency ? 'Refused if the body differs' : 'Answered as before'),
    },
    {
      id: 'go',
      header: '',
      right: true,
      width: 'w-20',
      cell: (each) =>
        each.id !== here.id && (
          <Button size="sm" asChild>
            <a href={pathIn(each.key, null)}>Open</a>
          </Button>
        ),
    },
  ];
  return (
    <>
      <PageHeader
        title="Environments"
        hint="Each has its own users, rules and keys, and knows nothing of the others."
      >
        {isOwner && (
          <Button variant="primary" onClick={() => setEdited('new')}>
            <Plus /> New environment
          </Button>
        )}
      </PageHeader>
      <Card>
        <DataTable
          label="Environments"
          columns={columns}
          rows={environments.data}
          error={environments.error}
          retry={() => void environments.refetch()}
          rowKey={(each) => each.id}
          {...(isOwner && { onRow: setEdited })}
          expected={2}
          empty={<EmptyState title="There is no environment" picture={<Boxes />} />}
        />
      </Card>
      {edited !== null && (
        <EnvironmentSheet
          key={edited === 'new' ? '' : edited.id}
          environment={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
