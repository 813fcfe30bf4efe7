import type { UseQueryResult } from '@tanstack/react-query';
import type { ApiError } from '@/api/errors';
import type { Insights } from '@/api/insights';
import { EmptyState, Failure, Figure, Loaded } from '@/components/blocks';
import { BarChart, ChartSkeleton, TimeChart } from '@/components/charts';
import { Card, CardHead } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/small';
import { count, percent } from '@/lib/format';
import { Retention } from './retention';
import type { Achievement } from './model';

const HEIGHT = 180;

interface Props {
  query: UseQueryResult<Insights, ApiError>;
  achievement: Achievement;
}

/** When it was earned, how far the others are, and whether those who earn it stay. */
export function InsightCards({ query, achievement }: Props) {
  if (query.error !== null && query.data === undefined) {
    return (
      <Card>
        <Failure error={query.error} retry={() => void query.refetch()} />
      </Card>
    );
  }
  return (
    <>
      <Card className="grid grid-cols-3 divide-x divide-line">
        <Loaded query={query} skeleton={<Ghost />}>
          {(it) => (
            <>
              <Figure label="Have it" value={count(it.completions)} />
              <Figure label="Rarity" value={percent(it.rarity)} />
              <Figure label="Lack it" value={count(Math.max(0, it.users - it.completions))} />
            </>
          )}
        </Loaded>
      </Card>
      <div className="mt-5 grid gap-5 lg:grid-cols-2">
        <Card className="lg:col-span-2">
          <CardHead title="Completions" hint="Since the first one" />
          <div className="px-4 pb-3">
            <Loaded query={query} skeleton={<ChartSkeleton height={HEIGHT} />}>
              {(it) =>
                it.completions === 0 ? (
                  <EmptyState title="Nobody has it yet" className="py-8">
                    {achievement.status === 'active'
                      ? 'The first completion appears here.'
                      : 'It is not active: activate it, and users can earn it.'}
                  </EmptyState>
                ) : (
                  <TimeChart
                    label="Completions"
                    height={HEIGHT}
                    step={it.step}
                    dates={it.days.map((day) => day.date)}
                    series={[{ label: 'Completions', values: it.days.map((day) => day.completions) }]}
                    merge="sum"
                  />
                )
              }
            </Loaded>
          </div>
        </Card>
        <Card>
          <CardHead title="How far the others are" hint={whose(query.data?.progressSample ?? null)} />
          <div className="px-4 pb-3">
            <Loaded query={query} skeleton={<ChartSkeleton height={HEIGHT} />}>
              {(it) =>
                it.users <= it.completions ? (
                  <EmptyState title={it.users === 0 ? 'No users yet' : 'Everybody has it'} className="py-8">
                    {it.users === 0
                      ? 'Those on their way appear here.'
                      : 'Whoever comes next and lacks it appears here.'}
                  </EmptyState>
                ) : (
                  <BarChart
                    label="Progress of those who lack it"
                    axis="Progress"
                    unit="users"
                    height={HEIGHT}
                    bars={it.progress.map((bin) => ({ label: `${bin.from}–${bin.to}%`, value: bin.users }))}
                  />
                )
              }
            </Loaded>
          </div>
        </Card>
        <Card>
          <CardHead title="Do they stay?" hint="Earned on the first day, or not: still active by week" />
          <div className="px-4 pb-3">
            <Loaded query={query} skeleton={<ChartSkeleton height={HEIGHT} />}>
              {(it) => <Retention retention={it.retention} height={HEIGHT} />}
            </Loaded>
          </div>
        </Card>
      </div>
    </>
  );
}

function whose(sample: number | null): string {
  const told = 'Users who lack it, by progress';
  return sample === null ? told : `${told}; estimated from ${count(sample)} users`;
}

function Ghost() {
  return (
    <div className="col-span-3 grid grid-cols-3">
      {[0, 1, 2].map((each) => (
        <div key={each} className="px-5 py-4">
          <Skeleton className="h-5 w-24" />
          <Skeleton className="mt-0.5 h-[35px] w-20" />
        </div>
      ))}
    </div>
  );
}
