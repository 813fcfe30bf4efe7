import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, curveMonotoneX, line } from 'd3-shape';
import { useMemo, useState } from 'react';
import { amount, compact, date as dateText } from '@/lib/format';
import { AsTable, Bubble, Grid, MARGIN, useWidth } from './parts';

export interface TimeSeries {
  label: string;
  /** One value for each date; null where there is none. */
  values: readonly (number | null)[];
}

export interface TimeChartProps {
  /** What is shown, for those who hear it. */
  label: string;
  /** YYYY-MM-DD, rising; each begins a day, a week or a month. */
  dates: readonly string[];
  /** The first is drawn in the accent, a second one muted and dashed. */
  series: readonly TimeSeries[];
  kind?: 'line' | 'bar';
  height?: number;
  step?: 'day' | 'week' | 'month';
  format?: (value: number) => string;
  /** The top of the scale, where it is fixed. */
  top?: number;
}

const STROKES = ['stroke-accent', 'stroke-soft'];
const STEP_MS = { day: 86_400_000, week: 7 * 86_400_000, month: 30.4 * 86_400_000 };

export default function TimeChart(props: TimeChartProps) {
  const { label, dates, series, kind = 'line', height = 180, step = 'day', format = amount, top } = props;
  const [ref, width] = useWidth();
  const [at, setAt] = useState<number | null>(null);
  const times = useMemo(() => dates.map((each) => new Date(`${each}T00:00:00Z`)), [dates]);
  const most = Math.max(top ?? 0, ...series.flatMap((each) => each.values.map((value) => value ?? 0)));
  const first = times[0] ?? new Date(0);
  const last = times.at(-1) ?? first;
  const half = kind === 'bar' ? STEP_MS[step] / 2 : 0;
  const x = scaleUtc(
    [+first - half, +last + half],
    [MARGIN.left, Math.max(width - MARGIN.right, MARGIN.left + 1)],
  );
  const y = scaleLinear([0, most || 1], [height - MARGIN.bottom, MARGIN.top]);
  if (top === undefined) y.nice(4);
  const at_ = (index: number) => x(times[index] ?? first);
  const move = (next: number) => setAt(Math.min(Math.max(next, 0), dates.length - 1));
  const stepOf = x.ticks(Math.max(2, Math.floor(width / 110)));
  const tickText = x.tickFormat();
  return (
    <div>
      {/* The value under the pointer; the arrow keys move it too. */}
      <div
        ref={ref}
        role="img"
        aria-label={`${label}. ${summary(dates, series, format)}`}
        tabIndex={0}
        className="relative rounded-md"
        style={{ height }}
        onPointerMove={(event) => {
          const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
          move(nearest(times, +x.invert(left)));
        }}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') move((at ?? -1) + 1);
          else if (event.key === 'ArrowLeft') move((at ?? dates.length) - 1);
          else return;
          event.preventDefault();
        }}
      >
        {width > 0 && (
          <svg width={width} height={height} className="block overflow-visible">
            <Grid ticks={y.ticks(4)} y={y} width={width} format={top === undefined ? compact : format} />
            {stepOf.map((tick) => (
              <text
                key={+tick}
                x={x(tick)}
                y={height - 4}
                textAnchor="middle"
                className="fill-soft text-[11px]"
              >
                {tickText(tick)}
              </text>
            ))}
            {kind === 'bar'
              ? times.map((time, index) => {
                  const value = series[0]?.values[index] ?? 0;
                  const room = (width - MARGIN.left - MARGIN.right) / Math.max(times.length, 1);
                  const wide = Math.max(1, Math.min(room - (room > 4 ? 2 : 0), 28));
                  return (
                    <rect
                      key={+time}
                      x={x(time) - wide / 2}
                      y={y(value)}
                      width={wide}
                      height={y(0) - y(value)}
                      rx={Math.min(2, wide / 2)}
                      className={at === index ? 'fill-accent-strong' : 'fill-accent'}
                    />
                  );
                })
              : series.map((each, index) => (
                  <Line key={each.label} values={each.values} x={at_} y={y} base={y(0)} index={index} />
                ))}
            {at !== null && kind === 'line' && (
              <g>
                <line
                  x1={at_(at)}
                  x2={at_(at)}
                  y1={MARGIN.top}
                  y2={height - MARGIN.bottom}
                  className="stroke-line-strong"
                />
                {series.map((each, index) => {
                  const value = each.values[at];
                  if (value === null || value === undefined) return null;
                  return (
                    <circle
                      key={each.label}
                      cx={at_(at)}
                      cy={y(value)}
                      r={3.5}
                      strokeWidth={2}
                      className={`fill-surface ${STROKES[index] ?? ''}`}
                    />
                  );
                })}
              </g>
            )}
          </svg>
        )}
        {at !== null && (
          <Bubble x={at_(at)} width={width}>
            <p className="text-soft">
              {step === 'day' ? '' : `${step === 'week' ? 'Week' : 'Month'} from `}
              {dateText(dates[at] ?? '')}
            </p>
            {series.map((each) => {
              const value = each.values[at];
              return (
                <p key={each.label} className="tabular-nums">
                  <strong className="font-semibold">
                    {value === null || value === undefined ? '–' : format(value)}
                  </strong>{' '}
                  {each.label.toLowerCase()}
                </p>
              );
            })}
          </Bubble>
        )}
      </div>
      <AsTable
        label={label}
        head={['Date', ...series.map((each) => each.label)]}
        rows={dates.map((each, index) => [
          dateText(each),
          ...series.map(({ values }) => {
            const value = values[index];
            return value === null || value === undefined ? '' : format(value);
          }),
        ])}
      />
    </div>
  );
}

interface LineProps {
  values: TimeSeries['values'];
  x: (index: number) => number;
  y: (value: number) => number;
  base: number;
  index: number;
}

function Line({ values, x, y, base, index }: LineProps) {
  const known = (value: number | null) => value !== null;
  const height = (value: number | null) => y(value ?? 0);
  const over = (_: number | null, place: number) => x(place);
  const stroke = line<number | null>().defined(known).x(over).y(height).curve(curveMonotoneX)(values);
  const fill = area<number | null>().defined(known).x(over).y0(base).y1(height).curve(curveMonotoneX)(values);
  return (
    <>
      {index === 0 && <path d={fill ?? ''} className="fill-accent/10" />}
      <path
        d={stroke ?? ''}
        fill="none"
        strokeWidth={1.75}
        strokeLinejoin="round"
        strokeDasharray={index === 0 ? undefined : '4 4'}
        className={STROKES[index] ?? 'stroke-muted-chart'}
      />
    </>
  );
}

function nearest(times: readonly Date[], wanted: number): number {
  let best = 0;
  times.forEach((time, index) => {
    if (Math.abs(+time - wanted) < Math.abs(+(times[best] ?? 0) - wanted)) best = index;
  });
  return best;
}

function summary(
  dates: readonly string[],
  series: readonly TimeSeries[],
  format: (value: number) => string,
): string {
  const from = dates[0];
  const to = dates.at(-1);
  if (from === undefined || to === undefined) return 'Nothing to show.';
  const tops = series.map(
    ({ label, values }) => `${label}: at most ${format(Math.max(0, ...values.map((v) => v ?? 0)))}`,
  );
  return `${dateText(from)} to ${dateText(to)}. ${tops.join('; ')}.`;
}
