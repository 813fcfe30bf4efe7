import { useForm, useFormContext, useWatch } from 'react-hook-form';
import { useAll, useChange } from '@/api/hooks';
import { AttributeFilters } from '@/components/attribute-filters';
import { FieldError, Form, FormActions, NumberField, SelectField, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Sheet } from '@/components/ui/dialog';
import { Checkbox } from '@/components/ui/input';
import { Note } from '@/components/ui/small';
import { saveBoard, valuesOf, type Values } from './board-values';
import type { Board } from './text';

interface Props {
  /** Null makes a new one. */
  board: Board | null;
  onClose: () => void;
  onCreated?: (id: string) => void | Promise<void>;
}

const RANK_BY = [
  { value: 'metric', label: 'A metric' },
  { value: 'points', label: 'Points' },
  { value: 'streak', label: 'The length of the streak' },
] as const;

const REPEATS = [
  { value: 'no', label: 'Once, from its first day on' },
  { value: 'yes', label: 'In runs: it begins anew' },
] as const;

const UNITS = [
  { value: 'day', label: 'Days' },
  { value: 'month', label: 'Months' },
  { value: 'year', label: 'Years' },
] as const;

const STATUSES: readonly { value: Board['status']; label: string }[] = [
  { value: 'inactive', label: 'Inactive: nobody sees it' },
  { value: 'active', label: 'Active' },
  { value: 'scheduled', label: 'Scheduled: active from its first day on' },
  { value: 'finished', label: 'Finished: seen, but counts no more' },
];

export function BoardSheet({ board, onClose, onCreated }: Props) {
  const form = useForm<Values>({ defaultValues: valuesOf(board) });
  const saved = useChange(
    (values: Values) => saveBoard(board, values),
    (id) => {
      toast(board === null ? 'The leaderboard was created.' : 'The leaderboard was saved.');
      onClose();
      if (board === null) return onCreated?.(id);
    },
  );
  const live = board !== null && board.status !== 'inactive';
  return (
    <Sheet open onOpenChange={onClose} title={board === null ? 'New leaderboard' : `Edit ${board.name}`}>
      <Form form={form} onSubmit={saved.mutateAsync} names={{ Metric: 'metricId', Points: 'pointsSystemId' }}>
        <TextField name="name" label="Name" autoFocus />
        <TextField
          name="key"
          label="Key"
          disabled={live}
          hint="As your code calls it: letters, digits, hyphens, underscores."
        />
        <TextField name="description" label="Description" />
        {live && (
          <Note>How it counts can only be changed while it is inactive. Scores are counted anew then.</Note>
        )}
        <Counting live={live} />
        <NumberField
          name="maxParticipants"
          label="Places"
          min={1}
          max={1000}
          step={1}
          placeholder="No limit"
          hint="How many users it shows, in each group. Empty: everybody."
        />
        {!live && (
          <>
            <Breakdown />
            <AttributeFilters
              name="userAttributes"
              label="Only users whose"
              type="user"
              hint="Every user takes part."
            />
          </>
        )}
        <SelectField name="status" label="Status" options={STATUSES} />
        <FormActions submit={board === null ? 'Create the leaderboard' : 'Save'} onCancel={onClose} />
      </Form>
    </Sheet>
  );
}

/** What is ranked, and when it counts. */
function Counting({ live }: { live: boolean }) {
  const metrics = useAll('/metrics').data ?? [];
  const systems = useAll('/points').data ?? [];
  const { control } = useFormContext<Values>();
  const [rankBy, repeats] = useWatch({ control, name: ['rankBy', 'repeats'] });
  const named = (items: readonly { id: string; name: string }[]) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField name="rankBy" label="Ranked by" options={RANK_BY} disabled={live} />
        {rankBy === 'metric' && (
          <SelectField
            name="metricId"
            label="Metric"
            placeholder="Choose a metric"
            options={named(metrics)}
            disabled={live}
          />
        )}
        {rankBy === 'points' && (
          <SelectField
            name="pointsSystemId"
            label="Points system"
            placeholder="Choose a system"
            options={named(systems)}
            disabled={live}
          />
        )}
        <TextField
          name="start"
          label="First day"
          type="date"
          disabled={live}
          hint="In each user’s own time zone."
        />
        <TextField name="end" label="Last day" type="date" hint="Empty: it has no end." />
      </div>
      {rankBy !== 'streak' && (
        <>
          <SelectField name="repeats" label="Counts" options={REPEATS} disabled={live} />
          {repeats === 'yes' && (
            <div className="grid grid-cols-2 gap-4">
              <NumberField name="runInterval" label="Anew every" min={1} step={1} disabled={live} />
              <SelectField name="runUnit" label="Unit" options={UNITS} disabled={live} />
            </div>
          )}
          <div className="grid grid-cols-2 gap-4">
            <TextField name="startTime" label="Counts from" type="time" disabled={live} />
            <TextField
              name="endTime"
              label="Counts until"
              type="time"
              disabled={live}
              hint="Empty: the whole day."
            />
          </div>
        </>
      )}
    </>
  );
}

/** Attributes by which users are ranked in groups of their own. */
function Breakdown() {
  const attributes = useAll('/attributes').data?.filter((each) => each.type === 'user') ?? [];
  const { register, formState } = useFormContext<Values>();
  if (attributes.length === 0) return null;
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">A ranking of its own for each</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1.5">
        {attributes.map((each) => (
          <label key={each.id} className="flex items-center gap-2 text-sm">
            <Checkbox value={each.id} {...register('breakdownAttributes')} />
            {each.name}
          </label>
        ))}
      </div>
      <FieldError message={formState.errors.breakdownAttributes?.message} />
      <p className="text-[0.8125rem]/snug text-soft">
        Users compete with those who have the same value: a board for each country, each team.
      </p>
    </fieldset>
  );
}
