import { useEffect, useState } from 'react';
import { ApiError, expectDone, sentenceOf } from '@/api/errors';
import { call, type Schemas } from '@/api/client';
import type { Earner } from '@/api/insights';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Note, Progress, Skeleton } from '@/components/ui/small';
import { UserLink } from '@/components/user-link';
import { count, counted, date } from '@/lib/format';
import type { Draft } from './model';

interface Props {
  item: Draft;
  /** The achievement that is changed; a new one has none yet. */
  id?: string | undefined;
  /** The button's words, and what it does; without them it is only a look. */
  action?: string;
  onConfirm?: () => Promise<unknown>;
  onClose: () => void;
  /** Takes what the rules refuse; the dialog closes. */
  onRefused: (error: ApiError) => void;
}

interface Found {
  done: number;
  total: number;
  users: number;
  sample: readonly Earner[];
  finished: boolean;
}

/** Counts, user by user and without storing anything, who will get an achievement the moment it is saved. */
export function DryRunDialog({ item, id, action, onConfirm, onClose, onRefused }: Props) {
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const trial = JSON.stringify({ achievement: item, id });
  useEffect(() => {
    const leaving = new AbortController();
    const run = async () => {
      let cursor: string | null = null;
      let users = 0;
      let sample: Earner[] = [];
      do {
        const part: Schemas['AchievementForecast'] = await call('post', '/achievements/preview', {
          body: { ...(JSON.parse(trial) as Schemas['AchievementTrial']), cursor },
          signal: leaving.signal,
        });
        expectDone(part);
        users = part.users;
        sample = [...sample, ...part.sample].slice(0, 8);
        cursor = part.cursor;
        setFound({ done: part.done, total: part.total, users, sample, finished: cursor === null });
      } while (cursor !== null);
    };
    run().catch((cause: unknown) => {
      if (leaving.signal.aborted) return;
      if (cause instanceof ApiError && cause.code === 'issues') onRefused(cause);
      else setError(sentenceOf(cause));
    });
    return () => leaving.abort();
    // The form that opened this does not change while it is open.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [trial]);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm?.();
    } catch (cause) {
      if (cause instanceof ApiError && cause.issues.length > 0) onRefused(cause);
      else setError(sentenceOf(cause));
    } finally {
      setBusy(false);
    }
  };
  const share = found === null || found.total === 0 ? 0 : (100 * found.done) / found.total;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Who gets it now"
      description="A dry run over every user; nothing is stored."
    >
      <div className="min-h-64" aria-live="polite">
        <div className="flex items-baseline gap-2">
          <span className="figure text-4xl">{found === null ? '…' : count(found.users)}</span>
          <span className="text-soft">
            of {found === null ? 'all users' : counted(found.total, 'user')} meet it already
          </span>
        </div>
        <Progress value={found?.finished ? 100 : share} label="Users looked at" className="mt-3" />
        <p className="mt-1 h-5 text-xs text-soft">
          {found === null
            ? 'Counting'
            : found.finished
              ? 'Every user was looked at.'
              : `${Math.floor(share)} % looked at`}
        </p>
        {found === null && error === null && <Skeleton className="mt-3 h-32" />}
        {found !== null && found.sample.length > 0 && (
          <ul className="mt-3 grid gap-x-6 text-sm sm:grid-cols-2">
            {found.sample.map((each) => (
              <li key={each.userId} className="flex justify-between gap-3 border-b py-1.5">
                <span className="truncate">
                  <UserLink id={each.userId} name={each.userName} />
                </span>
                <span className="whitespace-nowrap text-soft">{date(each.achievedAt)}</span>
              </li>
            ))}
          </ul>
        )}
        {found?.finished && (
          <p className="mt-3 text-sm text-soft">
            {found.users === 0
              ? 'Nobody meets it yet: the first user earns it with an event to come.'
              : 'They get it in the background, silently, dated to the day they reached it.'}
          </p>
        )}
      </div>
      {error !== null && (
        <Note tone="danger" className="mt-3">
          {error}
        </Note>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{action === undefined ? 'Close' : 'Go back'}</Button>
        {action !== undefined && (
          <Button
            variant="primary"
            busy={busy}
            disabled={found?.finished !== true && error === null}
            onClick={() => void confirm()}
          >
            {action}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
