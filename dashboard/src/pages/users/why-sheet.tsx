import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { call } from '@/api/client';
import { useChange, useGet } from '@/api/hooks';
import { useCan } from '@/api/session';
import { AchievementBadge } from '@/components/achievement-badge';
import { Loaded } from '@/components/blocks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import { Note, Progress, Skeleton } from '@/components/ui/small';
import { amount, instant } from '@/lib/format';
import { ruleOf, usersPath, type Owned } from './parts';
import { Evidence, type Explained } from './why-events';

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
      {achievement.trigger === 'metric' && <Evidence it={it} path={{ id: userId, achievementId: it.id }} />}
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

function verdictOf(it: Explained, reached: boolean): string {
  if (it.revoked) return 'It was earned, and taken back.';
  const missing = it.needs.filter((need) => !need.met).length;
  if (missing === 0)
    return 'Everything is met: it is given with the next event, or when back-dating is done.';
  return reached ? 'The target is reached, but something else is missing.' : 'The target is not reached yet.';
}

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
