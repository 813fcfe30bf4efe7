import { scaleLinear } from 'd3-scale';
import { area, curveMonotoneX, line } from 'd3-shape';
import { useState } from 'react';
import { compact } from '@/lib/format';
import { AsTable, Bubble, Grid, MARGIN, useWidth } from './parts';

export interface Series {
  label: string;
  /** One value for each place on the x axis; null where there is none. */
  values: readonly (number | null)[];
}

interface Props {
  /** What is shown, for those who hear it. */
  label: string;
  /** Where each place stands, rising. */
  xs: readonly number[];
  /** What each place is called. */
  titles: readonly string[];
  /** What places are: "Date". */
  axis: string;
  /** Labels below, for so many pixels of width. */
  ticks: (width: number) => { at: number; text: string }[];
  /** The first is drawn in the accent, a second one muted and dashed. */
  series: readonly Series[];
  kind: 'line' | 'bar';
  /** Room left and right of the outer places, in units of `xs`. */
  pad: number;
  height: number;
  format: (value: number) => string;
  /** The top of the scale, where it is fixed. */
  top?: number | undefined;
}

const STROKES = ['stroke-accent', 'stroke-soft'];

/** Lines or bars over an axis; the value under the pointer, which the arrow keys move too; a table. */
export function Plot(props: Props) {
  const { label, xs, titles, axis, ticks, series, kind, pad, height, format, top } = props;
  const [ref, width] = useWidth();
  const [at, setAt] = useState<number | null>(null);
  const most = Math.max(top ?? 0, ...series.flatMap((each) => each.values.map((value) => value ?? 0)));
  const first = xs[0] ?? 0;
  const last = xs.at(-1) ?? first;
  const right = Math.max(width - MARGIN.right, MARGIN.left + 1);
  const x = scaleLinear([first - pad, last + pad], [MARGIN.left, right]);
  const y = scaleLinear([0, most || 1], [height - MARGIN.bottom, MARGIN.top]);
  if (top === undefined) y.nice(4);
  const placeOf = (index: number) => x(xs[index] ?? first);
  const move = (next: number) => setAt(Math.min(Math.max(next, 0), xs.length - 1));
  const yTicks = y.ticks(4).filter((tick) => most > 4 || top !== undefined || Number.isInteger(tick));
  return (
    <div>
      <div
        ref={ref}
        role="img"
        aria-label={`${label}. ${summary(titles, series, format)}`}
        tabIndex={0}
        className="relative rounded-md"
        style={{ height }}
        onPointerMove={(event) => {
          const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
          move(nearest(xs, x.invert(left)));
        }}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') move((at ?? -1) + 1);
          else if (event.key === 'ArrowLeft') move((at ?? xs.length) - 1);
          else return;
          event.preventDefault();
        }}
      >
        {width > 0 && (
          <svg width={width} height={height} className="block overflow-visible">
            <Grid ticks={yTicks} y={y} width={width} format={top === undefined ? compact : format} />
            {ticks(width).map((tick) => (
              <text
                key={tick.at}
                x={x(tick.at)}
                y={height - 4}
                textAnchor="middle"
                className="fill-soft text-[11px]"
              >
                {tick.text}
              </text>
            ))}
            {kind === 'bar' ? (
              <Bars values={series[0]?.values ?? []} x={placeOf} y={y} room={right - MARGIN.left} at={at} />
            ) : (
              series.map((each, index) => (
                <Line key={each.label} values={each.values} x={placeOf} y={y} index={index} />
              ))
            )}
            {at !== null && kind === 'line' && (
              <Cursor series={series} at={at} x={placeOf(at)} y={y} height={height} />
            )}
          </svg>
        )}
        {at !== null && (
          <Bubble x={placeOf(at)} width={width}>
            <p className="text-soft">{titles[at]}</p>
            {series.map((each) => (
              <p key={each.label} className="tabular-nums">
                <strong className="font-semibold">{textOf(each.values[at], format)}</strong>{' '}
                {each.label.toLowerCase()}
              </p>
            ))}
          </Bubble>
        )}
      </div>
      <AsTable
        label={label}
        head={[axis, ...series.map((each) => each.label)]}
        rows={titles.map((title, index) => [
          title,
          ...series.map(({ values }) => textOf(values[index], format)),
        ])}
      />
    </div>
  );
}

interface PartProps {
  x: (index: number) => number;
  y: (value: number) => number;
}

function Bars({
  values,
  x,
  y,
  room,
  at,
}: PartProps & { values: Series['values']; room: number; at: number | null }) {
  const each = room / Math.max(values.length, 1);
  const wide = Math.max(1, Math.min(each - (each > 4 ? 2 : 0), 28));
  return values.map((value, index) => (
    <rect
      key={x(index)}
      x={x(index) - wide / 2}
      y={y(value ?? 0)}
      width={wide}
      height={y(0) - y(value ?? 0)}
      rx={Math.min(2, wide / 2)}
      className={at === index ? 'fill-accent-strong' : 'fill-accent'}
    />
  ));
}

function Line({ values, x, y, index }: PartProps & { values: Series['values']; index: number }) {
  const known = (value: number | null) => value !== null;
  const height = (value: number | null) => y(value ?? 0);
  const over = (_: number | null, place: number) => x(place);
  const stroke = line<number | null>().defined(known).x(over).y(height).curve(curveMonotoneX)(values);
  const fill = area<number | null>().defined(known).x(over).y0(y(0)).y1(height).curve(curveMonotoneX)(values);
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

interface CursorProps {
  series: readonly Series[];
  at: number;
  x: number;
  y: (value: number) => number;
  height: number;
}

function Cursor({ series, at, x, y, height }: CursorProps) {
  return (
    <g>
      <line x1={x} x2={x} y1={MARGIN.top} y2={height - MARGIN.bottom} className="stroke-line-strong" />
      {series.map((each, index) => {
        const value = each.values[at];
        if (value === null || value === undefined) return null;
        const classes = `fill-surface ${STROKES[index] ?? ''}`;
        return <circle key={each.label} cx={x} cy={y(value)} r={3.5} strokeWidth={2} className={classes} />;
      })}
    </g>
  );
}

function nearest(xs: readonly number[], wanted: number): number {
  let best = 0;
  xs.forEach((x, index) => {
    if (Math.abs(x - wanted) < Math.abs((xs[best] ?? 0) - wanted)) best = index;
  });
  return best;
}

function textOf(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}

function summary(
  titles: readonly string[],
  series: readonly Series[],
  format: (value: number) => string,
): string {
  const from = titles[0];
  const to = titles.at(-1);
  if (from === undefined || to === undefined) return 'Nothing to show.';
  const most = (values: Series['values']) => Math.max(0, ...values.map((value) => value ?? 0));
  const tops = series.map(({ label, values }) => `${label}: at most ${format(most(values))}`);
  return `${from} to ${to}. ${tops.join('; ')}.`;
}
