import { LayoutGrid, Plus, Rows3, Trophy } from 'lucide-react';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useAll } from '@/api/hooks';
import { useShares, type Share } from '@/api/insights';
import { useCan } from '@/api/session';
import { AchievementBadge } from '@/components/achievement-badge';
import { EmptyState, Failure, PageHeader } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Segmented } from '@/components/ui/choice';
import { Input, Select } from '@/components/ui/input';
import { count, counted, percent } from '@/lib/format';
import { AchievementGrid, GridSkeleton } from './grid';
import { ruleOf, STATUSES, TRIGGERS, triggerName, type Achievement, type Terms } from './model';
import { StatusPill } from './status';
import { useTerms } from './terms';

const VIEWS = [
  { value: 'grid', label: <LayoutGrid aria-hidden />, name: 'As cards' },
  { value: 'table', label: <Rows3 aria-hidden />, name: 'As a table' },
] as const;

/** Everything that can be earned. */
export default function AchievementsPage() {
  const achievements = useAll('/achievements');
  const shares = useShares();
  const terms = useTerms();
  const canEdit = useCan('editor');
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  const wanted = {
    text: search.get('q') ?? '',
    status: search.get('status') ?? '',
    trigger: search.get('trigger') ?? '',
  };
  const found = useFound(achievements.data, wanted);
  const view = search.get('view') === 'table' ? 'table' : 'grid';
  const create = canEdit && (
    <Button variant="primary" asChild>
      <Link to="/achievements/new">
        <Plus /> New achievement
      </Link>
    </Button>
  );
  const nothing =
    achievements.data?.length === 0 ? (
      <EmptyState title="Nothing can be earned yet" picture={<Trophy />} action={create}>
        An achievement is a goal with a badge: a total, a streak, an anniversary, others together, or what
        your application decides.
      </EmptyState>
    ) : (
      <EmptyState
        title="Nothing fits"
        action={<Button onClick={() => setSearch({ view })}>Clear the filters</Button>}
      >
        No achievement has this name, status and trigger.
      </EmptyState>
    );
  return (
    <>
      <PageHeader
        title="Achievements"
        hint={achievements.data === undefined ? '\u00a0' : summary(achievements.data)}
      >
        {create}
      </PageHeader>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <Input
          type="search"
          aria-label="Find by name"
          placeholder="Find by name"
          className="w-56 max-sm:w-full"
          value={wanted.text}
          onChange={(event) => set('q', event.target.value)}
        />
        <Select
          aria-label="Status"
          className="w-auto"
          value={wanted.status}
          onChange={(event) => set('status', event.target.value)}
        >
          <option value="">Every status</option>
          {STATUSES.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Trigger"
          className="w-auto"
          value={wanted.trigger}
          onChange={(event) => set('trigger', event.target.value)}
        >
          <option value="">Every trigger</option>
          {TRIGGERS.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </Select>
        <Segmented
          label="View"
          className="ml-auto"
          value={view}
          options={VIEWS}
          onChange={(next) => set('view', next)}
        />
      </div>
      {achievements.error !== null && achievements.data === undefined ? (
        <Failure error={achievements.error} retry={() => void achievements.refetch()} />
      ) : view === 'table' ? (
        <Card>
          <DataTable
            label="Achievements"
            columns={columnsOf(terms, shares)}
            rows={found}
            rowKey={(each) => each.id}
            rowTo={(each) => `/achievements/${each.id}`}
            empty={nothing}
          />
        </Card>
      ) : found === undefined ? (
        <GridSkeleton />
      ) : found.length === 0 ? (
        <Card>{nothing}</Card>
      ) : (
        <AchievementGrid achievements={found} terms={terms} shares={shares} />
      )}
    </>
  );
}

function useFound(
  all: readonly Achievement[] | undefined,
  { text, status, trigger }: Record<string, string>,
) {
  return useMemo(() => {
    const wanted = (text ?? '').trim().toLowerCase();
    return all?.filter(
      (each) =>
        (status === '' || each.status === status) &&
        (trigger === '' || each.trigger === trigger) &&
        `${each.name} ${each.key ?? ''} ${each.description ?? ''}`.toLowerCase().includes(wanted),
    );
  }, [all, text, status, trigger]);
}

function summary(all: readonly Achievement[]): string {
  const active = all.filter((each) => each.status === 'active').length;
  return `${counted(all.length, 'achievement')}, ${count(active)} of them active.`;
}

function columnsOf(terms: Terms, shares: ReadonlyMap<string, Share> | undefined): Column<Achievement>[] {
  return [
    {
      id: 'name',
      header: 'Achievement',
      sort: (it) => it.name,
      cell: (it) => (
        <span className="flex items-center gap-3">
          <AchievementBadge url={it.badge?.url} name={it.name} className="size-9" />
          <span className="shrinkable">
            <span className="block">{it.name}</span>
            <span className="block text-xs font-normal text-soft">{ruleOf(it, terms)}</span>
          </span>
        </span>
      ),
    },
    {
      id: 'trigger',
      header: 'Trigger',
      wide: true,
      sort: (it) => it.trigger,
      cell: (it) => triggerName(it.trigger),
    },
    {
      id: 'status',
      header: 'Status',
      sort: (it) => it.status,
      cell: (it) => <StatusPill status={it.status} />,
    },
    {
      id: 'users',
      header: 'Users',
      right: true,
      sort: (it) => shares?.get(it.id)?.completions ?? null,
      cell: (it) => count(shares?.get(it.id)?.completions ?? 0),
    },
    {
      id: 'rarity',
      header: 'Rarity',
      right: true,
      wide: true,
      sort: (it) => shares?.get(it.id)?.rarity ?? null,
      cell: (it) => percent(shares?.get(it.id)?.rarity ?? 0),
    },
  ];
}
