import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '@/api/client';
import type { SessionState } from '@/api/session';
import { Form, FormActions } from '@/components/form';
import { Frame } from './frame';
import { PasswordField } from './password';

/** Takes an invitation: its link is held by the person invited, who chooses the password. */
export default function AcceptPage({ onBegun }: { onBegun: (state: SessionState) => void }) {
  const [token] = useState(() => location.hash.slice(1));
  const form = useForm({ defaultValues: { password: '' } });
  return (
    <Frame title="You are invited" hint="Choose a password, and you are in.">
      <Form
        form={form}
        onSubmit={async (values) =>
          onBegun(await call('post', '/session/accept', { body: { token, ...values } }))
        }
      >
        <PasswordField label="Your new password" />
        <FormActions submit="Accept the invitation" />
      </Form>
    </Frame>
  );
}
