import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { call, type Schemas } from '@/api/client';
import { useAll, useGet } from '@/api/hooks';
import { EmptyState, PageHeader, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Filters, type FilterField } from '@/components/filters';
import { Card } from '@/components/ui/card';
import { Switch } from '@/components/ui/choice';
import { counted, date } from '@/lib/format';
import { useCursor } from '@/lib/use-cursor';
import { RequestSheet } from './request-sheet';
import { Status } from './status';

type Request = Schemas['LoggedRequest'];
type Kept = Schemas['KeptRequests'];

const POLL = 3000;
const COUNTED = 30_000;
const PAGE = 50;

const COLUMNS: readonly Column<Request>[] = [
  {
    id: 'request',
    header: 'Request',
    cell: (request) => (
      <span className="block font-normal">
        <span className="flex flex-wrap items-baseline gap-x-2 md:flex-nowrap">
          <span className="w-12 shrink-0 font-mono text-xs text-soft">{request.method}</span>
          <span className="shrinkable font-mono text-[0.8125rem] break-all">{request.path}</span>
        </span>
        {request.sentence !== null && (
          <span className="block text-[0.8125rem] text-danger md:pl-14">{request.sentence}</span>
        )}
        <RelativeTime at={request.at} className="block text-xs text-soft md:hidden" />
      </span>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    width: 'w-20',
    cell: (request) => <Status status={request.status} />,
  },
  {
    id: 'key',
    header: 'By',
    wide: true,
    width: 'w-36',
    cell: (request) => (
      <span
        className="block max-w-36 truncate font-mono text-xs text-soft"
        title={request.keyPrefix ?? undefined}
      >
        {request.keyPrefix ?? 'No key'}
      </span>
    ),
  },
  {
    id: 'ms',
    header: 'Time',
    wide: true,
    right: true,
    width: 'w-24',
    cell: (request) => <span className="text-soft">{milliseconds(request.ms)}</span>,
  },
  {
    id: 'at',
    header: 'When',
    right: true,
    wide: true,
    width: 'w-36',
    cell: (request) => <RelativeTime at={request.at} className="text-soft" />,
  },
];

const milliseconds = (ms: number): string =>
  `${ms.toLocaleString(undefined, { maximumSignificantDigits: 3 })}\u202fms`;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((each) => ({ value: each, label: each }));
const OUTCOMES = [
  { value: 'ok', label: 'Went well' },
  { value: 'error', label: 'Failed' },
  { value: '2xx', label: '2xx' },
  { value: '4xx', label: '4xx' },
  { value: '5xx', label: '5xx' },
  ...['202', '401', '403', '404', '409', '422', '429', '500', '503'].map((each) => ({
    value: each,
    label: each,
  })),
];

/** Every request with its outcome, renewed every few seconds. */
export default function LogPage() {
  const [query] = useSearchParams();
  const [live, setLive] = useState(true);
  const [open, setOpen] = useState<Request | null>(null);
  const kept = useGet('/requests', { params: { query: { limit: 1 } } }, { refetchInterval: COUNTED }).data
    ?.kept;
  const metrics = useAll('/metrics').data ?? [];
  const wanted = wantedOf(query);
  const { table } = useCursor(
    ['/requests', wanted],
    async (before, signal) => {
      const page = await call('get', '/requests', {
        params: { query: { ...wanted, limit: PAGE, ...(before !== undefined && { before }) } },
        signal,
      });
      return { items: page.data, cursor: page.cursor };
    },
    live && open === null ? { refetchInterval: POLL } : {},
  );
  const fields: FilterField[] = [
    { name: 'status', label: 'Status', options: OUTCOMES, any: 'Any' },
    { name: 'method', label: 'Method', options: METHODS, any: 'Any' },
    { name: 'user', label: 'User' },
    {
      name: 'metric',
      label: 'Metric',
      options: metrics.map(({ key, name }) => ({ value: key, label: name })),
      any: 'Any',
    },
    { name: 'key', label: 'Key or member', placeholder: 'adm_… or e-mail' },
  ];
  const filtered = Object.keys(wanted).length > 0;
  return (
    <>
      <PageHeader title="Log" hint={keptText(kept)}>
        <span className="flex items-center gap-2 text-sm">
          <Switch id="live" checked={live} onCheckedChange={setLive} />
          <label htmlFor="live">Live: new requests appear as they come</label>
        </span>
      </PageHeader>
      <Card>
        <Filters fields={fields} />
        <DataTable
          label="Requests"
          columns={COLUMNS}
          {...table}
          rowKey={(request) => request.id}
          onRow={setOpen}
          expected={12}
          empty={
            <EmptyState
              title={filtered ? 'No request is like that' : 'No request yet'}
              picture={<ScrollText />}
            >
              {filtered
                ? 'Take a filter away to see more.'
                : 'What your application asks appears here within a second, with what came of it.'}
            </EmptyState>
          }
        />
      </Card>
      {open && <RequestSheet request={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function wantedOf(query: URLSearchParams) {
  const status = query.get('status');
  const outcome: 'ok' | 'error' | null = status === 'ok' || status === 'error' ? status : null;
  const texts = ['user', 'metric', 'key', 'method'].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    ...(Object.fromEntries(texts) as { user?: string; metric?: string; key?: string; method?: string }),
    ...(outcome !== null ? { outcome } : status !== null && { status }),
  };
}

function keptText(kept: Kept | undefined): string {
  if (kept === undefined) return '\u00a0';
  if (kept.since === null) return 'What was asked of the server, and what came of it.';
  const left = kept.sampled ? `; ${counted(kept.leftOut, 'request')} that went well were left out` : '';
  return `${counted(kept.rows, 'request')} since ${date(kept.since)}${left}.`;
}
