import {
  Award,
  CirclePause,
  Download,
  EllipsisVertical,
  Flame,
  Merge,
  Snowflake,
  Trash2,
  UserX,
  Zap,
} from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { call } from '@/api/client';
import { useChange } from '@/api/hooks';
import { useCan } from '@/api/session';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem, MenuLine } from '@/components/ui/menu';
import { FreezesDialog, GrantDialog, MergeDialog, PauseDialog } from './dialogs';
import { download, expectDoneFor, usersPath, type Dossier } from './parts';
import { TestEventSheet } from './test-event-sheet';

type Open = 'event' | 'grant' | 'freezes' | 'restore' | 'pause' | 'merge' | 'anonymise' | 'delete';

/** What can be done for, with and to a user. */
export function UserActions({ dossier }: { dossier: Dossier }) {
  const canEdit = useCan('editor');
  const [open, setOpen] = useState<Open | null>(null);
  const id = dossier.user.id;
  const exported = useChange(
    () => call('get', '/users/{id}/export', { params: { path: { id } } }),
    (everything) => download(`user ${id}.json`, everything),
  );
  const save = () => exported.mutate(undefined, { onError: toastError });
  if (!canEdit) {
    return (
      <Button onClick={save} busy={exported.isPending}>
        <Download /> Export
      </Button>
    );
  }
  const close = () => setOpen(null);
  return (
    <>
      <Button onClick={() => setOpen('event')}>
        <Zap /> Send a test event
      </Button>
      <Menu
        trigger={
          <Button size="icon" aria-label="More that can be done">
            <EllipsisVertical />
          </Button>
        }
      >
        <MenuItem onSelect={() => setOpen('grant')}>
          <Award /> Grant an achievement
        </MenuItem>
        <MenuItem onSelect={() => setOpen('freezes')}>
          <Snowflake /> Give streak freezes
        </MenuItem>
        <MenuItem onSelect={() => setOpen('restore')}>
          <Flame /> Restore the streak
        </MenuItem>
        <MenuItem onSelect={() => setOpen('pause')}>
          <CirclePause /> Pause the streak
        </MenuItem>
        <MenuLine />
        <MenuItem onSelect={save}>
          <Download /> Export everything
        </MenuItem>
        <MenuItem onSelect={() => setOpen('merge')}>
          <Merge /> Merge into another user
        </MenuItem>
        <MenuLine />
        <MenuItem danger onSelect={() => setOpen('anonymise')}>
          <UserX /> Make anonymous
        </MenuItem>
        <MenuItem danger onSelect={() => setOpen('delete')}>
          <Trash2 /> Delete
        </MenuItem>
      </Menu>
      {open === 'event' && <TestEventSheet userId={id} onClose={close} />}
      {open === 'grant' && <GrantDialog dossier={dossier} onClose={close} />}
      {open === 'freezes' && <FreezesDialog dossier={dossier} onClose={close} />}
      {open === 'pause' && <PauseDialog userId={id} onClose={close} />}
      {open === 'merge' && <MergeDialog userId={id} onClose={close} />}
      <Restore id={id} open={open === 'restore'} onClose={close} />
      <Gone id={id} open={open} onClose={close} />
    </>
  );
}

function Restore({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }) {
  const restored = useChange(
    async () => expectDoneFor(await call('post', '/streaks/restore', { body: { users: [{ id }] } })),
    () => toast('The streak was restored.'),
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onClose}
      title="Restore the streak?"
      action="Restore the streak"
      danger={false}
      onConfirm={() => restored.mutateAsync(undefined)}
    >
      The last streak that was lost goes on as if it had not been lost.
    </ConfirmDialog>
  );
}

/** The page is left before its reads are made fresh: the user they ask for is no more. */
const GONE = { flushSync: true };

/** The two ways to let a user go; neither can be taken back. */
function Gone({ id, open, onClose }: { id: string; open: Open | null; onClose: () => void }) {
  const navigate = useNavigate();
  const deleted = useChange(
    async () => {
      await call('delete', '/users/{id}', { params: { path: { id } } });
      await navigate('/users', GONE);
    },
    () => toast('The user was deleted.'),
  );
  const anonymised = useChange(
    async () => {
      const answer = await call('post', '/users/{id}/anonymise', { params: { path: { id } } });
      await navigate(usersPath(answer.id), GONE);
    },
    () => toast('Nothing names the user any more.'),
  );
  return (
    <>
      <ConfirmDialog
        open={open === 'anonymise'}
        onOpenChange={onClose}
        title="Make this user anonymous?"
        action="Make anonymous"
        typed={id}
        onConfirm={() => anonymised.mutateAsync(undefined)}
      >
        Id, name, addresses, devices and idempotency keys are taken away for good. Events and achievements
        stay under a random id, so that every count stays exact.
      </ConfirmDialog>
      <ConfirmDialog
        open={open === 'delete'}
        onOpenChange={onClose}
        title="Delete this user?"
        action="Delete the user"
        typed={id}
        onConfirm={() => deleted.mutateAsync(undefined)}
      >
        The user goes with all events, achievements, points and places. This cannot be taken back.
      </ConfirmDialog>
    </>
  );
}
