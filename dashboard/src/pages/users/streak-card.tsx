import { useEffect, useRef } from 'react';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { useCan } from '@/api/session';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { cn } from '@/lib/cn';
import { counted, date } from '@/lib/format';
import type { Dossier } from './parts';

type Streak = Dossier['streak'];
type Period = Streak['streakHistory'][number];
type Kind = 'strong' | 'middle' | 'light' | 'held' | 'freeze' | 'pause' | 'none';

const KINDS: Record<Kind, string> = {
  strong: 'bg-accent',
  middle: 'bg-accent/70',
  light: 'bg-accent/45',
  held: 'bg-accent-soft ring-1 ring-inset ring-accent/50',
  freeze: 'bg-warn',
  pause: 'bg-muted-chart',
  none: 'bg-line/70',
};
const SHOWN = { daily: 365, weekly: 52, monthly: 24 } as const;
const UNIT = { daily: 'day', weekly: 'week', monthly: 'month' } as const;
const DAY = 86_400_000;
const WEEK = 7;
/** From these lengths of the run on a day is shown stronger. */
const STEPS = { middle: 3, strong: 7 };

/** The last year, day by day: when the streak went on, and what held it. */
export function StreakCard({ streak }: { streak: Streak }) {
  const unit = UNIT[streak.frequency];
  const periods = streak.streakHistory.slice(-SHOWN[streak.frequency]);
  const kinds = periods.map((period, index) => kindOf(period, periods[index - 1]));
  const lived = kinds.filter((kind) => kind === 'strong' || kind === 'middle' || kind === 'light').length;
  const longest = Math.max(0, ...periods.map((period) => period.length));
  const summary = `${counted(lived, unit)} counted of the last ${periods.length}; the longest run among them was ${counted(longest, unit)}.`;
  return (
    <Card>
      <CardHead title="Streak" hint={summary} />
      <Scrolled>
        {streak.frequency === 'daily' ? (
          <Year periods={periods} kinds={kinds} label={summary} />
        ) : (
          <div role="img" aria-label={summary} className="flex gap-1">
            {periods.map((period, index) => (
              <Cell key={period.periodStart} period={period} kind={kinds[index] ?? 'none'} large />
            ))}
          </div>
        )}
      </Scrolled>
      <Legend kinds={new Set(kinds)} />
      {streak.pauses.length > 0 && <Pauses pauses={streak.pauses} />}
    </Card>
  );
}

/** What happened in a period, told from the run's length after it and before it. */
function kindOf(period: Period, before: Period | undefined): Kind {
  if (period.usedFreeze === true) return 'freeze';
  if (period.usedPause) return 'pause';
  if (period.length === 0) return 'none';
  if (period.length === before?.length) return 'held';
  if (period.length >= STEPS.strong) return 'strong';
  return period.length >= STEPS.middle ? 'middle' : 'light';
}

function Scrolled({ children }: { children: React.ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current) box.current.scrollLeft = box.current.scrollWidth;
  }, []);
  return (
    <div
      ref={box}
      role="region"
      aria-label="Calendar of the streak"
      tabIndex={0}
      className="mx-5 overflow-x-auto pb-2"
    >
      {children}
    </div>
  );
}

function Year({ periods, kinds, label }: { periods: Period[]; kinds: Kind[]; label: string }) {
  const first = periods[0];
  if (first === undefined) return null;
  const offset = weekday(first.periodStart);
  const months = periods.flatMap((period, index) =>
    period.periodStart.endsWith('-01') ? [{ at: period.periodStart, column: columnOf(index, offset) }] : [],
  );
  return (
    <div role="img" aria-label={label} className="w-max">
      <div
        aria-hidden
        className="grid auto-cols-[13px] grid-flow-col gap-[3px] pb-1 text-[0.6875rem]/4 text-soft"
      >
        {months.map(({ at, column }) => (
          <span key={at} className="row-start-1 w-0 whitespace-nowrap" style={{ gridColumnStart: column }}>
            {MONTH.format(new Date(at))}
          </span>
        ))}
        <span className="row-start-1" style={{ gridColumnStart: columnOf(periods.length - 1, offset) }}>
          {'\u00a0'}
        </span>
      </div>
      <div className="grid auto-cols-[13px] grid-flow-col grid-rows-[repeat(7,13px)] gap-[3px]">
        {periods.map((period, index) => (
          <Cell
            key={period.periodStart}
            period={period}
            kind={kinds[index] ?? 'none'}
            {...(index === 0 && { row: offset + 1 })}
          />
        ))}
      </div>
    </div>
  );
}

const MONTH = new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' });

/** Monday is 0. */
const weekday = (day: string): number => (Math.floor(Date.parse(day) / DAY) + 3) % WEEK;
const columnOf = (index: number, offset: number): number => Math.floor((index + offset) / WEEK) + 1;

function Cell({ period, kind, row, large }: { period: Period; kind: Kind; row?: number; large?: boolean }) {
  return (
    <span
      title={tellOf(period, kind)}
      className={cn('rounded-[3px]', large ? 'size-5 shrink-0' : 'size-[13px]', KINDS[kind])}
      style={row === undefined ? undefined : { gridRowStart: row }}
    />
  );
}

function tellOf(period: Period, kind: Kind): string {
  const when =
    period.periodStart === period.periodEnd
      ? date(period.periodStart)
      : `${date(period.periodStart)} to ${date(period.periodEnd)}`;
  const what = {
    freeze: 'a freeze held the streak',
    pause: 'paused',
    none: 'nothing counted',
    held: 'not extended, not lost',
    light: 'counted',
    middle: 'counted',
    strong: 'counted',
  }[kind];
  const reset = period.resetAt === undefined ? '' : ', reset by your team';
  return `${when}: ${what}${period.length > 0 ? `, length ${period.length}` : ''}${reset}`;
}

function Legend({ kinds }: { kinds: ReadonlySet<Kind> }) {
  const items: [Kind, string][] = [
    ['strong', 'Counted (stronger in longer runs)'],
    ['held', 'Not extended, not lost'],
    ['freeze', 'Held by a freeze'],
    ['pause', 'Paused'],
    ['none', 'Nothing counted'],
  ];
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 px-5 pt-2 pb-4 text-xs text-soft">
      {items
        .filter(([kind]) => kind === 'strong' || kind === 'none' || kinds.has(kind))
        .map(([kind, text]) => (
          <li key={kind} className="flex items-center gap-1.5">
            <span aria-hidden className={cn('size-3 rounded-[3px]', KINDS[kind])} />
            {text}
          </li>
        ))}
    </ul>
  );
}

function Pauses({ pauses }: { pauses: Streak['pauses'] }) {
  const canEdit = useCan('editor');
  const ended = useChange(
    async (id: string) =>
      expectDone(await call('delete', '/streaks/pauses', { params: { query: { ids: [id] } } })),
    () => toast('The pause was taken back.'),
  );
  return (
    <ul className="border-t">
      {pauses.map((pause) => (
        <li key={pause.id} className="flex flex-wrap items-center justify-between gap-3 px-5 py-2.5 text-sm">
          <span>
            Paused from {date(pause.start)} to {date(pause.end)}
          </span>
          {canEdit && (
            <Button
              size="sm"
              busy={ended.isPending}
              onClick={() => ended.mutate(pause.id, { onError: toastError })}
            >
              Take the pause back
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
