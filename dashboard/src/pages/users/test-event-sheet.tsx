import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useFieldArray, useForm, useFormContext } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { ApiError, type Issue } from '@/api/errors';
import { useAll, useChange } from '@/api/hooks';
import {
  FieldError,
  Form,
  FormActions,
  needed,
  NumberField,
  SelectField,
  TextField,
} from '@/components/form';
import { AchievementBadge } from '@/components/achievement-badge';
import { JsonView, Loaded } from '@/components/blocks';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import { Input } from '@/components/ui/input';
import { Note, Skeleton } from '@/components/ui/small';
import { amount } from '@/lib/format';

type Answered = Schemas['EventResponse'];

interface Values {
  userId: string;
  metricKey: string;
  value: number | null;
  idempotencyKey: string;
  attributes: { key: string; value: string }[];
}

const NOBODY: Issue = {
  severity: 'error',
  message: 'Type the id of the user whose event it is',
  field: 'userId',
};
const NAMES = { metric: 'metricKey', id: 'userId', 'Event attributes': 'attributes' } as const;

interface Props {
  /** Whose event it is; left out, the form asks. */
  userId?: string;
  onClose: () => void;
  onSent?: (userId: string) => void;
}

/** Records one event as an application would, and tells what came of it. */
export function TestEventSheet(props: Props) {
  const metrics = useAll('/metrics');
  return (
    <Sheet
      open
      onOpenChange={props.onClose}
      title="Send a test event"
      description="It counts like any other event, and stays on record."
    >
      <Loaded query={metrics} skeleton={<Skeleton className="h-80 w-full" />}>
        {(found) =>
          found.length === 0 ? (
            <Note>
              There is no metric yet.{' '}
              <Link to="/metrics" className="text-accent underline underline-offset-4">
                Make one
              </Link>{' '}
              first: every event adds to a metric.
            </Note>
          ) : (
            <TestEventForm {...props} metrics={found} />
          )
        }
      </Loaded>
    </Sheet>
  );
}

function TestEventForm({
  userId,
  onClose,
  onSent,
  metrics,
}: Props & { metrics: readonly Schemas['AdminMetric'][] }) {
  const [answered, setAnswered] = useState<Answered | null>(null);
  const form = useForm<Values>({
    defaultValues: {
      userId: userId ?? '',
      metricKey: metrics[0]?.key ?? '',
      value: 1,
      idempotencyKey: '',
      attributes: [],
    },
  });
  const sent = useChange(
    (values: Values) => {
      if (values.userId.trim() === '') throw new ApiError(422, 'invalid', '', [NOBODY]);
      return call('post', '/users/{id}/events', {
        params: { path: { id: values.userId } },
        body: {
          metricKey: values.metricKey,
          value: needed(values.value),
          ...(values.attributes.length > 0 && {
            attributes: Object.fromEntries(values.attributes.map(({ key, value }) => [key, value])),
          }),
          ...(values.idempotencyKey !== '' && { idempotencyKey: values.idempotencyKey }),
        },
      });
    },
    (answer) => setAnswered(answer),
  );
  return (
    <Form form={form} onSubmit={sent.mutateAsync} names={NAMES}>
      {userId === undefined && (
        <TextField name="userId" label="User" hint="The id; a new one makes a new user." autoFocus />
      )}
      <SelectField
        name="metricKey"
        label="Metric"
        options={metrics.map(({ key, name }) => ({ value: key, label: name }))}
      />
      <NumberField name="value" label="Value" />
      <Attributes />
      <TextField
        name="idempotencyKey"
        label="Idempotency key"
        hint="Optional: an event with a key that was used before is not counted again."
      />
      {answered !== null && <Outcome answer={answered} />}
      <FormActions submit={answered === null ? 'Send the event' : 'Send another'} onCancel={onClose}>
        {answered !== null && onSent && (
          <Button onClick={() => onSent(form.getValues('userId'))}>Open the user</Button>
        )}
      </FormActions>
    </Form>
  );
}

function Attributes() {
  const { control, register, formState } = useFormContext<Values>();
  const { attributes: error } = formState.errors;
  const { fields, append, remove } = useFieldArray({ control, name: 'attributes' });
  const known = (useAll('/attributes').data ?? []).filter((each) => each.type === 'event');
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Attributes of the event</legend>
      <datalist id="event-attributes">
        {known.map((each) => (
          <option key={each.id} value={each.key} />
        ))}
      </datalist>
      {fields.map((field, index) => (
        <div key={field.id} className="flex items-center gap-2">
          <Input
            aria-label="Key"
            placeholder="Key"
            list="event-attributes"
            autoComplete="off"
            {...register(`attributes.${index}.key`)}
          />
          <Input
            aria-label="Value"
            placeholder="Value"
            autoComplete="off"
            {...register(`attributes.${index}.value`)}
          />
          <Button variant="ghost" size="icon" aria-label="Remove the attribute" onClick={() => remove(index)}>
            <X />
          </Button>
        </div>
      ))}
      <FieldError message={error?.message ?? error?.root?.message} />
      <Button size="sm" className="self-start" onClick={() => append({ key: '', value: '' })}>
        <Plus /> Add an attribute
      </Button>
    </fieldset>
  );
}

function Outcome({ answer }: { answer: Answered }) {
  const points = Object.values(answer.points).filter((each) => each.added !== 0);
  return (
    <div className="flex flex-col gap-2" role="status">
      <Note tone={answer.idempotentReplayed ? 'warn' : 'good'}>
        {answer.idempotentReplayed
          ? 'That key was used before: nothing was counted. What the first event brought is shown again.'
          : `It counted. The total is now ${amount(answer.total)}.`}
      </Note>
      {answer.achievements.map((each) => (
        <div key={each.id} className="flex items-center gap-3 rounded-lg border bg-surface p-2.5 text-sm">
          <AchievementBadge url={each.badgeUrl} name={each.name} className="size-9" />
          <span>
            Earned <strong className="font-semibold">{each.name}</strong>
          </span>
        </div>
      ))}
      {points.map((each) => (
        <p key={each.id} className="text-sm">
          {each.added > 0 && '+'}
          {amount(each.added)} {each.name}, {amount(each.total)} in all
        </p>
      ))}
      <details className="text-sm">
        <summary className="text-soft">The whole answer</summary>
        <JsonView value={answer} className="mt-2" />
      </details>
    </div>
  );
}
