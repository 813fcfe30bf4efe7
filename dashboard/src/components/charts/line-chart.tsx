import { amount } from '@/lib/format';
import { Plot, type Series } from './plot';

export interface LineChartProps {
  label: string;
  /** What the places on the x axis are: "Week". */
  axis: string;
  points: readonly string[];
  series: readonly Series[];
  height?: number;
  format?: (value: number) => string;
  /** The top of the scale, where it is fixed. */
  top?: number;
}

/** Values over numbered or named places. */
export default function LineChart({
  label,
  axis,
  points,
  series,
  height = 180,
  format = amount,
  top,
}: LineChartProps) {
  const every = (width: number) => Math.max(1, Math.ceil((points.length * 40) / Math.max(width, 1)));
  return (
    <Plot
      label={label}
      axis={axis}
      xs={points.map((_, index) => index)}
      titles={points.map((each) => `${axis} ${each}`)}
      ticks={(width) =>
        points.map((text, at) => ({ at, text })).filter((_, index) => index % every(width) === 0)
      }
      series={series}
      kind="line"
      pad={0}
      height={height}
      format={format}
      top={top}
    />
  );
}
