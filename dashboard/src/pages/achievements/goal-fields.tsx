import { useFormContext } from 'react-hook-form';
import { Link } from 'react-router';
import { AttributeFilters } from '@/components/attribute-filters';
import { NumberField, SelectField } from '@/components/form';
import { cn } from '@/lib/cn';
import { TRIGGERS, type Achievement, type Terms, type Values } from './model';
import { Prerequisites } from './prerequisites';

/** The five triggers, side by side. */
export function TriggerField() {
  const { register, watch } = useFormContext<Values>();
  const chosen = watch('trigger');
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Trigger</legend>
      <div className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
        {TRIGGERS.map((each) => (
          <label
            key={each.value}
            className={cn(
              'flex cursor-pointer gap-2.5 rounded-lg border bg-surface p-3 transition-colors hover:border-line-strong has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              chosen === each.value && 'border-accent bg-accent-soft hover:border-accent',
            )}
          >
            <input
              type="radio"
              value={each.value}
              className="mt-1 accent-accent outline-none"
              {...register('trigger')}
            />
            <span>
              <span className="block text-sm font-medium">{each.label}</span>
              <span className="block text-[0.8125rem]/snug text-soft">{each.hint}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface Props {
  terms: Terms;
  others: readonly Achievement[];
}

/** What the chosen trigger needs. */
export function GoalFields({ terms, others }: Props) {
  const { watch } = useFormContext<Values>();
  switch (watch('trigger')) {
    case 'metric':
      return <MetricGoal terms={terms} />;
    case 'streak':
      return (
        <NumberField
          name="streakLength"
          label="Length of the streak"
          className="max-w-56"
          min={1}
          step={1}
          hint={`In ${PERIODS[terms.frequency]}, as the streak settings say.`}
        />
      );
    case 'anniversary':
      return (
        <NumberField
          name="anniversaryYears"
          label="Years since sign-up"
          className="max-w-56"
          min={1}
          step={1}
          hint="Earned at midnight of that day, in the user's own time zone."
        />
      );
    case 'achievement':
      return <Prerequisites achievements={others} terms={terms} />;
    case 'api':
      return (
        <p className="text-sm text-soft">
          Your application completes it by calling the API with the key below. Nothing else does.
        </p>
      );
  }
}

const PERIODS: Record<Terms['frequency'], string> = { daily: 'days', weekly: 'weeks', monthly: 'months' };

function MetricGoal({ terms }: { terms: Terms }) {
  const { watch } = useFormContext<Values>();
  const metric = terms.metrics.find((each) => each.id === watch('metricId'));
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <SelectField
          name="metricId"
          label="Metric"
          placeholder="Choose a metric"
          options={terms.metrics.map((each) => ({ value: each.id, label: each.name }))}
          hint={
            terms.metrics.length === 0 && (
              <>
                There is no metric yet:{' '}
                <Link to="/metrics" className="text-accent underline underline-offset-2">
                  make one
                </Link>{' '}
                first.
              </>
            )
          }
        />
        <NumberField
          name="metricValue"
          label="Total to reach"
          min={0}
          hint={metric?.units ? `In ${metric.units}. Every event adds to it.` : 'Every event adds to it.'}
        />
      </div>
      <AttributeFilters
        name="eventAttributes"
        type="event"
        label="Only events whose"
        hint="Every event counts toward the total."
      />
    </>
  );
}
