import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Form, FormActions, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';

type Tenant = Schemas['AdminTenant'];

interface Props {
  /** Null makes a new one. */
  tenant: Tenant | null;
  onClose: () => void;
}

interface Values {
  name: string;
  customerId: string;
}

async function save(tenant: Tenant | null, values: Values): Promise<unknown> {
  if (tenant === null) return expectDone(await call('post', '/tenants', { body: [values] }));
  return expectDone(await call('patch', '/tenants', { body: [{ id: tenant.id, ...values }] }));
}

export function TenantSheet({ tenant, onClose }: Props) {
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Values>({
    defaultValues: { name: tenant?.name ?? '', customerId: tenant?.customerId ?? '' },
  });
  const saved = useChange(
    (values: Values) => save(tenant, values),
    () => {
      toast(tenant === null ? 'The tenant was created.' : 'The tenant was saved.');
      onClose();
    },
  );
  const removed = useChange(
    async (id: string) => expectDone(await call('delete', '/tenants', { params: { query: { ids: [id] } } })),
    () => {
      toast('The tenant was deleted.');
      onClose();
    },
  );
  return (
    <Sheet open onOpenChange={onClose} title={tenant === null ? 'New tenant' : tenant.name}>
      <Form form={form} onSubmit={saved.mutateAsync} names={{ 'Customer ID': 'customerId' }}>
        <TextField name="name" label="Name" autoFocus />
        <TextField
          name="customerId"
          label="Your id for it"
          hint={
            tenant === null
              ? 'What your calls send in the header Tenant-ID.'
              : 'Its users stay with it under another id.'
          }
        />
        <FormActions submit={tenant === null ? 'Create the tenant' : 'Save'} onCancel={onClose}>
          {tenant !== null && (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
        </FormActions>
      </Form>
      {tenant !== null && (
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title={`Delete ${tenant.name}?`}
          action="Delete the tenant"
          typed={tenant.customerId}
          onConfirm={() => removed.mutateAsync(tenant.id)}
        >
          Calls for it are refused from then on, and its users can no longer be reached. This cannot be taken
          back.
        </ConfirmDialog>
      )}
    </Sheet>
  );
}
