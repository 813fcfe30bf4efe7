import { Building2, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { useAll } from '@/api/hooks';
import { useCan, useSession } from '@/api/session';
import { Code, EmptyState, PageHeader, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Note } from '@/components/ui/small';
import { pathIn } from '@/lib/place';
import { TenantSheet } from './tenant-sheet';

type Tenant = Schemas['AdminTenant'];

/** The customers of a customer: each with its own users. */
export default function TenantsPage() {
  const tenants = useAll('/tenants');
  const canEdit = useCan('editor');
  const { environment, multiTenancy } = useSession();
  const [edited, setEdited] = useState<Tenant | 'new' | null>(null);
  const columns: readonly Column<Tenant>[] = [
    { id: 'name', header: 'Name', cell: (tenant) => tenant.name, sort: (tenant) => tenant.name },
    {
      id: 'key',
      header: 'Your id',
      sort: (tenant) => tenant.customerId,
      cell: (tenant) => <Code>{tenant.customerId}</Code>,
    },
    {
      id: 'created',
      header: 'Made',
      wide: true,
      sort: (tenant) => tenant.created,
      cell: (tenant) => <RelativeTime at={tenant.created} />,
    },
    {
      id: 'go',
      header: '',
      right: true,
      width: 'w-24',
      cell: (tenant) =>
        multiTenancy && (
          <Button size="sm" asChild>
            <a href={pathIn(environment.key, tenant.customerId)}>Open</a>
          </Button>
        ),
    },
  ];
  const create = canEdit && (
    <Button variant="primary" onClick={() => setEdited('new')}>
      <Plus /> New tenant
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Tenants"
        hint="Where your own customers have users: each tenant’s users and rankings stay apart, under the same rules."
      >
        {create}
      </PageHeader>
      {!multiTenancy && (
        <Note className="mb-4">
          {environment.name} has no tenants: the header Tenant-ID is not looked at. An owner can make an
          environment that has them.
        </Note>
      )}
      <Card>
        <DataTable
          label="Tenants"
          columns={columns}
          rows={tenants.data}
          error={tenants.error}
          retry={() => void tenants.refetch()}
          rowKey={(tenant) => tenant.id}
          {...(canEdit && { onRow: setEdited })}
          sorted={{ id: 'name', down: false }}
          expected={4}
          empty={
            <EmptyState title="No tenants yet" picture={<Building2 />} action={create}>
              A tenant is known by your own id for it. Calls send it in the header Tenant-ID.
            </EmptyState>
          }
        />
      </Card>
      {edited !== null && (
        <TenantSheet
          key={edited === 'new' ? '' : edited.id}
          tenant={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
