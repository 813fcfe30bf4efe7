/** Charts, loaded when the first is shown; until then a skeleton of the same height. */
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import type { BarChartProps } from './charts/bar-chart';
import type { LineChartProps } from './charts/line-chart';
import type { TimeChartProps } from './charts/time-chart';
import { Skeleton } from './ui/small';

const LazyTime = lazy(() => import('./charts/time-chart'));
const LazyLine = lazy(() => import('./charts/line-chart'));
const LazyBars = lazy(() => import('./charts/bar-chart'));

/** Height of a chart with its link to the table. */
const BELOW = 20;

function held<P extends { height?: number }>(Part: LazyExoticComponent<ComponentType<P>>, usual: number) {
  return function Held(props: P) {
    const height = props.height ?? usual;
    return (
      <Suspense fallback={<ChartSkeleton height={height} />}>
        <Part {...props} height={height} />
      </Suspense>
    );
  };
}

export function ChartSkeleton({ height }: { height: number }) {
  return (
    <div className="flex items-end" style={{ height: height + BELOW, paddingBottom: BELOW }}>
      <Skeleton className="h-2/3 w-full" />
    </div>
  );
}

/** Values over days, weeks or months; lines, or bars where few things happen. */
export const TimeChart = held<TimeChartProps>(LazyTime, 180);

/** Values over numbered or named places: one line, or two to compare. */
export const LineChart = held<LineChartProps>(LazyLine, 180);

/** Values by named groups: a histogram. */
export const BarChart = held<BarChartProps>(LazyBars, 200);
