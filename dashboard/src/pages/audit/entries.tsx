import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, type Schemas } from '@/api/client';
import { Code, EmptyState, JsonView, RelativeTime } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Card } from '@/components/ui/card';
import { Sheet } from '@/components/ui/dialog';
import { instant } from '@/lib/format';
import { useCursor } from '@/lib/use-cursor';

type Entry = Schemas['AuditEntry'];

export interface AuditFilter {
  user?: string;
  target?: string;
  actor?: string;
  scope?: 'environment' | 'server';
}

const PAGE = 50;
/** Kinds of targets that have a page of their own. */
const PAGES: Record<string, string> = {
  achievement: '/achievements/',
  leaderboard: '/leaderboards/',
  pointssystem: '/points/',
  webhook: '/webhooks/',
};

interface Props {
  filter: AuditFilter;
  /** Above the table: what narrows it. */
  children?: React.ReactNode;
}

/** What people and keys did, the newest first; each entry opens to what was before and after. */
export function AuditEntries({ filter, children }: Props) {
  const [open, setOpen] = useState<Entry | null>(null);
  const { table } = useCursor(['/audit', filter], async (cursor, signal) => {
    const page = await call('get', '/audit', {
      params: { query: { ...filter, limit: PAGE, ...(cursor !== undefined && { cursor }) } },
      signal,
    });
    return { items: page.entries, cursor: page.cursor };
  });
  return (
    <Card>
      {children}
      <DataTable
        label="What was done"
        columns={COLUMNS}
        {...table}
        rowKey={(entry) => String(entry.number)}
        onRow={setOpen}
        expected={10}
        empty={
          <EmptyState title="Nothing is on record" picture={<ScrollText />}>
            What your team changes, grants or takes back is kept here, and cannot be altered.
          </EmptyState>
        }
      />
      {open && <EntrySheet entry={open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

const COLUMNS: readonly Column<Entry>[] = [
  {
    id: 'what',
    header: 'What',
    cell: (entry) => (
      <>
        <span className="block">
          {headingOf(entry)} {nameOf(entry)}
        </span>
        <span className="block text-xs font-normal break-all text-soft md:hidden">{entry.actor}</span>
      </>
    ),
  },
  { id: 'who', header: 'Who', wide: true, cell: (entry) => <Code>{entry.actor}</Code> },
  {
    id: 'at',
    header: 'When',
    right: true,
    width: 'w-36',
    cell: (entry) => <RelativeTime at={entry.at} className="text-soft" />,
  },
];

/** Kinds of targets that are not called what they are. */
const KINDS: Record<string, string> = {
  pointssystem: 'points system',
  pointstrigger: 'points trigger',
  pointslevel: 'points level',
  pointsboost: 'points boost',
  settings: 'the settings',
  user: 'of a user',
};

/** What was done, as a heading: "Create achievement", "Pause streak of a user". */
function headingOf(entry: Entry): string {
  const kind = entry.target.slice(0, Math.max(0, entry.target.indexOf(':')));
  const verb = entry.action.replace(/[-_]/g, ' ');
  const shown = kind === 'user' && !verb.includes(' ') ? 'a user' : (KINDS[kind] ?? kind);
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${shown}`;
}

function nameOf(entry: Entry): string | undefined {
  const { after, before } = entry.detail as Record<string, Record<string, unknown> | undefined>;
  const name = after?.name ?? before?.name ?? after?.key ?? before?.key;
  return typeof name === 'string' ? `“${name}”` : undefined;
}

function EntrySheet({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const colon = entry.target.indexOf(':');
  const page = PAGES[entry.target.slice(0, colon)];
  return (
    <Sheet open onOpenChange={onClose} title={headingOf(entry)} description={instant(entry.at)}>
      <div className="flex flex-col gap-4 text-sm">
        <dl className="grid grid-cols-[6rem_1fr] gap-x-4 gap-y-2 [&_dt]:text-soft">
          <dt>Who</dt>
          <dd>
            <Code>{entry.actor}</Code>
          </dd>
          <dt>Target</dt>
          <dd>
            <Code>{entry.target}</Code>
            {page !== undefined && (
              <Link
                to={page + entry.target.slice(colon + 1)}
                className="ml-2 text-accent underline underline-offset-4"
              >
                Open
              </Link>
            )}
          </dd>
          <dt>Number</dt>
          <dd>{entry.number}</dd>
          <dt>Hash</dt>
          <dd>
            <Code>{entry.hash}</Code>
            <p className="mt-1 text-soft">Chains it to the entry before: a change of the log would show.</p>
          </dd>
        </dl>
        <Detail detail={entry.detail} />
      </div>
    </Sheet>
  );
}

function Detail({ detail }: { detail: Entry['detail'] }) {
  const { before, after, ...rest } = detail as Record<string, unknown>;
  if (before === undefined && after === undefined) {
    return Object.keys(detail).length === 0 ? null : <JsonView value={detail} />;
  }
  return (
    <>
      {before !== undefined && <Part title="Before" value={before} />}
      {after !== undefined && <Part title="After" value={after} />}
      {Object.keys(rest).length > 0 && <Part title="More" value={rest} />}
    </>
  );
}

function Part({ title, value }: { title: string; value: unknown }) {
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">{title}</h3>
      <JsonView value={value} />
    </section>
  );
}
