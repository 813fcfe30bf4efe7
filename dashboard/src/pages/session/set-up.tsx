import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '@/api/client';
import type { SessionState } from '@/api/session';
import { Form, FormActions, TextField } from '@/components/form';
import { Frame } from './frame';
import { PasswordField } from './password';

/** Makes the first owner, by the one-time link of the console. */
export default function SetUpPage({ onBegun }: { onBegun: (state: SessionState) => void }) {
  const [token] = useState(() => location.hash.slice(1));
  const form = useForm({ defaultValues: { name: '', email: '', password: '' } });
  return (
    <Frame title="Welcome" hint="You are the first here, so you become the owner of this server.">
      <Form
        form={form}
        onSubmit={async (values) =>
          onBegun(await call('post', '/session/setup', { body: { token, ...values } }))
        }
      >
        <TextField name="name" label="Your name" autoComplete="name" autoFocus />
        <TextField name="email" label="E-mail" type="email" autoComplete="username" />
        <PasswordField />
        <FormActions submit="Set up" />
      </Form>
    </Frame>
  );
}
