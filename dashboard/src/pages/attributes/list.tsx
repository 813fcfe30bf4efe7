import { Plus, Tags } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { useAll } from '@/api/hooks';
import { useCan } from '@/api/session';
import { Code, EmptyState, PageHeader } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { AttributeSheet } from './attribute-sheet';

type Attribute = Schemas['AdminAttribute'];

const COLUMNS: readonly Column<Attribute>[] = [
  { id: 'name', header: 'Name', cell: (each) => each.name, sort: (each) => each.name },
  { id: 'key', header: 'Key', cell: (each) => <Code>{each.key}</Code>, sort: (each) => each.key },
  {
    id: 'type',
    header: 'Of',
    width: 'w-28',
    sort: (each) => each.type,
    cell: (each) => <Pill>{each.type === 'user' ? 'Users' : 'Events'}</Pill>,
  },
];

/** What users and events are told apart by. */
export default function AttributesPage() {
  const attributes = useAll('/attributes');
  const canEdit = useCan('editor');
  const [edited, setEdited] = useState<Attribute | 'new' | null>(null);
  const create = canEdit && (
    <Button variant="primary" onClick={() => setEdited('new')}>
      <Plus /> New attribute
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Attributes"
        hint="What your application says of a user or an event: a plan, a language, a device. Rules can be for some values only."
      >
        {create}
      </PageHeader>
      <Card>
        <DataTable
          label="Attributes"
          columns={COLUMNS}
          rows={attributes.data}
          error={attributes.error}
          retry={() => void attributes.refetch()}
          rowKey={(each) => each.id}
          {...(canEdit && { onRow: setEdited })}
          sorted={{ id: 'name', down: false }}
          expected={4}
          empty={
            <EmptyState title="No attributes yet" picture={<Tags />} action={create}>
              Declare one before your application sends it. Then achievements, points and leaderboards can be
              for users of one plan, or for events on one device.
            </EmptyState>
          }
        />
      </Card>
      {edited !== null && (
        <AttributeSheet
          key={edited === 'new' ? '' : edited.id}
          attribute={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
