import { scaleUtc } from 'd3-scale';
import { amount, date as dateText } from '@/lib/format';
import { Plot, type Series } from './plot';

export interface TimeChartProps {
  label: string;
  /** YYYY-MM-DD, rising; each begins a day, a week or a month. */
  dates: readonly string[];
  series: readonly Series[];
  /** Bars where few things happen; lines where there are many dates. */
  kind?: 'line' | 'bar';
  height?: number;
  step?: 'day' | 'week' | 'month';
  format?: (value: number) => string;
}

const STEP_MS = { day: 86_400_000, week: 7 * 86_400_000, month: 30.4 * 86_400_000 };
const BEFORE = { day: '', week: 'Week from ', month: 'Month from ' };

/** Values over days, weeks or months. */
export default function TimeChart(props: TimeChartProps) {
  const { label, dates, series, kind = 'line', height = 180, step = 'day', format = amount } = props;
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
