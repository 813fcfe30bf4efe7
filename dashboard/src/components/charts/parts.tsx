/** What the charts share: their width, their axes, the value under the pointer, the table for those who hear. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { compact } from '@/lib/format';

export const MARGIN = { top: 8, right: 4, bottom: 22, left: 40 };

/** The width of an element, as the window changes. */
export function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
}

interface GridProps {
  ticks: readonly number[];
  y: (value: number) => number;
  width: number;
  format?: (value: number) => string;
}

export function Grid({ ticks, y, width, format = compact }: GridProps) {
  return ticks.map((tick) => (
    <g key={tick} transform={`translate(0,${y(tick)})`}>
      <line x1={MARGIN.left} x2={width - MARGIN.right} className="stroke-line" />
      <text x={MARGIN.left - 8} dy="0.32em" textAnchor="end" className="fill-soft text-[11px] tabular-nums">
        {format(tick)}
      </text>
    </g>
  ));
}

/** Stays inside the chart, whichever side the pointer is on. */
export function Bubble({ x, width, children }: { x: number; width: number; children: ReactNode }) {
  const right = x > width / 2;
  return (
    <div
      className="pointer-events-none absolute top-0 z-10 rounded-md border bg-raised px-2.5 py-1.5 text-xs whitespace-nowrap shadow-raised"
      style={right ? { right: width - x + 8 } : { left: x + 8 }}
    >
      {children}
    </div>
  );
}

interface TableProps {
  label: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

export function AsTable({ label, head, rows }: TableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-1 text-xs text-soft" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded hover:text-ink">As a table</summary>
      {open && (
        <div
          className="mt-2 max-h-64 overflow-auto rounded-md border"
          tabIndex={0}
          role="region"
          aria-label={label}
        >
          <table className="w-full text-left tabular-nums">
            <thead>
              <tr className="border-b">
                {head.map((each) => (
                  <th key={each} scope="col" className="px-2.5 py-1 font-medium">
                    {each}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row[0]} className="border-b last:border-b-0">
                  {row.map((cell, index) => (
                    <td key={head[index]} className="px-2.5 py-1">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
