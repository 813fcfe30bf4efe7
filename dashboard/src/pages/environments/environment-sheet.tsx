import { useForm } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { useChange } from '@/api/hooks';
import { CheckboxField, Form, FormActions, needed, NumberField, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Sheet } from '@/components/ui/dialog';

type Environment = Schemas['AdminEnvironment'];

interface Props {
  /** Null makes a new one. */
  environment: Environment | null;
  onClose: () => void;
}

interface Values {
  name: string;
  key: string;
  priority: number | null;
  multiTenancy: boolean;
  strictIdempotency: boolean;
}

async function save(environment: Environment | null, values: Values): Promise<unknown> {
  const { priority, ...draft } = values;
  if (environment === null) return call('post', '/environments', { body: draft });
  const params = { path: { id: environment.id } };
  return call('patch', '/environments/{id}', {
    params,
    body: { name: values.name, priority: needed(priority) },
  });
}

export function EnvironmentSheet({ environment, onClose }: Props) {
  const form = useForm<Values>({
    defaultValues: environment ?? {
      name: '',
      key: '',
      priority: null,
      multiTenancy: false,
      strictIdempotency: false,
    },
  });
  const saved = useChange(
    (values: Values) => save(environment, values),
    () => {
      toast(environment === null ? 'The environment was made.' : 'The environment was saved.');
      onClose();
    },
  );
  return (
    <Sheet open onOpenChange={onClose} title={environment === null ? 'New environment' : environment.name}>
      <Form form={form} onSubmit={saved.mutateAsync}>
        <TextField name="name" label="Name" autoFocus />
        <TextField
          name="key"
          label="Key"
          disabled={environment !== null}
          hint="It stands in addresses. It cannot be changed later."
        />
        {environment === null ? (
          <>
            <CheckboxField
              name="multiTenancy"
              label="It has tenants"
              hint="Every call then says in Tenant-ID for which of your customers it is. It cannot be changed later."
            />
            <CheckboxField
              name="strictIdempotency"
              label="Refuse a reused idempotency key whose body differs"
              hint="Otherwise the first answer is given again, with a mark. It cannot be changed later."
            />
          </>
        ) : (
          <NumberField
            name="priority"
            label="Priority"
            step={1}
            hint="The lowest comes first, and is opened when you log in."
          />
        )}
        <FormActions submit={environment === null ? 'Make the environment' : 'Save'} onCancel={onClose} />
      </Form>
    </Sheet>
  );
}
