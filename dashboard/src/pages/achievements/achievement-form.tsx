import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { AttributeFilters } from '@/components/attribute-filters';
import { BadgeField } from '@/components/badge-field';
import { Form, FormActions, SelectField, showErrors, TextAreaField, TextField } from '@/components/form';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { BadgePreview } from './badge-card';
import { DryRunDialog } from './dry-run';
import { GoalFields, TriggerField } from './goal-fields';
import {
  itemOf,
  NAMES,
  ruleOf,
  STATUSES,
  type Achievement,
  type Draft,
  type Terms,
  type Values,
} from './model';

interface Props {
  values: Values;
  /** The one that is edited. */
  before?: Achievement;
  achievements: readonly Achievement[];
  terms: Terms;
  submit: string;
  onSave: (item: Draft) => Promise<unknown>;
  onCancel: () => void;
}

/** One form for all five triggers, with the badge card beside it as users will see it. */
export function AchievementForm({ values, before, achievements, terms, submit, onSave, onCancel }: Props) {
  const form = useForm<Values>({ defaultValues: values });
  const [tried, setTried] = useState<{ item: Draft; save: boolean } | null>(null);
  // Saving what people may meet already shows first who they are; nobody meets what only the API completes.
  const save = async (next: Values) => {
    const item = itemOf(next);
    if (item.status === 'active' && item.trigger !== 'api') setTried({ item, save: true });
    else await onSave(item);
  };
  return (
    <Form form={form} onSubmit={save} names={NAMES}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex shrinkable flex-col gap-5">
          <Card className="flex flex-col gap-5 p-5">
            <TextField name="name" label="Name" autoFocus={before === undefined} />
            <TextAreaField
              name="description"
              label="Description"
              rows={2}
              hint="What users read below the name."
            />
            <BadgeField name="badgeUrl" />
          </Card>
          <Card className="flex flex-col gap-5 p-5">
            <TriggerField />
            <GoalFields terms={terms} others={achievements.filter((each) => each.id !== before?.id)} />
          </Card>
          <Card className="flex flex-col gap-5 p-5">
            <AttributeFilters
              name="userAttributes"
              type="user"
              label="Only for users whose"
              hint="Everybody sees it and can earn it."
            />
            <div className="grid items-start gap-5 sm:grid-cols-2">
              <TextField
                name="key"
                label="Key"
                spellCheck={false}
                hint="As your code calls it; needed for the trigger API only."
              />
              <StatusField />
            </div>
          </Card>
        </div>
        <div className="flex shrinkable flex-col gap-4 lg:sticky lg:top-6">
          <Preview terms={terms} control={form.control} />
        </div>
      </div>
      <div className="sticky bottom-0 z-20 -mx-4 border-t bg-canvas/95 px-4 pb-4 backdrop-blur sm:-mx-8 sm:px-8">
        <FormActions submit={submit} onCancel={onCancel}>
          <Button onClick={() => setTried({ item: itemOf(form.getValues()), save: false })}>
            Who gets it now?
          </Button>
        </FormActions>
      </div>
      {tried && (
        <DryRunDialog
          item={tried.save ? tried.item : { ...tried.item, status: 'active' }}
          id={before?.id}
          {...(tried.save && { action: submit, onConfirm: () => onSave(tried.item) })}
          onClose={() => setTried(null)}
          onRefused={(error) => {
            setTried(null);
            showErrors(form, error, NAMES);
          }}
        />
      )}
    </Form>
  );
}

function StatusField() {
  const status = useWatch<Values, 'status'>({ name: 'status' });
  return (
    <SelectField
      name="status"
      label="Status"
      options={STATUSES}
      hint={STATUSES.find((each) => each.value === status)?.hint}
    />
  );
}

type Control = ReturnType<typeof useForm<Values>>['control'];

function Preview({ terms, control }: { terms: Terms; control: Control }) {
  const values = useWatch({ control }) as Values;
  const targets: Record<Values['trigger'], number | null> = {
    metric: values.metricValue,
    streak: values.streakLength,
    anniversary: values.anniversaryYears,
    achievement: values.achievementIds.length || null,
    api: null,
  };
  return (
    <BadgePreview
      name={values.name}
      description={values.description}
      badgeUrl={values.badgeUrl}
      rule={ruleOf(itemOf(values), terms)}
      target={targets[values.trigger]}
      locked={values.status === 'locked'}
    />
  );
}
