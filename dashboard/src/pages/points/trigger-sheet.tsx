import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useAll, useChange } from '@/api/hooks';
import { AttributeFilters, type Filter } from '@/components/attribute-filters';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { CheckboxField, Form, FormActions, needed, NumberField, SelectField } from '@/components/form';
import { toast } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import type { Trigger } from './parts';

interface Props {
  systemId: string;
  /** Null makes a new one. */
  trigger: Trigger | null;
  onClose: () => void;
}

type Type = Trigger['type'];

interface Values {
  type: Type;
  points: number | null;
  active: boolean;
  metricId: string;
  metricThreshold: number | null;
  eventAttributes: Filter[];
  achievementId: string;
  streakLength: number | null;
  timeInterval: number | null;
  timeUnit: 'hours' | 'days';
  userAttributes: Filter[];
  blockIfOutOfPoints: boolean;
}

const TYPES: readonly { value: Type; label: string }[] = [
  { value: 'metric', label: 'Every so much of a metric' },
  { value: 'achievement', label: 'An achievement is completed' },
  { value: 'streak', label: 'Every so many periods of a streak' },
  { value: 'time', label: 'Time passes' },
  { value: 'user_creation', label: 'A user is new' },
];

const UNITS = [
  { value: 'hours', label: 'Hours' },
  { value: 'days', label: 'Days' },
] as const;

function valuesOf(trigger: Trigger | null): Values {
  return {
    type: trigger?.type ?? 'metric',
    points: trigger?.points ?? null,
    active: trigger === null || trigger.status === 'active',
    metricId: trigger?.metricId ?? '',
    metricThreshold: trigger?.metricThreshold ?? 1,
    eventAttributes: trigger?.eventAttributes ?? [],
    achievementId: trigger?.achievementId ?? '',
    streakLength: trigger?.streakLength ?? 1,
    timeInterval: trigger?.timeInterval ?? 1,
    timeUnit: trigger?.timeUnit ?? 'days',
    userAttributes: trigger?.userAttributes ?? [],
    blockIfOutOfPoints: trigger?.blockIfOutOfPoints ?? false,
  };
}

/** Only the fields of the chosen type: the server refuses those of another one. */
function itemOf(values: Values) {
  const { type, userAttributes, active, blockIfOutOfPoints } = values;
  const causes = {
    metric: {
      metricId: values.metricId || null,
      metricThreshold: values.metricThreshold,
      eventAttributes: values.eventAttributes,
    },
    achievement: { achievementId: values.achievementId || null },
    streak: { streakLength: values.streakLength },
    time: { timeInterval: values.timeInterval, timeUnit: values.timeUnit },
    user_creation: {},
  };
  return {
    type,
    points: needed(values.points),
    status: active ? ('active' as const) : ('inactive' as const),
    userAttributes,
    blockIfOutOfPoints,
    ...causes[type],
  };
}

async function save(systemId: string, trigger: Trigger | null, values: Values): Promise<unknown> {
  const params = { path: { systemId } };
  const path = '/points/{systemId}/triggers';
  const item = itemOf(values);
  if (trigger === null) return expectDone(await call('post', path, { params, body: [item] }));
  return expectDone(await call('patch', path, { params, body: [{ id: trigger.id, ...item }] }));
}

export function TriggerSheet({ systemId, trigger, onClose }: Props) {
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Values>({ defaultValues: valuesOf(trigger) });
  const type = useWatch({ control: form.control, name: 'type' });
  const points = useWatch({ control: form.control, name: 'points' });
  const saved = useChange(
    (values: Values) => save(systemId, trigger, values),
    () => {
      toast(trigger === null ? 'The trigger was created.' : 'The trigger was saved.');
      onClose();
    },
  );
  const removed = useChange(
    async (id: string) =>
      expectDone(
        await call('delete', '/points/{systemId}/triggers', {
          params: { path: { systemId }, query: { ids: [id] } },
        }),
      ),
    () => {
      toast('The trigger was deleted.');
      onClose();
    },
  );
  return (
    <Sheet open onOpenChange={onClose} title={trigger === null ? 'New trigger' : 'Edit the trigger'}>
      <Form form={form} onSubmit={saved.mutateAsync} names={{ status: 'active' }}>
        <SelectField
          name="type"
          label="When"
          options={TYPES}
          disabled={trigger?.status === 'active'}
          hint={trigger?.status === 'active' && 'To change what it waits for, make it inactive first.'}
          autoFocus
        />
        <Cause type={type} />
        <NumberField
          name="points"
          label="Points"
          step={1}
          hint="How many it awards each time. A negative number takes them: a cost."
        />
        {(points ?? 0) < 0 && type === 'metric' && (
          <CheckboxField
            name="blockIfOutOfPoints"
            label="Refuse what the user cannot pay"
            hint="The call is refused when the user has too few points. Otherwise it takes what is there."
          />
        )}
        <AttributeFilters
          name="userAttributes"
          label="Only for users whose"
          type="user"
          hint="It is for every user."
        />
        <CheckboxField
          name="active"
          label="Active"
          hint="It awards from now on; nothing is awarded for what was before."
        />
        <FormActions submit={trigger === null ? 'Create the trigger' : 'Save'} onCancel={onClose}>
          {trigger !== null && (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
        </FormActions>
      </Form>
      {trigger !== null && (
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title="Delete the trigger?"
          action="Delete the trigger"
          onConfirm={() => removed.mutateAsync(trigger.id)}
        >
          It awards no more. Points it has awarded stay.
        </ConfirmDialog>
      )}
    </Sheet>
  );
}

function Cause({ type }: { type: Type }) {
  const metrics = useAll('/metrics').data ?? [];
  const achievements = useAll('/achievements').data ?? [];
  if (type === 'metric') {
    return (
      <>
        <div className="grid gap-4 sm:grid-cols-[8rem_1fr]">
          <NumberField name="metricThreshold" label="Every" min={1} step={1} />
          <SelectField
            name="metricId"
            label="Metric"
            placeholder="Choose a metric"
            options={named(metrics)}
          />
        </div>
        <AttributeFilters
          name="eventAttributes"
          label="Only events whose"
          type="event"
          hint="Every event of the metric counts."
        />
      </>
    );
  }
  if (type === 'achievement') {
    return (
      <SelectField
        name="achievementId"
        label="Achievement"
        placeholder="Choose an achievement"
        options={named(achievements)}
      />
    );
  }
  if (type === 'streak') {
    return (
      <NumberField
        name="streakLength"
        label="Every so many periods"
        min={1}
        step={1}
        hint="A period is a day, a week or a month, as the streak settings say."
      />
    );
  }
  if (type === 'time') {
    return (
      <div className="grid grid-cols-2 gap-4">
        <NumberField name="timeInterval" label="Every" min={1} step={1} />
        <SelectField name="timeUnit" label="Unit" options={UNITS} />
      </div>
    );
  }
  return null;
}

function named(items: readonly { id: string; name: string }[]) {
  return items.map(({ id, name }) => ({ value: id, label: name }));
}
