import { Plus, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useAll } from '@/api/hooks';
import { useCan } from '@/api/session';
import { EmptyState, PageHeader, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { Tabs } from '@/components/ui/tabs';
import { Deliveries } from './deliveries';
import { typesText, type Webhook } from './types';
import { WebhookSheet } from './webhook-sheet';

const COLUMNS: readonly Column<Webhook>[] = [
  {
    id: 'url',
    header: 'Endpoint',
    cell: (webhook) => (
      <>
        <span className="block break-all">{webhook.url}</span>
        <span className="block text-xs font-normal text-soft">{typesText(webhook.eventTypes)}</span>
      </>
    ),
    sort: (webhook) => webhook.url,
  },
  { id: 'state', header: 'State', width: 'w-28', cell: (webhook) => <State webhook={webhook} /> },
  {
    id: 'created',
    header: 'Added',
    right: true,
    wide: true,
    width: 'w-36',
    cell: (webhook) => <RelativeTime at={webhook.created} className="text-soft" />,
    sort: (webhook) => webhook.created,
  },
];

export function State({ webhook }: { webhook: Webhook }) {
  if (webhook.active) return <Pill tone="good">Active</Pill>;
  return webhook.disabledReason === null ? <Pill>Off</Pill> : <Pill tone="danger">Switched off</Pill>;
}

/** Who is told what happens, and what came of telling them. */
export default function WebhooksPage() {
  const [query, setQuery] = useSearchParams();
  return (
    <>
      <PageHeader title="Webhooks" hint="Your servers are told what happens, signed and in order of time.">
        <Create />
      </PageHeader>
      <Tabs
        label="Parts of the webhooks"
        value={query.get('tab') ?? 'endpoints'}
        onChange={(tab) => setQuery(tab === 'endpoints' ? {} : { tab }, { replace: true })}
        tabs={[
          { id: 'endpoints', label: 'Endpoints', content: <Endpoints /> },
          { id: 'deliveries', label: 'Deliveries', content: <Deliveries /> },
        ]}
      />
    </>
  );
}

function Create() {
  const [open, setOpen] = useState(false);
  if (!useCan('editor')) return null;
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus /> New endpoint
      </Button>
      {open && <WebhookSheet webhook={null} onClose={() => setOpen(false)} />}
    </>
  );
}

function Endpoints() {
  const webhooks = useAll('/webhooks');
  return (
    <Card>
      <DataTable
        label="Endpoints"
        columns={COLUMNS}
        rows={webhooks.data}
        error={webhooks.error}
        retry={() => void webhooks.refetch()}
        rowKey={(webhook) => webhook.id}
        rowTo={(webhook) => `/webhooks/${webhook.id}`}
        expected={3}
        empty={
          <EmptyState title="Nobody is told yet" picture={<WebhookIcon />} action={<Create />}>
            An endpoint is an address of your server that receives what happens: an achievement earned, a
            streak lost, an e-mail that is due.
          </EmptyState>
        }
      />
    </Card>
  );
}
