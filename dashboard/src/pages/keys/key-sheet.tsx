import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { Form, FormActions, SelectField, TextField } from '@/components/form';
import { Secret } from '@/components/secret';
import { Sheet } from '@/components/ui/dialog';

interface Values {
  kind: 'admin' | 'application';
  name: string;
  userId: string;
}

const KINDS = [
  { value: 'admin', label: 'Your servers: everything in this environment' },
  { value: 'application', label: 'One user’s device: this user only' },
] as const;

async function make({ kind, name, userId }: Values): Promise<string> {
  if (kind === 'admin') return (await call('post', '/api-keys', { body: { kind, name } })).key;
  const made = expectDone(await call('post', '/application-api-keys', { body: [{ userId }] }));
  return made.created[0]?.key ?? '';
}

export function KeySheet({ onClose }: { onClose: () => void }) {
  const form = useForm<Values>({ defaultValues: { kind: 'admin', name: '', userId: '' } });
  const kind = useWatch({ control: form.control, name: 'kind' });
  const [key, setKey] = useState<string | null>(null);
  const made = useChange(make, setKey);
  return (
    <Sheet open onOpenChange={onClose} title={key === null ? 'New key' : 'Your new key'}>
      {key === null ? (
        <Form form={form} onSubmit={made.mutateAsync}>
          <SelectField name="kind" label="For" options={KINDS} autoFocus />
          {kind === 'admin' ? (
            <TextField name="name" label="Name" hint="Who uses it, so that you know what you revoke." />
          ) : (
            <TextField name="userId" label="User id" hint="The user need not be known yet." />
          )}
          <FormActions submit="Make the key" onCancel={onClose} />
        </Form>
      ) : (
        <Secret text={key} done="I have it" onDone={onClose}>
          Copy it now: it is shown this once. Keep it where you keep passwords, never in code.
        </Secret>
      )}
    </Sheet>
  );
}
