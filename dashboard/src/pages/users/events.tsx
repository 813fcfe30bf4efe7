import { Activity } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { call } from '@/api/client';
import { useAll } from '@/api/hooks';
import { Code, EmptyState, JsonView, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Filters, type FilterField } from '@/components/filters';
import { Card } from '@/components/ui/card';
import { Sheet } from '@/components/ui/dialog';
import { Pill } from '@/components/ui/small';
import { amount, counted, instant } from '@/lib/format';
import { useCursor } from '@/lib/use-cursor';
import type { Event } from './parts';

const PAGE = 50;
const NAMES = ['metric', 'from', 'to', 'key'] as const;

/** The user's events, the newest first, each with what it caused. */
export function UserEvents({ id }: { id: string }) {
  const [query] = useSearchParams();
  const [open, setOpen] = useState<Event | null>(null);
  const metrics = useAll('/metrics').data ?? [];
  const wanted = Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[name, name === 'from' || name === 'to' ? midnight(value) : value]];
    }),
  );
  const { table } = useCursor(['/users/{id}/events', id, wanted], async (cursor, signal) => {
    const page = await call('get', '/users/{id}/events', {
      params: {
        path: { id },
        query: { ...wanted, limit: PAGE, ...(cursor !== undefined && { cursor }) },
      },
      signal,
    });
    return { items: page.events, cursor: page.cursor };
  });
  const nameOf = (key: string) => metrics.find((metric) => metric.key === key)?.name ?? key;
  const fields: FilterField[] = [
    {
      name: 'metric',
      label: 'Metric',
      options: metrics.map(({ key, name }) => ({ value: key, label: name })),
      any: 'All metrics',
    },
    { name: 'from', label: 'From', type: 'date' },
    { name: 'to', label: 'Before', type: 'date' },
    { name: 'key', label: 'Idempotency key' },
  ];
  const filtered = Object.keys(wanted).length > 0;
  return (
    <Card>
      <Filters fields={fields} />
      <DataTable
        label="Events of the user"
        columns={columnsWith(nameOf)}
        {...table}
        rowKey={(event) => event.id}
        onRow={setOpen}
        expected={10}
        empty={
          <EmptyState
            title={filtered ? 'No event is like that' : 'There is no event yet'}
            picture={<Activity />}
          >
            {filtered
              ? 'Take a filter away to see more.'
              : 'Events come from your application; a test event can be sent from here.'}
          </EmptyState>
        }
      />
      {open && (
        <Sheet
          open
          onOpenChange={() => setOpen(null)}
          title={`${signed(open.value)} ${nameOf(open.metric)}`}
          description={instant(open.timestamp)}
        >
          <div className="flex flex-col gap-4 text-sm">
            <Caused event={open} none="It caused nothing by itself." />
            <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2 [&_dt]:text-soft">
              <dt>Happened</dt>
              <dd>{instant(open.timestamp)}</dd>
              <dt>Recorded</dt>
              <dd>{instant(open.recorded)}</dd>
              <dt>Idempotency key</dt>
              <dd>{open.idempotencyKey === null ? 'None' : <Code>{open.idempotencyKey}</Code>}</dd>
            </dl>
            <JsonView value={open} />
          </div>
        </Sheet>
      )}
    </Card>
  );
}

/** A day as the instant that it begins with, where the reader is. */
function midnight(day: string): string {
  const at = new Date(`${day}T00:00`);
  return Number.isNaN(at.getTime()) ? day : at.toISOString();
}

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${amount(value)}`;

function columnsWith(nameOf: (key: string) => string): readonly Column<Event>[] {
  return [
    {
      id: 'what',
      header: 'Event',
      cell: (event) => (
        <>
          <span className="block">
            <span className="tabular-nums">{signed(event.value)}</span> {nameOf(event.metric)}
          </span>
          <span className="block text-xs font-normal break-words text-soft">
            {Object.entries(event.attributes)
              .map(([key, value]) => `${key}: ${value}`)
              .join(', ')}
          </span>
          <span className="mt-1 block font-normal empty:hidden md:hidden">
            <Caused event={event} />
          </span>
        </>
      ),
    },
    { id: 'caused', header: 'What it caused', wide: true, cell: (event) => <Caused event={event} /> },
    {
      id: 'at',
      header: 'When',
      right: true,
      width: 'w-36',
      cell: (event) => <RelativeTime at={event.timestamp} className="text-soft" />,
    },
  ];
}

/** One event can bring hundreds of awards: they are summed by system. */
function sumsOf(event: Event) {
  const sums = new Map<string, { sum: number; awards: number }>();
  for (const { system, awarded } of event.points) {
    const { sum, awards } = sums.get(system) ?? { sum: 0, awards: 0 };
    sums.set(system, { sum: sum + awarded, awards: awards + 1 });
  }
  return [...sums];
}

function Caused({ event, none }: { event: Event; none?: string }) {
  if (event.achievements.length === 0 && event.points.length === 0) {
    return none === undefined ? null : <p className="text-soft">{none}</p>;
  }
  return (
    <span className="flex flex-wrap gap-1">
      {event.achievements.map((each) => (
        <Pill key={each.completionId} tone="good">
          {each.name}
        </Pill>
      ))}
      {sumsOf(event).map(([system, { sum, awards }]) => (
        <Pill key={system}>
          {signed(sum)} {system}
          {awards > 1 && ` (${counted(awards, 'award')})`}
        </Pill>
      ))}
    </span>
  );
}
