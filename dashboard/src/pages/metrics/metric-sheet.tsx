import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Form, FormActions, SelectField, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';

type Metric = Schemas['AdminMetric'];

interface Props {
  /** Null makes a new one. */
  metric: Metric | null;
  onClose: () => void;
}

interface Values {
  name: string;
  key: string;
  unitType: 'number' | 'currency';
  units: string;
}

const UNIT_TYPES = [
  { value: 'number', label: 'Number' },
  { value: 'currency', label: 'Currency' },
] as const;

async function save(metric: Metric | null, values: Values): Promise<unknown> {
  if (metric === null) return expectDone(await call('post', '/metrics', { body: [values] }));
  const { name, unitType, units } = values;
  return expectDone(await call('patch', '/metrics', { body: [{ id: metric.id, name, unitType, units }] }));
}

export function MetricSheet({ metric, onClose }: Props) {
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Values>({
    defaultValues: metric ?? { name: '', key: '', unitType: 'number', units: '' },
  });
  const saved = useChange(
    (values: Values) => save(metric, values),
    () => {
      toast(metric === null ? 'The metric was created.' : 'The metric was saved.');
      onClose();
    },
  );
  const removed = useChange(
    async (id: string) => expectDone(await call('delete', '/metrics', { params: { query: { ids: [id] } } })),
    () => {
      toast('The metric was deleted.');
      onClose();
    },
  );
  return (
    <Sheet open onOpenChange={onClose} title={metric === null ? 'New metric' : metric.name}>
      <Form form={form} onSubmit={saved.mutateAsync}>
        <TextField name="name" label="Name" hint="As your team calls it: “Lessons completed”." autoFocus />
        <TextField
          name="key"
          label="Key"
          disabled={metric !== null}
          hint="As your code calls it: letters, digits, hyphens, underscores. It cannot be changed later."
        />
        <SelectField name="unitType" label="Kind" options={UNIT_TYPES} />
        <TextField
          name="units"
          label="Unit"
          hint="What one of it is: “lessons”, “km”, or a currency such as EUR."
        />
        <FormActions submit={metric === null ? 'Create the metric' : 'Save'} onCancel={onClose}>
          {metric !== null && (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
        </FormActions>
      </Form>
      {metric !== null && (
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title={`Delete ${metric.name}?`}
          action="Delete the metric"
          typed={metric.key}
          onConfirm={() => removed.mutateAsync(metric.id)}
        >
          Its totals and events stay on record but can no longer be reached. This cannot be taken back.
        </ConfirmDialog>
      )}
    </Sheet>
  );
}
