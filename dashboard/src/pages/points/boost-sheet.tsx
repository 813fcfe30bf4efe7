import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { AttributeFilters, type Filter } from '@/components/attribute-filters';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Form, FormActions, needed, NumberField, SelectField, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import type { Boost } from './parts';

interface Props {
  systemId: string;
  /** Null makes a new one. */
  boost: Boost | null;
  onClose: () => void;
}

type Scope = 'everybody' | 'attributes' | 'user';

interface Values {
  name: string;
  multiplier: number | null;
  rounding: Boost['rounding'];
  start: string;
  end: string;
  scope: Scope;
  userId: string;
  userAttributes: Filter[];
}

const SCOPES: readonly { value: Scope; label: string }[] = [
  { value: 'everybody', label: 'Everybody' },
  { value: 'attributes', label: 'Users by their attributes' },
  { value: 'user', label: 'One user' },
];

const ROUNDINGS: readonly { value: Boost['rounding']; label: string }[] = [
  { value: 'down', label: 'Down' },
  { value: 'nearest', label: 'To the nearest' },
  { value: 'up', label: 'Up' },
];

function valuesOf(boost: Boost | null): Values {
  const filters = boost?.userAttributes ?? [];
  return {
    name: boost?.name ?? '',
    multiplier: boost?.multiplier ?? 2,
    rounding: boost?.rounding ?? 'down',
    start: boost?.start ?? new Date().toISOString().slice(0, 10),
    end: boost?.end ?? '',
    scope: boost !== null && boost.userId !== null ? 'user' : filters.length > 0 ? 'attributes' : 'everybody',
    userId: boost?.userId ?? '',
    userAttributes: filters,
  };
}

async function save(systemId: string, boost: Boost | null, values: Values): Promise<unknown> {
  const { scope, userId, userAttributes, end, multiplier, ...rest } = values;
  const params = { path: { systemId } };
  const path = '/points/{systemId}/boosts';
  const item = {
    ...rest,
    end: end === '' ? null : end,
    multiplier: needed(multiplier),
    ...(scope !== 'user' && { userAttributes: scope === 'attributes' ? userAttributes : [] }),
  };
  if (boost !== null) {
    return expectDone(await call('patch', path, { params, body: [{ id: boost.id, ...item }] }));
  }
  const draft = scope === 'user' ? { ...item, userId } : item;
  return expectDone(await call('post', path, { params, body: [draft] }));
}

export function BoostSheet({ systemId, boost, onClose }: Props) {
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Values>({ defaultValues: valuesOf(boost) });
  const scope = useWatch({ control: form.control, name: 'scope' });
  const saved = useChange(
    (values: Values) => save(systemId, boost, values),
    () => {
      toast(boost === null ? 'The boost was created.' : 'The boost was saved.');
      onClose();
    },
  );
  const removed = useChange(
    async (id: string) =>
      expectDone(
        await call('delete', '/points/{systemId}/boosts', {
          params: { path: { systemId }, query: { ids: [id] } },
        }),
      ),
    () => {
      toast('The boost was deleted.');
      onClose();
    },
  );
  const ofOne = boost !== null && boost.userId !== null;
  const scopes = boost === null ? SCOPES : SCOPES.filter((each) => (each.value === 'user') === ofOne);
  return (
    <Sheet open onOpenChange={onClose} title={boost === null ? 'New boost' : boost.name}>
      <Form form={form} onSubmit={saved.mutateAsync} names={{ User: 'userId' }}>
        <TextField name="name" label="Name" hint="Users may see it: “Double weekend”." autoFocus />
        <div className="grid grid-cols-2 gap-4">
          <NumberField name="multiplier" label="Multiplier" min={0} step="any" />
          <SelectField name="rounding" label="Round" options={ROUNDINGS} />
          <TextField name="start" label="First day" type="date" />
          <TextField name="end" label="Last day" type="date" hint="Empty: it has no end." />
        </div>
        <SelectField name="scope" label="For" options={scopes} disabled={ofOne} />
        {scope === 'user' && (
          <TextField name="userId" label="User id" disabled={ofOne} hint="The user must be known already." />
        )}
        {scope === 'attributes' && (
          <AttributeFilters
            name="userAttributes"
            label="Users whose"
            type="user"
            hint="Without a condition it is for everybody."
          />
        )}
        <FormActions submit={boost === null ? 'Create the boost' : 'Save'} onCancel={onClose}>
          {boost !== null && (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
        </FormActions>
      </Form>
      {boost !== null && (
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title={`Delete ${boost.name}?`}
          action="Delete the boost"
          onConfirm={() => removed.mutateAsync(boost.id)}
        >
          It multiplies no more. Points it has brought stay.
        </ConfirmDialog>
      )}
    </Sheet>
  );
}
