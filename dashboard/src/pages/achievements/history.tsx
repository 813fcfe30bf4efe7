import { call, type Schemas } from '@/api/client';
import { EmptyState, Failure, RelativeTime } from '@/components/blocks';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/small';
import { useCursor } from '@/lib/use-cursor';

type Entry = Schemas['AuditEntry'];

const VERBS: Record<string, string> = { create: 'created it', update: 'changed it', delete: 'archived it' };
const SILENT = new Set(['updated', 'created', 'id', 'measure', 'archived']);

/** Who changed it, when, and what. */
export function History({ id }: { id: string }) {
  const { query, table } = useCursor(['/audit', id], async (cursor, signal) => {
    const page = await call('get', '/audit', {
      params: { query: { target: `achievement:${id}`, limit: 10, ...(cursor !== undefined && { cursor }) } },
      signal,
    });
    return { items: page.entries, cursor: page.cursor };
  });
  return (
    <Card>
      <CardHead title="Edit history" />
      {query.error !== null && query.data === undefined && (
        <Failure error={query.error} retry={table.retry} />
      )}
      {query.isPending && <Skeleton className="mx-5 mb-5 h-16" />}
      {query.data?.length === 0 && <EmptyState title="No edit is on record" className="py-8" />}
      <ol className="px-5 pb-4 text-sm">
        {query.data?.map((entry) => (
          <li key={entry.number} className="border-l-2 py-1.5 pl-3.5">
            <span className="flex flex-wrap justify-between gap-x-4">
              <span>
                <strong className="font-semibold">{entry.actor}</strong> {VERBS[entry.action] ?? entry.action}
              </span>
              <RelativeTime at={entry.at} className="text-soft" />
            </span>
            {changesOf(entry).map((change) => (
              <span key={change.field} className="block break-words text-soft">
                {change.field}: <del className="no-underline">{change.before}</del> → {change.after}
              </span>
            ))}
          </li>
        ))}
      </ol>
      {table.more && (
        <div className="flex justify-center border-t p-3">
          <Button size="sm" onClick={table.more.load} busy={table.more.loading}>
            Show more
          </Button>
        </div>
      )}
    </Card>
  );
}

interface Change {
  field: string;
  before: string;
  after: string;
}

function changesOf(entry: Entry): Change[] {
  const { before, after } = entry.detail as {
    before?: Record<string, unknown>;
    after?: Record<string, unknown>;
  };
  if (before === undefined || after === undefined) return [];
  return Object.keys(after)
    .filter((field) => !SILENT.has(field) && JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({
      field: field.replaceAll('_', ' '),
      before: shown(before[field]),
      after: shown(after[field]),
    }));
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
