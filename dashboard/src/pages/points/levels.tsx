import { Medal, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useGet } from '@/api/hooks';
import { useCan } from '@/api/session';
import { AchievementBadge } from '@/components/achievement-badge';
import { EmptyState, Loaded } from '@/components/blocks';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/small';
import { cn } from '@/lib/cn';
import { count, counted, percent } from '@/lib/format';
import { LevelSheet } from './level-sheet';
import { useLevels, type Level } from './parts';

/** The levels of a system as a ladder, each with the users who stand on it. */
export function Levels({ systemId }: { systemId: string }) {
  const levels = useLevels(systemId);
  const summary = useGet('/points/{systemId}/level-summary', { params: { path: { systemId } } });
  const canEdit = useCan('editor');
  const [edited, setEdited] = useState<Level | 'new' | null>(null);
  const users = new Map(summary.data?.map((each) => [each.levelId, each.users]));
  const all = summary.data?.reduce((sum, each) => sum + each.users, 0);
  return (
    <Card>
      <CardHead title="Levels" hint="Reached at so many points; each user stands on the highest one reached.">
        {canEdit && (
          <Button size="sm" onClick={() => setEdited('new')}>
            <Plus /> New level
          </Button>
        )}
      </CardHead>
      <Loaded query={levels} skeleton={<Ghosts />}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title="No levels yet" picture={<Medal />} className="pt-6">
              Bronze at 100, silver at 500, gold at 2,000: levels tell users how far they have come.
            </EmptyState>
          ) : (
            <ul className="pb-2">
              {[...found]
                .sort((a, b) => b.points - a.points)
                .map((level) => (
                  <Rung
                    key={level.id}
                    picture={<AchievementBadge url={level.badge?.url} name={level.name} className="size-9" />}
                    name={level.name}
                    hint={`${count(level.points)} points`}
                    users={users.get(level.id)}
                    all={all}
                    {...(canEdit && { onEdit: () => setEdited(level) })}
                  />
                ))}
              {(users.get(null) ?? 0) > 0 && (
                <Rung name="Below every level" users={users.get(null)} all={all} />
              )}
            </ul>
          )
        }
      </Loaded>
      {edited !== null && (
        <LevelSheet
          key={edited === 'new' ? '' : edited.id}
          systemId={systemId}
          level={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Card>
  );
}

interface RungProps {
  picture?: ReactNode;
  name: string;
  hint?: string;
  /** Undefined while they are being counted. */
  users: number | undefined;
  all: number | undefined;
  onEdit?: () => void;
}

function Rung({ picture, name, hint, users, all, onEdit }: RungProps) {
  const share = users === undefined || !all ? 0 : (100 * users) / all;
  return (
    <li
      className={cn(
        'relative grid min-h-14 grid-cols-[2.25rem_1fr_auto] items-center gap-x-3 gap-y-1 px-5 py-2 sm:grid-cols-[2.25rem_12rem_1fr_10rem]',
        onEdit && 'transition-colors hover:bg-sunken/70',
      )}
    >
      <span>{picture}</span>
      <span className="shrinkable text-sm">
        {onEdit ? (
          <button
            type="button"
            className="block max-w-full truncate text-left font-medium after:absolute after:inset-0"
            onClick={onEdit}
          >
            {name}
          </button>
        ) : (
          <span className={cn('block truncate', hint === undefined && 'text-soft')}>{name}</span>
        )}
        {hint !== undefined && <span className="block text-[0.8125rem] text-soft">{hint}</span>}
      </span>
      <span
        aria-hidden
        className="h-2 overflow-hidden rounded-full bg-line/70 max-sm:order-1 max-sm:col-span-3"
      >
        <span className="block h-full rounded-full bg-accent" style={{ width: `${share}%` }} />
      </span>
      <span className="text-right text-sm whitespace-nowrap tabular-nums">
        {users === undefined ? (
          <Skeleton className="ml-auto h-4 w-16" />
        ) : (
          <>
            {counted(users, 'user')} <span className="text-soft">{percent(share)}</span>
          </>
        )}
      </span>
    </li>
  );
}

function Ghosts() {
  return (
    <div className="flex flex-col gap-4 px-5 pb-5">
      {Array.from({ length: 5 }, (_, index) => (
        <Skeleton key={index} className="h-10 w-full" />
      ))}
    </div>
  );
}
