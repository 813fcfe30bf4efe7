import { useSearchParams } from 'react-router';
import { useOverview, type Days, type Overview } from '@/api/insights';
import { Failure, Figure, Loaded, PageHeader } from '@/components/blocks';
import { ChartSkeleton, TimeChart } from '@/components/charts';
import { Card, CardHead } from '@/components/ui/card';
import { Segmented } from '@/components/ui/choice';
import { Skeleton } from '@/components/ui/small';
import { count } from '@/lib/format';
import { Feed } from './feed';
import { FirstSteps } from './first-steps';
import { Highlights } from './highlights';

interface Range {
  value: Days;
  label: string;
  long: string;
}

const MONTH: Range = { value: '30', label: '30 days', long: 'the last 30 days' };
const ALL: Range = { value: 'all', label: 'All', long: 'since the beginning' };
const RANGES: readonly Range[] = [
  MONTH,
  { value: '90', label: '90 days', long: 'the last 90 days' },
  { value: '365', label: 'Year', long: 'the last year' },
  ALL,
];

const CHARTS = [
  { title: 'Events', of: 'events' },
  { title: 'Active users', of: 'activeUsers' },
  { title: 'Completions', of: 'completions' },
] as const;

/** How it goes: what is counted, who is there, what is earned, live. */
export default function HomePage() {
  const [search, setSearch] = useSearchParams();
  const chosen = RANGES.find((each) => each.value === search.get('range'));
  const range = useUsual(chosen === undefined, chosen ?? MONTH);
  const overview = useOverview(range.value);
  return (
    <>
      <PageHeader title="Home">
        <Segmented
          label="Range"
          value={range.value}
          options={RANGES}
          onChange={(next) => setSearch({ range: next }, { replace: true, preventScrollReset: true })}
        />
      </PageHeader>
      {overview.error !== null && overview.data === undefined ? (
        <Failure error={overview.error} retry={() => void overview.refetch()} />
      ) : (
        <Figures query={overview} range={range} />
      )}
      <div className="mt-5 grid items-start gap-5 lg:grid-cols-3">
        <Highlights />
        <Feed />
      </div>
    </>
  );
}

/** Where nothing is chosen: the last month, or everything if nothing has happened in it. */
function useUsual(isOpen: boolean, range: Range): Range {
  const { data } = useOverview(MONTH.value, isOpen);
  const isQuiet = data !== undefined && data.totals.events > 0 && data.days.every((day) => day.events === 0);
  return isOpen && isQuiet ? ALL : range;
}

function Figures({ query, range }: { query: ReturnType<typeof useOverview>; range: Range }) {
  const totals = query.data?.totals;
  return (
    <>
      <Card className="grid grid-cols-2 divide-line md:grid-cols-4 md:divide-x">
        <Loaded query={query} skeleton={<TotalsSkeleton />}>
          {({ totals }) => (
            <>
              <Figure label="Users" value={count(totals.users)} />
              <Figure label="Events" value={count(totals.events)} />
              <Figure label="Completions" value={count(totals.completions)} />
              <Figure label="Active achievements" value={count(totals.achievements)} />
            </>
          )}
        </Loaded>
      </Card>
      {totals?.events === 0 ? (
        <FirstSteps achievements={totals.achievements} />
      ) : (
        <div className="mt-5 grid gap-5 lg:grid-cols-3">
          {CHARTS.map((chart) => (
            <Card key={chart.of}>
              <CardHead title={chart.title} hint={range.long} />
              <div className="px-4 pb-3">
                <Loaded query={query} skeleton={<ChartSkeleton height={170} />}>
                  {(data) => <Over overview={data} of={chart.of} title={chart.title} />}
                </Loaded>
              </div>
            </Card>
          ))}
        </div>
      )}
    </>
  );
}

function Over({
  overview,
  of,
  title,
}: {
  overview: Overview;
  of: (typeof CHARTS)[number]['of'];
  title: string;
}) {
  return (
    <TimeChart
      label={title}
      height={170}
      step={overview.step}
      dates={overview.days.map((day) => day.date)}
      series={[{ label: title, values: overview.days.map((day) => day[of]) }]}
      merge={of === 'activeUsers' ? 'mean' : 'sum'}
    />
  );
}

function TotalsSkeleton() {
  return (
    <div className="col-span-full grid grid-cols-2 md:grid-cols-4">
      {CHARTS.map((each) => (
        <div key={each.of} className="px-5 py-4">
          <Skeleton className="h-5 w-16" />
          <Skeleton className="mt-0.5 h-[35px] w-24" />
        </div>
      ))}
    </div>
  );
}
