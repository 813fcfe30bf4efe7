import { useForm } from 'react-hook-form';
import { call } from '@/api/client';
import type { SessionState } from '@/api/session';
import { Form, FormActions, TextField } from '@/components/form';
import { Frame } from './frame';

interface Props {
  onBegun: (state: SessionState) => void;
  /** Whose session ended, where one did. */
  email?: string;
}

export function LogInPage({ onBegun }: Props) {
  return (
    <Frame title="Log in">
      <LogInForm onBegun={onBegun} />
    </Frame>
  );
}

export function LogInForm({ onBegun, email = '' }: Props) {
  const form = useForm({ defaultValues: { email, password: '' } });
  return (
    <Form form={form} onSubmit={async (body) => onBegun(await call('post', '/session', { body }))}>
      <TextField name="email" label="E-mail" type="email" autoComplete="username" autoFocus={email === ''} />
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        autoFocus={email !== ''}
      />
      <FormActions submit="Log in" />
    </Form>
  );
}

/** Nobody can log in yet: the first owner comes by the link that only the console shows. */
export function SetUpNeeded() {
  return (
    <Frame
      title="Set up this server"
      hint="When it started, the server printed a link that ends in /setup# and a token. Open that link to make the first owner."
    />
  );
}
