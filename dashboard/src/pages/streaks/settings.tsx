import { Plus, X } from 'lucide-react';
import { useFieldArray, useForm, useFormContext, useWatch } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { useAll, useChange, useGet } from '@/api/hooks';
import { useCan } from '@/api/session';
import { Loaded, PageHeader } from '@/components/blocks';
import {
  CheckboxField,
  FieldError,
  Form,
  FormActions,
  needed,
  NumberField,
  SelectField,
} from '@/components/form';
import { toast } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { Checkbox, Input, Select } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/small';

type Settings = Schemas['AdminStreakSettings'];

interface Values {
  frequency: Settings['frequency'];
  weekStart: Settings['weekStart'];
  evaluationMode: Settings['evaluationMode'];
  customizationEnabled: boolean;
  metrics: { key: string; threshold: number | null }[];
  /** Checkboxes hold their values as text. */
  daysOff: string[];
  freezesOn: boolean;
  startCount: number | null;
  maxCount: number | null;
  autoEarnInterval: number | null;
  autoEarnAmount: number | null;
}

const FREQUENCIES = [
  { value: 'daily', label: 'Day' },
  { value: 'weekly', label: 'Week' },
  { value: 'monthly', label: 'Month' },
] as const;

const WEEK_STARTS = [
  { value: 'monday', label: 'Monday' },
  { value: 'sunday', label: 'Sunday' },
] as const;

const MODES = [
  { value: 'OR', label: 'Any of them is enough' },
  { value: 'AND', label: 'All of them are needed' },
] as const;

/** Weekdays from Monday on, as the API numbers them. */
const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;
const SUNDAY = Date.UTC(2023, 0, 1);
const DAY_MS = 86_400_000;
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' });

function valuesOf(settings: Settings): Values {
  const { freezes } = settings;
  return {
    frequency: settings.frequency,
    weekStart: settings.weekStart,
    evaluationMode: settings.evaluationMode,
    customizationEnabled: settings.customizationEnabled,
    metrics: settings.metrics,
    daysOff: settings.daysOff.map(String),
    freezesOn: freezes !== null,
    startCount: freezes?.startCount ?? 0,
    maxCount: freezes?.maxCount ?? 2,
    autoEarnInterval: freezes?.autoEarnInterval ?? null,
    autoEarnAmount: freezes?.autoEarnAmount ?? null,
  };
}

async function save(values: Values): Promise<Settings> {
  const { freezesOn, startCount, maxCount, autoEarnInterval, autoEarnAmount, metrics, daysOff, ...rest } =
    values;
  return call('patch', '/streaks/settings', {
    body: {
      ...rest,
      daysOff: values.frequency === 'daily' ? daysOff.map(Number) : [],
      metrics: metrics.map(({ key, threshold }) => ({ key, threshold: needed(threshold) })),
      freezes: freezesOn
        ? { startCount: needed(startCount), maxCount: needed(maxCount), autoEarnInterval, autoEarnAmount }
        : null,
    },
  });
}

/** What keeps a streak, what breaks it, and what saves it. */
export default function StreakSettingsPage() {
  const settings = useGet('/streaks/settings');
  return (
    <>
      <PageHeader
        title="Streaks"
        hint="How a user’s days in a row are counted, in the user’s own time zone. One set of rules for all."
      />
      <Loaded query={settings} skeleton={<Ghost />}>
        {(found) => <SettingsForm settings={found} />}
      </Loaded>
    </>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const canEdit = useCan('editor');
  const form = useForm<Values>({ defaultValues: valuesOf(settings) });
  const saved = useChange(save, (after) => {
    form.reset(valuesOf(after));
    toast('The streak settings were saved.');
  });
  const [frequency, freezesOn] = useWatch({ control: form.control, name: ['frequency', 'freezesOn'] });
  return (
    <Form form={form} onSubmit={saved.mutateAsync} className="max-w-3xl">
      <fieldset disabled={!canEdit} className="contents">
        <Card>
          <CardHead title="Period" hint="A streak grows by one for each period that counts." />
          <div className="grid gap-4 px-5 pb-5 sm:grid-cols-2">
            <SelectField name="frequency" label="A period is a" options={FREQUENCIES} />
            <SelectField name="weekStart" label="Weeks begin on" options={WEEK_STARTS} />
            {frequency === 'daily' && <DaysOff />}
          </div>
        </Card>
        <Card>
          <CardHead
            title="What counts"
            hint="Without a metric here, a period counts as soon as any metric grows."
          />
          <div className="flex flex-col gap-4 px-5 pb-5">
            <Metrics />
          </div>
        </Card>
        <Card>
          <CardHead
            title="Freezes"
            hint="A freeze is used up when a period is missed, and the streak goes on."
          />
          <div className="flex flex-col gap-4 px-5 pb-5">
            <CheckboxField name="freezesOn" label="Users have freezes" />
            {freezesOn && (
              <div className="grid gap-4 sm:grid-cols-2">
                <NumberField name="startCount" label="New users start with" min={0} step={1} />
                <NumberField name="maxCount" label="Most a user can hold" min={1} max={100} step={1} />
                <NumberField
                  name="autoEarnInterval"
                  label="Days between earned ones"
                  min={1}
                  step={1}
                  hint="Empty: none are earned."
                />
                <NumberField name="autoEarnAmount" label="Earned each time" min={1} step={1} />
              </div>
            )}
          </div>
        </Card>
        <Card>
          <CardHead title="Users’ own choice" />
          <div className="px-5 pb-5">
            <CheckboxField
              name="customizationEnabled"
              label="Users may choose what counts for them"
              hint="By their preferences, over the API. Those who choose nothing have the rules of this page."
            />
          </div>
        </Card>
        {canEdit && <FormActions submit="Save" />}
      </fieldset>
    </Form>
  );
}

function DaysOff() {
  const { register, formState } = useFormContext<Values>();
  return (
    <fieldset className="flex flex-col gap-1.5 sm:col-span-2">
      <legend className="mb-1 text-sm font-medium">Days off</legend>
      <div className="flex flex-wrap gap-2">
        {DAYS.map((day) => (
          <label
            key={day}
            className="flex h-9 items-center gap-2 rounded-md border border-line-strong/60 px-3 text-sm has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent"
          >
            <Checkbox value={String(day)} {...register('daysOff')} />
            {weekday.format(SUNDAY + day * DAY_MS)}
          </label>
        ))}
      </div>
      <FieldError message={formState.errors.daysOff?.message} />
      <p className="text-[0.8125rem]/snug text-soft">
        On these days nothing is expected: they neither break a streak nor lengthen it.
      </p>
    </fieldset>
  );
}

function Metrics() {
  const metrics = useAll('/metrics').data ?? [];
  const { control, register, formState } = useFormContext<Values>();
  const { fields, append, remove } = useFieldArray({ control, name: 'metrics' });
  const chosen = useWatch({ control, name: 'metrics' });
  const free = metrics.find((metric) => chosen.every((each) => each.key !== metric.key));
  const { errors } = formState;
  return (
    <>
      {fields.map((field, index) => (
        <div key={field.id} className="flex flex-wrap items-center gap-2 text-sm">
          <span className="text-soft">At least</span>
          <Input
            type="number"
            step="any"
            min={0}
            aria-label="At least"
            aria-invalid={errors.metrics !== undefined}
            className="w-24"
            {...register(`metrics.${index}.threshold`, {
              setValueAs: (text: unknown) => (text === '' || text === null ? null : Number(text)),
            })}
          />
          <span className="text-soft">of</span>
          <Select
            aria-label="Metric"
            className="min-w-40 flex-1 sm:max-w-64"
            {...register(`metrics.${index}.key`)}
          >
            {metrics.map((metric) => (
              <option key={metric.id} value={metric.key}>
                {metric.name}
              </option>
            ))}
          </Select>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Remove this metric"
            onClick={() => remove(index)}
          >
            <X />
          </Button>
        </div>
      ))}
      <FieldError message={errors.metrics?.message ?? errors.metrics?.root?.message} />
      <div>
        <Button
          size="sm"
          disabled={free === undefined}
          onClick={() => append({ key: free?.key ?? '', threshold: 1 })}
        >
          <Plus /> Add a metric
        </Button>
      </div>
      {fields.length > 1 && (
        <SelectField
          name="evaluationMode"
          label="Of several metrics"
          options={MODES}
          className="sm:max-w-80"
        />
      )}
    </>
  );
}

function Ghost() {
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <Skeleton className="h-60 rounded-xl" />
      <Skeleton className="h-32 rounded-xl" />
      <Skeleton className="h-64 rounded-xl" />
    </div>
  );
}
