import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, type Answer } from '@/api/client';
import { useChange, useGet } from '@/api/hooks';
import { useCan } from '@/api/session';
import { AchievementBadge } from '@/components/achievement-badge';
import { Loaded, RelativeTime } from '@/components/blocks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import { Note, Progress, Skeleton } from '@/components/ui/small';
import { amount, counted, instant } from '@/lib/format';
import { ruleOf, usersPath, type Event, type Owned } from './parts';

type Explained = Answer<'get', '/users/{id}/achievements/{achievementId}/explain'>;

interface Props {
  userId: string;
  achievement: Owned;
  onClose: () => void;
}

/** Why the user has an achievement, or why not: what it needs, and which events counted. */
export function WhySheet({ userId, achievement, onClose }: Props) {
  const path = { id: userId, achievementId: achievement.id };
  const explained = useGet('/users/{id}/achievements/{achievementId}/explain', { params: { path } });
  const has = achievement.achievedAt !== null;
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={has ? `Why “${achievement.name}”?` : `Why not “${achievement.name}”?`}
      description={ruleOf(achievement)}
    >
      <Loaded query={explained} skeleton={<Skeleton className="h-80 w-full" />}>
        {(it) => <Explanation it={it} userId={userId} achievement={achievement} />}
      </Loaded>
    </Sheet>
  );
}

function Explanation({ it, userId, achievement }: { it: Explained; userId: string; achievement: Owned }) {
  const reached = it.current >= it.target;
  return (
    <div className="flex flex-col gap-5 text-sm">
      <div className="flex items-center gap-4">
        <AchievementBadge
          url={achievement.badgeUrl}
          name={it.name}
          className="size-16"
          locked={it.achievedAt === null}
        />
        <div className="shrinkable grow">
          <p>{it.achievedAt === null ? verdictOf(it, reached) : `Earned on ${instant(it.achievedAt)}.`}</p>
          <Progress value={it.percent} label="Progress" className="mt-2" />
          <p className="mt-1 text-soft tabular-nums">
            Has {amount(it.current)}, needed are {amount(it.target)}
          </p>
        </div>
      </div>
      <section>
        <h3 className="mb-1.5 font-semibold">What it needs</h3>
        <ul className="flex flex-col gap-1.5">
          {it.needs.map((need) => (
            <li key={need.sentence} className="flex items-start gap-2">
              {need.met ? (
                <Check aria-label="Met" className="mt-0.5 size-4 shrink-0 text-accent" />
              ) : (
                <X aria-label="Not met" className="mt-0.5 size-4 shrink-0 text-danger" />
              )}
              <span>{need.sentence}</span>
            </li>
          ))}
        </ul>
      </section>
      {achievement.trigger === 'metric' && (
        <>
          <Events title="Events that counted" none="No event of this metric counted." events={it.counted} />
          <Events
            title="Events that did not count"
            none="Every event of this metric counted."
            events={it.leftOut.map(({ event }) => event)}
            reasons={it.leftOut.map(({ reason }) => reason)}
          />
          {(it.counted.length === MOST || it.leftOut.length === MOST) && (
            <p>
              Only the newest are told here.{' '}
              <Link
                to={`${usersPath(userId)}?tab=events&metric=${encodeURIComponent(metricOf(it))}`}
                className="text-accent underline underline-offset-4"
              >
                All events of this metric
              </Link>
            </p>
          )}
          <p className="text-soft">
            An event whose idempotency key was used before is not a new event: it is in the{' '}
            <Link
              to={`/log?user=${encodeURIComponent(userId)}`}
              className="text-accent underline underline-offset-4"
            >
              log of requests
            </Link>
            .
          </p>
        </>
      )}
      {achievement.trigger === 'streak' && (
        <Note>
          The days that counted are in the{' '}
          <Link to={usersPath(userId)} className="text-accent underline underline-offset-4">
            streak calendar
          </Link>
          .
        </Note>
      )}
      <Change userId={userId} achievement={achievement} has={it.achievedAt !== null} />
    </div>
  );
}

const metricOf = (it: Explained): string => it.counted[0]?.metric ?? it.leftOut[0]?.event.metric ?? '';

function verdictOf(it: Explained, reached: boolean): string {
  if (it.revoked) return 'It was earned, and taken back.';
  const missing = it.needs.filter((need) => !need.met).length;
  if (missing === 0)
    return 'Everything is met: it is given with the next event, or when back-dating is done.';
  return reached ? 'The target is reached, but something else is missing.' : 'The target is not reached yet.';
}

const PAGE = 10;

function Events({
  title,
  none,
  events,
  reasons,
}: {
  title: string;
  none: string;
  events: readonly Event[];
  reasons?: readonly string[];
}) {
  const [shown, setShown] = useState(PAGE);
  const most =
    events.length === MOST ? ` (the newest ${MOST})` : events.length > 0 ? ` (${events.length})` : '';
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">
        {title}
        <span className="font-normal text-soft">{most}</span>
      </h3>
      {events.length === 0 && <p className="text-soft">{none}</p>}
      <ol className="flex flex-col">
        {events.slice(0, shown).map((event, index) => (
          <li key={event.id} className="border-t py-1.5 first:border-t-0">
            <span className="flex items-baseline justify-between gap-3">
              <span className="shrinkable">
                <span className="font-medium tabular-nums">
                  {event.value >= 0 && '+'}
                  {amount(event.value)}
                </span>{' '}
                <span className="break-words text-soft">
                  {Object.entries(event.attributes)
                    .map(([key, value]) => `${key}: ${value}`)
                    .join(', ')}
                </span>
              </span>
              <RelativeTime at={event.timestamp} className="text-soft" />
            </span>
            {reasons !== undefined && <span className="block text-danger">{reasons[index]}</span>}
          </li>
        ))}
      </ol>
      {events.length > shown && (
        <Button size="sm" className="mt-2" onClick={() => setShown(shown + PAGE)}>
          Show {counted(Math.min(PAGE, events.length - shown), 'more', 'more')}
        </Button>
      )}
    </section>
  );
}

/** So many events of each kind the server tells at most. */
const MOST = 50;

function Change({ userId, achievement, has }: { userId: string; achievement: Owned; has: boolean }) {
  const canEdit = useCan('editor');
  const [revoking, setRevoking] = useState(false);
  const granted = useChange(
    () =>
      call('post', '/users/{id}/achievements', {
        params: { path: { id: userId } },
        body: { achievementId: achievement.id },
      }),
    () => toast(`“${achievement.name}” was granted.`),
  );
  const revoked = useChange(
    () =>
      call('delete', '/users/{id}/achievements/{achievementId}', {
        params: { path: { id: userId, achievementId: achievement.id } },
      }),
    (answer) => toast(`Taken back: ${answer.revoked.map((each) => each.name).join(', ')}.`),
  );
  return (
    <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
      <Button asChild variant="ghost" className="mr-auto">
        <Link to={`/achievements/${achievement.id}`}>About the achievement</Link>
      </Button>
      {canEdit && has && (
        <Button className="text-danger" onClick={() => setRevoking(true)}>
          Revoke
        </Button>
      )}
      {canEdit && !has && (
        <Button busy={granted.isPending} onClick={() => granted.mutate(undefined, { onError: toastError })}>
          Grant it now
        </Button>
      )}
      <ConfirmDialog
        open={revoking}
        onOpenChange={setRevoking}
        title={`Revoke “${achievement.name}”?`}
        action="Revoke"
        onConfirm={() => revoked.mutateAsync(undefined)}
      >
        The user loses it, the achievements that rest on it, and the points that these brought. Only a new
        crossing of the target, or a grant, completes it again.
      </ConfirmDialog>
    </div>
  );
}
