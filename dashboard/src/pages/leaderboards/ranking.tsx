import { ChevronLeft, ChevronRight, ListOrdered } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAll, useGet } from '@/api/hooks';
import { EmptyState } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { Pill } from '@/components/ui/small';
import { cn } from '@/lib/cn';
import { count, date } from '@/lib/format';
import type { Board } from './text';

type Place = Schemas['LeaderboardRanking'];

const PAGE = 50;
const MOST = 1000;
const POLL = 5000;
const FIRST = 3;

const COLUMNS: readonly Column<Place>[] = [
  {
    id: 'user',
    header: 'User',
    cell: (place) => (
      <span className="flex items-center gap-4">
        <span
          className={cn(
            'w-9 shrink-0 text-right figure text-lg',
            place.rank <= FIRST ? 'text-accent' : 'font-normal text-soft',
          )}
        >
          {place.rank}
        </span>
        <span className="shrinkable">
          <span className="block truncate">{place.userName ?? place.userId}</span>
          {place.userName !== null && (
            <span className="block truncate text-xs font-normal text-soft">{place.userId}</span>
          )}
        </span>
      </span>
    ),
  },
  {
    id: 'value',
    header: 'Score',
    right: true,
    width: 'w-32',
    cell: (place) => <span className="font-medium">{count(place.value)}</span>,
  },
];

/** A run's places, asked again every few seconds while it goes on. */
export function Ranking({ board }: { board: Board }) {
  const [query, setQuery] = useSearchParams();
  const [limit, setLimit] = useState(PAGE);
  const attributes = useAll('/attributes').data ?? [];
  const keys = board.breakdownAttributes.map((id) => attributes.find((each) => each.id === id)?.key ?? '');
  const run = query.get('run') ?? undefined;
  const group = keys.map((key) => query.get(`group.${key}`) ?? '');
  const chosen = keys.every((key, index) => key !== '' && group[index] !== '');
  const userAttributes = keys.map((key, index) => `${key}:${group[index] ?? ''}`).join(',');
  const ranks = useGet(
    '/leaderboards/{id}/ranks',
    {
      params: {
        path: { id: board.id },
        query: { run, limit, ...(keys.length > 0 && { userAttributes }) },
      },
    },
    {
      enabled: chosen,
      keepPrevious: true,
      refetchInterval: run === undefined && board.status === 'active' && POLL,
    },
  );
  const goTo = (day: string | null) =>
    setQuery((before) => {
      if (day === null) before.delete('run');
      else before.set('run', day);
      return before;
    });
  const shown = chosen ? ranks.data : undefined;
  return (
    <Card>
      <CardHead title="Ranking" hint={shown ? runText(shown.run) : '\u00a0'}>
        <div className="flex items-center gap-1.5">
          {shown && run === undefined && board.status === 'active' && <Pill tone="good">Live</Pill>}
          {board.runUnit !== undefined && (
            <>
              <Button
                size="icon-sm"
                aria-label="The run before"
                disabled={!shown?.previous}
                onClick={() => goTo(shown?.previous ?? null)}
              >
                <ChevronLeft />
              </Button>
              <Button
                size="icon-sm"
                aria-label="The run after"
                disabled={!shown?.following}
                onClick={() => goTo(shown?.following ?? null)}
              >
                <ChevronRight />
              </Button>
              <Button size="sm" disabled={run === undefined} onClick={() => goTo(null)}>
                Now
              </Button>
            </>
          )}
        </div>
      </CardHead>
      {keys.length > 0 && (
        <Group
          key={keys.join()}
          keys={keys}
          values={group}
          nameOf={(key) => attributes.find((each) => each.key === key && each.type === 'user')?.name ?? key}
          onChoose={(values) =>
            setQuery((before) => {
              keys.forEach((key, index) => before.set(`group.${key}`, values[index] ?? ''));
              return before;
            })
          }
        />
      )}
      {keys.length > 0 && !chosen ? (
        <EmptyState title="Which group?" picture={<ListOrdered />} className="pt-6">
          Users are ranked among those who have the same values. Say whose ranking to show.
        </EmptyState>
      ) : (
        <DataTable
          label="Ranking"
          columns={COLUMNS}
          rows={shown?.data}
          error={ranks.error}
          retry={() => void ranks.refetch()}
          rowKey={(place) => place.userId}
          rowTo={(place) => `/users/${encodeURIComponent(place.userId)}`}
          expected={10}
          more={
            shown?.data.length === limit && limit < MOST
              ? { load: () => setLimit(Math.min(MOST, limit * 2)), loading: ranks.isPlaceholderData }
              : undefined
          }
          empty={
            <EmptyState title="Nobody is on it" picture={<ListOrdered />} className="pt-6">
              {board.status === 'inactive'
                ? 'It is inactive: activate it, and everything since its first day is counted.'
                : 'In this run nothing has been counted yet.'}
            </EmptyState>
          }
        />
      )}
    </Card>
  );
}

interface GroupProps {
  keys: readonly string[];
  values: readonly string[];
  nameOf: (key: string) => string;
  onChoose: (values: string[]) => void;
}

/** Says which group is meant; suggests what users who came last have. */
function Group({ keys, values, nameOf, onChoose }: GroupProps) {
  const users = useGet('/users', { params: { query: { limit: 100 } } }).data;
  const [typed, setTyped] = useState<string[]>([...values]);
  const known = (key: string) =>
    [...new Set(users?.users.map((user) => user.attributes[key] ?? '').filter(Boolean))].sort();
  return (
    <form
      className="flex flex-wrap items-end gap-3 px-5 pb-4"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(typed);
      }}
    >
      {keys.map((key, index) => (
        <label key={key} className="flex flex-col gap-1 text-sm font-medium">
          {nameOf(key)}
          <Input
            className="w-56"
            list={`group-${key}`}
            autoComplete="off"
            value={typed[index] ?? ''}
            onChange={(event) => setTyped(typed.with(index, event.target.value))}
          />
          <datalist id={`group-${key}`}>
            {known(key).map((value) => (
              <option key={value} value={value} />
            ))}
          </datalist>
        </label>
      ))}
      <Button type="submit" disabled={typed.some((value) => value.trim() === '')}>
        Show
      </Button>
    </form>
  );
}

function runText({ start, end }: Schemas['LeaderboardRun']): string {
  return end === null ? `Since ${date(start)}` : `${date(start)} to ${date(end)}`;
}
