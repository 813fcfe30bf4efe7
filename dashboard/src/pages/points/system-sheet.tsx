import { useForm } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { BadgeField } from '@/components/badge-field';
import { Form, FormActions, NumberField, TextAreaField, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Sheet } from '@/components/ui/dialog';

type System = Schemas['AdminPointsSystem'];

interface Props {
  /** Null makes a new one. */
  system: System | null;
  onClose: () => void;
  onCreated?: (id: string) => void | Promise<void>;
}

interface Values {
  name: string;
  key: string;
  description: string;
  maxPoints: number | null;
  badge: string;
}

async function save(system: System | null, values: Values): Promise<string> {
  const { key, badge: url, ...fields } = values;
  const item = { ...fields, badge: url === '' ? null : { url } };
  if (system !== null) {
    expectDone(await call('patch', '/points', { body: [{ id: system.id, ...item }] }));
    return system.id;
  }
  const made = expectDone(await call('post', '/points', { body: [{ key, ...item }] }));
  return made.created[0]?.id ?? '';
}

export function SystemSheet({ system, onClose, onCreated }: Props) {
  const form = useForm<Values>({
    defaultValues: {
      name: system?.name ?? '',
      key: system?.key ?? '',
      description: system?.description ?? '',
      maxPoints: system?.maxPoints ?? null,
      badge: system?.badge?.url ?? '',
    },
  });
  const saved = useChange(
    (values: Values) => save(system, values),
    (id) => {
      toast(system === null ? 'The points system was created.' : 'The points system was saved.');
      onClose();
      if (system === null) return onCreated?.(id);
    },
  );
  return (
    <Sheet open onOpenChange={onClose} title={system === null ? 'New points system' : `Edit ${system.name}`}>
      <Form form={form} onSubmit={saved.mutateAsync}>
        <TextField name="name" label="Name" hint="As users see it: “XP”, “Gems”." autoFocus />
        <TextField
          name="key"
          label="Key"
          disabled={system !== null}
          hint="As your code calls it: letters, digits, hyphens, underscores. It cannot be changed later."
        />
        <TextAreaField name="description" label="Description" rows={2} />
        <NumberField
          name="maxPoints"
          label="Most points a user can have"
          min={1}
          step={1}
          placeholder="No limit"
        />
        <BadgeField name="badge" />
        <FormActions submit={system === null ? 'Create the system' : 'Save'} onCancel={onClose} />
      </Form>
    </Sheet>
  );
}
