import type { Insights } from '@/api/insights';
import { EmptyState } from '@/components/blocks';
import { LineChart } from '@/components/charts';
import { count, percent } from '@/lib/format';

interface Props {
  retention: Insights['retention'];
  height: number;
}

/** The share still active in each week since the first day: those who earned it on that day, and the others. */
export function Retention({ retention, height }: Props) {
  const { weeks, completers, others, completersCount, othersCount } = retention;
  if (completersCount === 0 || othersCount === 0) {
    return (
      <EmptyState title="Nothing to compare yet" className="py-8">
        {completersCount === 0
          ? 'Nobody earned it on the first day.'
          : 'Everybody earned it on the first day: there is nobody to compare with.'}
      </EmptyState>
    );
  }
  return (
    <>
      <p className="mb-2 flex flex-wrap gap-x-5 px-1 text-xs text-soft">
        <span>
          <svg aria-hidden width="18" height="8" className="mr-1.5 inline">
            <line x1="0" x2="18" y1="4" y2="4" strokeWidth="2" className="stroke-accent" />
          </svg>
          {count(completersCount)} earned it on the first day
        </span>
        <span>
          <svg aria-hidden width="18" height="8" className="mr-1.5 inline">
            <line
              x1="0"
              x2="18"
              y1="4"
              y2="4"
              strokeWidth="2"
              strokeDasharray="4 4"
              className="stroke-soft"
            />
          </svg>
          {count(othersCount)} did not
        </span>
      </p>
      <LineChart
        label="Share of users still active by week"
        axis="Week"
        height={height}
        points={weeks.map((week) => `${week}`)}
        top={1}
        format={(share) => percent(100 * share)}
        series={[
          { label: 'Earned it on the first day', values: completers },
          { label: 'Did not', values: others },
        ]}
      />
    </>
  );
}
