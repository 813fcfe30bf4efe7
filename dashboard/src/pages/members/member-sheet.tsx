import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { useChange } from '@/api/hooks';
import { useSession, type Role } from '@/api/session';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Form, FormActions, SelectField, TextField } from '@/components/form';
import { Secret } from '@/components/secret';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import { ROLE_OPTIONS } from './roles';

type Member = Schemas['AdminMember'];

interface Props {
  /** Null invites somebody new. */
  member: Member | null;
  onClose: () => void;
}

interface Values {
  name: string;
  email: string;
  role: Role;
}

/** Gives the link of the invitation, where there is one. */
async function save(member: Member | null, values: Values): Promise<string | null> {
  if (member === null) return (await call('post', '/members', { body: values })).inviteUrl;
  const { name, role } = values;
  await call('patch', '/members/{id}', { params: { path: { id: member.id } }, body: { name, role } });
  return null;
}

export function MemberSheet({ member, onClose }: Props) {
  const { member: me } = useSession();
  const [deleting, setDeleting] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const form = useForm<Values>({
    defaultValues: { name: member?.name ?? '', email: member?.email ?? '', role: member?.role ?? 'editor' },
  });
  const saved = useChange(
    (values: Values) => save(member, values),
    (invite) => {
      setLink(invite);
      if (invite !== null) return;
      toast('The member was saved.');
      onClose();
    },
  );
  const invited = useChange(
    (id: string) => call('post', '/members/{id}/invite', { params: { path: { id } } }),
    (answer) => setLink(answer.inviteUrl),
  );
  const removed = useChange(
    (id: string) => call('delete', '/members/{id}', { params: { path: { id } } }),
    () => {
      toast('The member was removed.');
      onClose();
    },
  );
  if (link !== null) {
    return (
      <Sheet open onOpenChange={onClose} title="Send this link">
        <Secret text={link} done="I have it" onDone={onClose}>
          Send it to {form.getValues('name') || form.getValues('email')} yourself: whoever opens it within 72
          hours chooses the password. It works once, and is shown this once.
        </Secret>
      </Sheet>
    );
  }
  return (
    <Sheet open onOpenChange={onClose} title={member === null ? 'Invite a member' : member.name}>
      <Form form={form} onSubmit={saved.mutateAsync} names={{ 'e-mail': 'email' }}>
        <TextField name="name" label="Name" autoFocus />
        <TextField name="email" label="E-mail" type="email" disabled={member !== null} />
        <SelectField name="role" label="Role" options={ROLE_OPTIONS} />
        <FormActions submit={member === null ? 'Make the invitation' : 'Save'} onCancel={onClose}>
          {member !== null && (
            <span className="mr-auto flex gap-1">
              <Button variant="ghost" className="text-danger" onClick={() => setDeleting(true)}>
                Remove
              </Button>
              {member.id !== me.id && (
                <Button
                  variant="ghost"
                  busy={invited.isPending}
                  onClick={() => invited.mutate(member.id, { onError: toastError })}
                >
                  {member.invited ? 'New link' : 'Let choose a new password'}
                </Button>
              )}
            </span>
          )}
        </FormActions>
      </Form>
      {member !== null && (
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title={`Remove ${member.name}?`}
          action="Remove the member"
          typed={member.email}
          onConfirm={() => removed.mutateAsync(member.id)}
        >
          {member.id === me.id ? 'You are logged out at once.' : 'All sessions of this member end at once.'}{' '}
          What this member has changed stays.
        </ConfirmDialog>
      )}
    </Sheet>
  );
}
