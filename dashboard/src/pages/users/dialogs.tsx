/** What is done for one user by a small form. */
import { useForm } from 'react-hook-form';
import { useNavigate } from 'react-router';
import { call } from '@/api/client';
import { ApiError, expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { Form, FormActions, NumberField, SelectField, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Dialog } from '@/components/ui/dialog';
import { counted } from '@/lib/format';
import { expectDoneFor, ruleOf, usersPath, type Dossier } from './parts';

export function GrantDialog({ dossier, onClose }: { dossier: Dossier; onClose: () => void }) {
  const open = dossier.achievements.filter((each) => each.achievedAt === null);
  const form = useForm({ defaultValues: { achievementId: open[0]?.id ?? '' } });
  const granted = useChange(
    (body: { achievementId: string }) =>
      call('post', '/users/{id}/achievements', { params: { path: { id: dossier.user.id } }, body }),
    (answer) => {
      toast(`“${answer.achievement.name}” was granted.`);
      onClose();
    },
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Grant an achievement"
      description="As if it had been completed now, with what follows from it."
    >
      <Form form={form} onSubmit={granted.mutateAsync}>
        <SelectField
          name="achievementId"
          label="Achievement"
          options={open.map((each) => ({ value: each.id, label: `${each.name} (${ruleOf(each)})` }))}
        />
        <FormActions submit="Grant it" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

export function FreezesDialog({ dossier, onClose }: { dossier: Dossier; onClose: () => void }) {
  const id = dossier.user.id;
  const most = dossier.streak.maxFreezes;
  const form = useForm<{ freezes: number | null }>({ defaultValues: { freezes: 1 } });
  const gave = useChange(
    async ({ freezes }: { freezes: number | null }) => {
      const asked = freezes ?? 0;
      if (!Number.isInteger(asked) || asked < 1 || asked > MOST_FREEZES) {
        throw new ApiError(
          422,
          'invalid',
          `The field freezes must be a whole number from 1 to ${MOST_FREEZES}.`,
        );
      }
      const body = { freezes: Array.from({ length: asked }, () => ({ userId: id })) };
      const answer = expectDoneFor(await call('post', '/streaks/freezes', { body }), asked);
      return { given: asked - answer.issues.length, asked };
    },
    ({ given, asked }) => {
      toast(
        given === asked
          ? `${counted(given, 'freeze')} given.`
          : `${counted(given, 'freeze')} given; the user cannot hold more.`,
      );
      onClose();
    },
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Give streak freezes"
      description={`Each holds the streak over one missed period. The user has ${dossier.user.freezes} now${most === undefined ? '' : `, and can hold ${most}`}.`}
    >
      <Form form={form} onSubmit={gave.mutateAsync}>
        <NumberField name="freezes" label="How many" min={1} step={1} />
        <FormActions submit="Give" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

/** One call takes so many items. */
const MOST_FREEZES = 100;

export function PauseDialog({ userId, onClose }: { userId: string; onClose: () => void }) {
  const form = useForm({ defaultValues: { start: new Date().toISOString().slice(0, 10), end: '' } });
  const paused = useChange(
    async (values: { start: string; end: string }) =>
      expectDone(await call('post', '/streaks/pauses', { body: { pauses: [{ userId, ...values }] } })),
    () => {
      toast('The streak is paused for that time.');
      onClose();
    },
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Pause the streak"
      description="In a pause nothing is lost, and nothing needs to be done."
    >
      <Form form={form} onSubmit={paused.mutateAsync}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="start" label="First day" type="date" />
          <TextField name="end" label="Last day" type="date" />
        </div>
        <FormActions submit="Pause" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

export function MergeDialog({ userId, onClose }: { userId: string; onClose: () => void }) {
  const navigate = useNavigate();
  const form = useForm({ defaultValues: { to: '', typed: '' } });
  const merged = useChange(
    async ({ to, typed }: { to: string; typed: string }) => {
      if (typed.trim() !== userId) {
        throw new ApiError(422, 'invalid', '', [
          { severity: 'error', message: `Type ${userId} to confirm.`, field: 'typed' },
        ]);
      }
      const answer = await call('post', '/users/merge', { body: { from: userId, to: to.trim() } });
      await navigate(usersPath(answer.id), { flushSync: true });
      return answer;
    },
    (answer) =>
      toast(
        answer.alreadyMerged
          ? 'They were merged before.'
          : `Merged: ${counted(answer.events, 'event')} came along, ${counted(answer.duplicates, 'duplicate')} left out.`,
      ),
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Merge into another user"
      description="Events, keys, totals, achievements and streaks of this user become the other's, and this user goes. This cannot be taken back."
    >
      <Form form={form} onSubmit={merged.mutateAsync} names={{ 'no user': 'to', 'part of itself': 'to' }}>
        <TextField name="to" label="The user who stays" hint="Their id." autoFocus spellCheck={false} />
        <TextField name="typed" label={`Type ${userId} to confirm`} spellCheck={false} />
        <FormActions submit="Merge" onCancel={onClose} danger />
      </Form>
    </Dialog>
  );
}
