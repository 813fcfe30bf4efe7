import { Send } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { call } from '@/api/client';
import { useAll } from '@/api/hooks';
import { EmptyState, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Filters, type FilterField } from '@/components/filters';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { counted } from '@/lib/format';
import { useCursor } from '@/lib/use-cursor';
import { DeliverySheet } from './delivery-sheet';
import { nextOf, STATUS, TYPES, type Delivery, type EventType } from './types';

const PAGE = 50;
const POLL = 3000;

/** Messages on their way and what came of them, the newest first; of one endpoint, or of all. */
export function Deliveries({ webhookId }: { webhookId?: string }) {
  const [query, setQuery] = useSearchParams();
  const webhooks = useAll('/webhooks').data ?? [];
  const wanted = {
    ...(webhookId !== undefined && { webhookId }),
    ...filterOf(query),
  };
  const { table } = useCursor(
    ['/webhooks/deliveries', wanted],
    async (cursor, signal) => {
      const skip = Number(cursor ?? 0);
      const items = await call('get', '/webhooks/deliveries', {
        params: { query: { ...wanted, limit: PAGE, skip } },
        signal,
      });
      return { items, cursor: items.length === PAGE ? String(skip + PAGE) : null };
    },
    { refetchInterval: POLL },
  );
  const open = (id: string | null) =>
    setQuery((before) => {
      if (id === null) before.delete('delivery');
      else before.set('delivery', id);
      return before;
    });
  const shown = query.get('delivery');
  return (
    <Card>
      <Filters fields={FIELDS} />
      <DataTable
        label="Deliveries"
        columns={columnsWith((id) =>
          webhookId === undefined
            ? (webhooks.find((each) => each.id === id)?.url ?? 'A deleted endpoint')
            : null,
        )}
        {...table}
        rowKey={(delivery) => delivery.id}
        onRow={(delivery) => open(delivery.id)}
        expected={8}
        empty={
          <EmptyState
            title={
              query.has('type') || query.has('status') || query.has('userId')
                ? 'No delivery is like that'
                : 'Nothing was sent yet'
            }
            picture={<Send />}
          >
            What happens from now on is sent to every active endpoint that wants it.
          </EmptyState>
        }
      />
      {shown !== null && <DeliverySheet key={shown} id={shown} onClose={() => open(null)} onOpen={open} />}
    </Card>
  );
}

const FIELDS: readonly FilterField[] = [
  {
    name: 'status',
    label: 'State',
    any: 'Any',
    options: Object.entries(STATUS).map(([value, { label }]) => ({ value, label })),
  },
  {
    name: 'type',
    label: 'Type',
    any: 'Any',
    options: [...TYPES, 'webhook.test'].map((type) => ({ value: type, label: type })),
  },
  { name: 'userId', label: 'User' },
];

function filterOf(query: URLSearchParams) {
  const [status, type, userId] = [query.get('status'), query.get('type'), query.get('userId')];
  return {
    ...(status !== null && { status: status as Delivery['status'] }),
    ...(type !== null && { type: type as EventType }),
    ...(userId !== null && { userId }),
  };
}

function columnsWith(urlOf: (id: string | null) => string | null): readonly Column<Delivery>[] {
  return [
    {
      id: 'type',
      header: 'Message',
      cell: (delivery) => (
        <>
          <span className="block font-mono text-[0.8125rem] break-all">{delivery.type}</span>
          <span className="block text-xs font-normal break-all text-soft empty:hidden">
            {[delivery.userId, urlOf(delivery.webhookId)].filter((each) => each !== null).join(' → ')}
          </span>
          <RelativeTime at={delivery.created} className="block text-xs font-normal text-soft md:hidden" />
        </>
      ),
    },
    {
      id: 'status',
      header: 'State',
      width: 'w-28',
      cell: (delivery) => <Pill tone={STATUS[delivery.status].tone}>{STATUS[delivery.status].label}</Pill>,
    },
    {
      id: 'attempts',
      header: 'Attempts',
      wide: true,
      width: 'w-52',
      cell: (delivery) => <Attempts delivery={delivery} />,
    },
    {
      id: 'created',
      header: 'When',
      right: true,
      wide: true,
      width: 'w-36',
      cell: (delivery) => <RelativeTime at={delivery.created} className="text-soft" />,
    },
  ];
}

function Attempts({ delivery }: { delivery: Delivery }) {
  const next = nextOf(delivery);
  return (
    <>
      {delivery.attempts === 0 ? 'Not tried yet' : counted(delivery.attempts, 'attempt')}
      {next !== null && (
        <span className="text-soft">
          , next <RelativeTime at={next} />
        </span>
      )}
    </>
  );
}
