import { useState } from 'react';
import { useForm, useFormContext, type UseFormReturn } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { FieldError, Form, FormActions, TextField } from '@/components/form';
import { Secret } from '@/components/secret';
import { toast } from '@/components/toast';
import { Segmented } from '@/components/ui/choice';
import { Sheet } from '@/components/ui/dialog';
import { Checkbox } from '@/components/ui/input';
import { GROUPS, type EventType, type Webhook } from './types';

interface Values {
  url: string;
  all: boolean;
  eventTypes: EventType[];
}

interface Props {
  /** Null makes a new one. */
  webhook: Webhook | null;
  onClose: () => void;
}

/** Makes an endpoint, and shows its secret once; or changes one. */
export function WebhookSheet({ webhook, onClose }: Props) {
  const [made, setMade] = useState<Schemas['SecretWebhook'] | null>(null);
  const form = useForm<Values>({
    defaultValues: {
      url: webhook?.url ?? '',
      all: (webhook?.eventTypes.length ?? 0) === 0,
      eventTypes: webhook?.eventTypes ?? [],
    },
  });
  const saved = useChange(
    async ({ url, all, eventTypes }: Values) => {
      const body = { url: url.trim(), eventTypes: all ? [] : eventTypes };
      if (webhook !== null) {
        expectDone(await call('patch', '/webhooks', { body: [{ id: webhook.id, ...body }] }));
        return null;
      }
      return expectDone(await call('post', '/webhooks', { body: [body] })).created[0] ?? null;
    },
    (created) => {
      if (created !== null) {
        setMade(created);
        return;
      }
      toast('The endpoint was saved.');
      onClose();
    },
  );
  if (made !== null) {
    return (
      <Sheet open onOpenChange={onClose} title="The endpoint is ready" description={made.url}>
        <Secret text={made.secret} done="I have copied it" onDone={onClose}>
          This secret proves to your server that a message is ours. It is shown only this once: put it where
          your server finds it.
        </Secret>
      </Sheet>
    );
  }
  return (
    <Sheet open onOpenChange={onClose} title={webhook === null ? 'New endpoint' : 'Edit the endpoint'}>
      <Form form={form} onSubmit={saved.mutateAsync}>
        <TextField
          name="url"
          label="Address"
          type="url"
          inputMode="url"
          placeholder="https://example.com/plaudit"
          spellCheck={false}
          autoFocus
        />
        <Types form={form} />
        <FormActions submit={webhook === null ? 'Add the endpoint' : 'Save'} onCancel={onClose} />
      </Form>
    </Sheet>
  );
}

function Types({ form }: { form: UseFormReturn<Values> }) {
  const { formState } = useFormContext<Values>();
  const { all, eventTypes } = form.watch();
  const error = formState.errors.eventTypes;
  const toggle = (type: EventType) =>
    form.setValue(
      'eventTypes',
      eventTypes.includes(type) ? eventTypes.filter((each) => each !== type) : [...eventTypes, type],
    );
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1 text-sm font-medium">What it is told</legend>
      <Segmented
        label="What it is told"
        className="self-start"
        value={all ? 'all' : 'some'}
        onChange={(value) => form.setValue('all', value === 'all')}
        options={[
          { value: 'all', label: 'Everything' },
          { value: 'some', label: 'Only some' },
        ]}
      />
      <FieldError message={error?.message} />
      {!all &&
        GROUPS.map((group) => (
          <div key={group.title} role="group" aria-label={group.title}>
            <p className="mb-1 text-[0.8125rem] text-soft">{group.title}</p>
            {group.types.map(([type, text]) => (
              <label key={type} className="flex items-center gap-2.5 py-1 text-sm">
                <Checkbox checked={eventTypes.includes(type)} onChange={() => toggle(type)} />
                <span className="shrinkable">
                  {text} <span className="font-mono text-xs break-all text-soft">{type}</span>
                </span>
              </label>
            ))}
          </div>
        ))}
    </fieldset>
  );
}
