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

type Attribute = Schemas['AdminAttribute'];

interface Props {
  /** Null makes a new one. */
  attribute: Attribute | null;
  onClose: () => void;
}

interface Values {
  name: string;
  key: string;
  type: Attribute['type'];
}

const TYPES = [
  { value: 'user', label: 'Users' },
  { value: 'event', label: 'Events' },
] as const;

async function save(attribute: Attribute | null, values: Values): Promise<unknown> {
  if (attribute === null) return expectDone(await call('post', '/attributes', { body: [values] }));
  return expectDone(await call('patch', '/attributes', { body: [{ id: attribute.id, name: values.name }] }));
}

export function AttributeSheet({ attribute, onClose }: Props) {
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Values>({ defaultValues: attribute ?? { name: '', key: '', type: 'user' } });
  const saved = useChange(
    (values: Values) => save(attribute, values),
    () => {
      toast(attribute === null ? 'The attribute was created.' : 'The attribute was saved.');
      onClose();
    },
  );
  const removed = useChange(
    async (id: string) =>
      expectDone(await call('delete', '/attributes', { params: { query: { ids: [id] } } })),
    () => {
      toast('The attribute was deleted.');
      onClose();
    },
  );
  return (
    <Sheet open onOpenChange={onClose} title={attribute === null ? 'New attribute' : attribute.name}>
      <Form form={form} onSubmit={saved.mutateAsync}>
        <TextField name="name" label="Name" hint="As your team calls it: “Plan”." autoFocus />
        <TextField
          name="key"
          label="Key"
          disabled={attribute !== null}
          hint="As your code sends it: letters, digits, hyphens, underscores. It cannot be changed later."
        />
        <SelectField
          name="type"
          label="It describes"
          options={TYPES}
          disabled={attribute !== null}
          hint="Users keep the value sent last. An event has the values that came with it."
        />
        <FormActions submit={attribute === null ? 'Create the attribute' : 'Save'} onCancel={onClose}>
          {attribute !== null && (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
        </FormActions>
      </Form>
      {attribute !== null && (
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title={`Delete ${attribute.name}?`}
          action="Delete the attribute"
          typed={attribute.key}
          onConfirm={() => removed.mutateAsync(attribute.id)}
        >
          Calls that send it are refused from then on. An attribute that a rule uses cannot be deleted.
        </ConfirmDialog>
      )}
    </Sheet>
  );
}
