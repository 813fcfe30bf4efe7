import { ChartColumn, Plus } from 'lucide-react';
import { useState } from 'react';
import { useSession, useCan } from '@/api/session';
import { useAll } from '@/api/hooks';
import type { Schemas } from '@/api/client';
import { Code, EmptyState, PageHeader } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { MetricSheet } from './metric-sheet';

type Metric = Schemas['AdminMetric'];

const COLUMNS: readonly Column<Metric>[] = [
  { id: 'name', header: 'Name', cell: (metric) => metric.name, sort: (metric) => metric.name },
  { id: 'key', header: 'Key', cell: (metric) => <Code>{metric.key}</Code>, sort: (metric) => metric.key },
  {
    id: 'unit',
    header: 'Unit',
    wide: true,
    cell: (metric) => metric.units || <span className="text-soft">None</span>,
    sort: (metric) => metric.units,
  },
];

/** What is counted: every event raises one metric of one user. */
export default function MetricsPage() {
  const metrics = useAll('/metrics');
  const canEdit = useCan('editor');
  const { environment } = useSession();
  const [edited, setEdited] = useState<Metric | 'new' | null>(null);
  const create = canEdit && (
    <Button variant="primary" onClick={() => setEdited('new')}>
      <Plus /> New metric
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Metrics"
        hint="What your application counts. Every event adds to one metric of one user."
      >
        {create}
      </PageHeader>
      <Card>
        <DataTable
          label="Metrics"
          columns={COLUMNS}
          rows={metrics.data}
          error={metrics.error}
          retry={() => void metrics.refetch()}
          rowKey={(metric) => metric.id}
          {...(canEdit && { onRow: setEdited })}
          sorted={{ id: 'name', down: false }}
          expected={5}
          empty={
            <EmptyState title="Nothing is counted yet" picture={<ChartColumn />} action={create}>
              A metric such as “lessons completed” is what achievements, streaks and points in{' '}
              {environment.name} are built on.
            </EmptyState>
          }
        />
      </Card>
      {edited !== null && (
        <MetricSheet
          key={edited === 'new' ? '' : edited.id}
          metric={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
