/** The evidence of "why (not)?": events that counted, those that did not and why, and repeats. */
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { call, type Answer } from '@/api/client';
import { Failure, RelativeTime } from '@/components/blocks';
import { Button } from '@/components/ui/button';
import { Pill } from '@/components/ui/small';
import { amount, count, counted, date } from '@/lib/format';
import { useCursor } from '@/lib/use-cursor';
import type { Event } from './parts';

export type Explained = Answer<'get', '/users/{id}/achievements/{achievementId}/explain'>;

interface Props {
  it: Explained;
  path: { id: string; achievementId: string };
}

/** An event, and why it did not count, if so. */
interface Told {
  event: Event;
  reason?: string;
}

const PAGE = 10;

export function Evidence({ it, path }: Props) {
  return (
    <>
      <Events
        title="Events that counted"
        none="No event of this metric counted."
        it={it}
        of={countedOf}
        path={path}
        early={(event) => event.timestamp < it.created}
      >
        {it.early > 0 && (
          <p className="mb-1 text-soft">
            An event counts whatever its time: {count(it.early)} of them {it.early === 1 ? 'is' : 'are'} from
            before the achievement was made on {date(it.created)}.
          </p>
        )}
      </Events>
      <Events
        title="Events that did not count"
        none="Every event of this metric counted."
        it={it}
        of={leftOutOf}
        path={path}
      />
      <Repeats it={it} userId={path.id} />
    </>
  );
}

/** A page of events of one kind, and how many there are in all. */
interface Page {
  items: Told[];
  number: number;
  cursor: string | null;
}

const countedOf = ({ counted: { data, ...page } }: Explained): Page => ({
  ...page,
  items: data.map((event) => ({ event })),
});
const leftOutOf = ({ leftOut: { data, ...page } }: Explained): Page => ({ ...page, items: data });

interface EventsProps extends Props {
  title: string;
  none: string;
  /** Takes this kind of events from an answer. */
  of: (answer: Explained) => Page;
  early?: (event: Event) => boolean;
  children?: ReactNode;
}

function Events({ title, none, it, of, path, early, children }: EventsProps) {
  const first = of(it);
  const [shown, setShown] = useState(PAGE);
  const [older, setOlder] = useState(false);
  const rest = useCursor(
    ['/users/{id}/achievements/{achievementId}/explain', path, title, first.cursor],
    async (cursor, signal) => {
      const query = { cursor: cursor ?? first.cursor ?? '' };
      return of(
        await call('get', '/users/{id}/achievements/{achievementId}/explain', {
          params: { path, query },
          signal,
        }),
      );
    },
    { enabled: older && first.cursor !== null },
  );
  const all = [...first.items, ...(rest.table.rows ?? [])];
  const more = () => {
    setShown(shown + PAGE);
    if (shown + PAGE <= all.length) return;
    if (!older) setOlder(true);
    else rest.table.more?.load();
  };
  const left = first.number - Math.min(shown, all.length);
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">
        {title}
        {first.number > 0 && <span className="font-normal text-soft"> ({count(first.number)})</span>}
      </h3>
      {first.number === 0 && <p className="text-soft">{none}</p>}
      {children}
      <ol className="flex flex-col">
        {all.slice(0, shown).map(({ event, reason }) => (
          <li key={event.id} className="border-t py-1.5 first:border-t-0">
            <EventLine event={event}>{early?.(event) === true && <Pill>Before it was made</Pill>}</EventLine>
            {reason !== undefined && <span className="block text-danger">{reason}</span>}
          </li>
        ))}
      </ol>
      {rest.query.error !== null && older && <Failure error={rest.query.error} retry={rest.table.retry} />}
      {left > 0 && (
        <Button
          size="sm"
          className="mt-2"
          busy={older && rest.query.isFetching && shown > all.length}
          onClick={more}
        >
          Show {counted(Math.min(PAGE, left), 'more', 'more')} of {count(left)}
        </Button>
      )}
    </section>
  );
}

function EventLine({ event, children }: { event: Event; children?: ReactNode }) {
  return (
    <span className="flex items-baseline justify-between gap-3">
      <span className="shrinkable">
        <span className="font-medium tabular-nums">
          {event.value >= 0 && '+'}
          {amount(event.value)}
        </span>{' '}
        <span className="break-words text-soft">
          {Object.entries(event.attributes)
            .map(([key, value]) => `${key}: ${value}`)
            .join(', ')}
        </span>{' '}
        {children}
      </span>
      <RelativeTime at={event.timestamp} className="text-soft" />
    </span>
  );
}

function Repeats({ it, userId }: { it: Explained; userId: string }) {
  const { data, more, note, since } = it.repeats;
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">Repeats, which are no new events</h3>
      <ol className="flex flex-col">
        {data.map((repeat, index) => (
          <li key={index} className="border-t py-1.5 first:border-t-0">
            <span className="flex items-baseline justify-between gap-3">
              <span className="shrinkable break-words">
                {repeat.idempotencyKey === null ? (
                  'Its idempotency key was used before.'
                ) : (
                  <>
                    The key{' '}
                    <span className="font-mono text-[0.8125rem] break-all">{repeat.idempotencyKey}</span> was
                    used before
                    {repeat.first !== null && `, by the event of ${amount(repeat.first.value)}`}.
                  </>
                )}
              </span>
              <RelativeTime at={repeat.at} className="text-soft" />
            </span>
          </li>
        ))}
      </ol>
      <p className="text-soft">
        {data.length === 0 && since !== null && `None since ${date(since)}. `}
        {note}{' '}
        {(more || data.length > 0) && (
          <Link
            to={`/log?user=${encodeURIComponent(userId)}&status=202`}
            className="text-accent underline underline-offset-4"
          >
            {more ? 'All of them' : 'In the log'}
          </Link>
        )}
      </p>
    </section>
  );
}
