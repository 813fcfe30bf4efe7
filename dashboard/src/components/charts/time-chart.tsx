import { scaleUtc } from 'd3-scale';
import { amount, date as dateText } from '@/lib/format';
import { Plot, type Series } from './plot';

export interface TimeChartProps {
  label: string;
  /** YYYY-MM-DD, rising; each begins a day, a week or a month. */
  dates: readonly string[];
  series: readonly Series[];
  /** Draws many weeks as months: values that add up, or of which the mean is told. */
  merge?: 'sum' | 'mean';
  height?: number;
  step?: 'day' | 'week' | 'month';
  format?: (value: number) => string;
}

const STEP_MS = { day: 86_400_000, week: 7 * 86_400_000, month: 30.4 * 86_400_000 };
const BEFORE = { day: '', week: 'Week from ', month: 'Month from ' };

/** Up to so many dates are bars; more are a line. */
const BARS = 100;
/** So many weeks are told one by one. */
const WEEKS = 160;

/** Values over days, weeks or months. */
export default function TimeChart(props: TimeChartProps) {
  const { label, height = 180, format = amount } = props;
  const { dates, series, step } = monthly(props);
  const kind = dates.length <= BARS ? 'bar' : 'line';
  const xs = dates.map((each) => Date.parse(`${each}T00:00:00Z`));
  const scale = scaleUtc([xs[0] ?? 0, xs.at(-1) ?? 0], [0, 1]);
  const named = scale.tickFormat();
  return (
    <Plot
      label={label}
      axis="Date"
      xs={xs}
      titles={dates.map((each) => BEFORE[step] + dateText(each))}
      ticks={(width) =>
        scale.ticks(Math.max(2, Math.floor(width / 110))).map((each) => ({ at: +each, text: named(each) }))
      }
      series={series}
      kind={kind}
      pad={kind === 'bar' ? STEP_MS[step] / 2 : 0}
      height={height}
      format={format}
    />
  );
}

/** Many weeks as months, so that twenty years are a line and not a thicket. */
export function monthly({ dates, series, step = 'day', merge }: TimeChartProps): Required<Told> {
  if (merge === undefined || step !== 'week' || dates.length <= WEEKS) return { dates, series, step };
  const months = [...new Set(dates.map((each) => each.slice(0, 7)))];
  const merged = series.map(({ label, values }) => ({
    label,
    values: months.map((month) => {
      const inside = values.filter((_, index) => dates[index]?.startsWith(month));
      const sum = inside.reduce<number>((total, value) => total + (value ?? 0), 0);
      return merge === 'sum' ? sum : Math.round(sum / inside.length);
    }),
  }));
  return { dates: months.map((month) => `${month}-01`), series: merged, step: 'month' };
}

type Told = Pick<TimeChartProps, 'dates' | 'series' | 'step'>;
