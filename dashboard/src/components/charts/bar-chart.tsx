import { scaleBand, scaleLinear } from 'd3-scale';
import { useState } from 'react';
import { amount } from '@/lib/format';
import { AsTable, Bubble, Grid, MARGIN, useWidth } from './parts';

export interface BarChartProps {
  /** What is shown, for those who hear it. */
  label: string;
  bars: readonly { label: string; value: number }[];
  /** What the values count: "users". */
  unit: string;
  /** What the groups are: "Progress". */
  axis: string;
  height?: number;
}

export default function BarChart({ label, bars, unit, axis, height = 200 }: BarChartProps) {
  const [ref, width] = useWidth();
  const [at, setAt] = useState<number | null>(null);
  const x = scaleBand(
    bars.map((bar) => bar.label),
    [MARGIN.left, Math.max(width - MARGIN.right, MARGIN.left + 1)],
  ).padding(0.18);
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  const y = scaleLinear([0, most], [height - MARGIN.bottom, MARGIN.top]).nice(4);
  const middle = (name: string) => (x(name) ?? 0) + x.bandwidth() / 2;
  const shown = at === null ? undefined : bars[at];
  const every = Math.max(1, Math.ceil((bars.length * 46) / Math.max(width, 1)));
  return (
    <div>
      <div
        ref={ref}
        role="img"
        aria-label={`${label}. ${bars.map((bar) => `${bar.label}: ${amount(bar.value)}`).join(', ')} ${unit}.`}
        tabIndex={0}
        className="relative rounded-md"
        style={{ height }}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') setAt(Math.min((at ?? -1) + 1, bars.length - 1));
          else if (event.key === 'ArrowLeft') setAt(Math.max((at ?? bars.length) - 1, 0));
          else return;
          event.preventDefault();
        }}
      >
        {width > 0 && (
          <svg width={width} height={height} className="block overflow-visible">
            <Grid ticks={y.ticks(4).filter(Number.isInteger)} y={y} width={width} />
            {bars.map((bar, index) => (
              <g key={bar.label} onPointerEnter={() => setAt(index)}>
                <rect
                  x={x(bar.label)}
                  y={MARGIN.top}
                  width={x.bandwidth()}
                  height={height - MARGIN.top - MARGIN.bottom}
                  fill="transparent"
                />
                <rect
                  x={x(bar.label)}
                  y={y(bar.value)}
                  width={x.bandwidth()}
                  height={y(0) - y(bar.value)}
                  rx={3}
                  className={at === index ? 'fill-accent-strong' : 'fill-accent'}
                />
                {index % every === 0 && (
                  <text
                    x={middle(bar.label)}
                    y={height - 6}
                    textAnchor="middle"
                    className="fill-soft text-[11px]"
                  >
                    {bar.label}
                  </text>
                )}
              </g>
            ))}
          </svg>
        )}
        {shown && (
          <Bubble x={middle(shown.label)} width={width}>
            <p className="text-soft">{shown.label}</p>
            <p>
              <strong className="font-semibold tabular-nums">{amount(shown.value)}</strong> {unit}
            </p>
          </Bubble>
        )}
      </div>
      <AsTable label={label} head={[axis, unit]} rows={bars.map((bar) => [bar.label, amount(bar.value)])} />
    </div>
  );
}
