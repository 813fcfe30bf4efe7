import { useForm } from 'react-hook-form';
import { call } from '@/api/client';
import { useChange } from '@/api/hooks';
import { useSession } from '@/api/session';
import { PageHeader } from '@/components/blocks';
import { Form, FormActions, TextField } from '@/components/form';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { PasswordField } from '../session/password';

const BLANK = { current: '', password: '' };

/** The member's own: the password, and every place where the member is logged in. */
export default function AccountPage() {
  const { member } = useSession();
  const form = useForm({ defaultValues: BLANK });
  const changed = useChange(
    (body: typeof BLANK) => call('put', '/session/password', { body }),
    () => {
      form.reset(BLANK);
      toast('Your password was changed. Your other sessions have ended.');
    },
  );
  const ended = useChange(
    () => call('delete', '/sessions'),
    () => location.assign('/'),
  );
  return (
    <>
      <PageHeader title="Your account" hint={`${member.name}, ${member.email}, ${member.role}`} />
      <div className="flex max-w-xl flex-col gap-4">
        <Card>
          <CardHead title="Password" />
          <div className="px-5 pb-5">
            <Form form={form} onSubmit={changed.mutateAsync}>
              {/* Tells the browser whose password it is to keep. */}
              <input type="email" autoComplete="username" value={member.email} readOnly hidden />
              <TextField
                name="current"
                label="Your password now"
                type="password"
                autoComplete="current-password"
              />
              <PasswordField label="Your new password" />
              <FormActions submit="Change the password" />
            </Form>
          </div>
        </Card>
        <Card>
          <CardHead title="Sessions" hint="Logs you out here and wherever else you are logged in.">
            <Button busy={ended.isPending} onClick={() => ended.mutate(undefined, { onError: toastError })}>
              Log out everywhere
            </Button>
          </CardHead>
        </Card>
      </div>
    </>
  );
}
