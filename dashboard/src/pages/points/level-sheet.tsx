import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { BadgeField } from '@/components/badge-field';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Form, FormActions, needed, NumberField, TextAreaField, TextField } from '@/components/form';
import { toast } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import type { Level } from './parts';

interface Props {
  systemId: string;
  /** Null makes a new one. */
  level: Level | null;
  onClose: () => void;
}

interface Values {
  name: string;
  key: string;
  points: number | null;
  description: string;
  badge: string;
}

async function save(systemId: string, level: Level | null, values: Values): Promise<unknown> {
  const { key, points, badge: url, ...rest } = values;
  const params = { path: { systemId } };
  const path = '/points/{systemId}/levels';
  const item = { ...rest, points: needed(points), badge: url === '' ? null : { url } };
  if (level === null) return expectDone(await call('post', path, { params, body: [{ key, ...item }] }));
  return expectDone(await call('patch', path, { params, body: [{ id: level.id, ...item }] }));
}

export function LevelSheet({ systemId, level, onClose }: Props) {
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Values>({
    defaultValues: {
      name: level?.name ?? '',
      key: level?.key ?? '',
      points: level?.points ?? null,
      description: level?.description ?? '',
      badge: level?.badge?.url ?? '',
    },
  });
  const saved = useChange(
    (values: Values) => save(systemId, level, values),
    () => {
      toast(level === null ? 'The level was created.' : 'The level was saved.');
      onClose();
    },
  );
  const removed = useChange(
    async (id: string) =>
      expectDone(
        await call('delete', '/points/{systemId}/levels', {
          params: { path: { systemId }, query: { ids: [id] } },
        }),
      ),
    () => {
      toast('The level was deleted.');
      onClose();
    },
  );
  return (
    <Sheet open onOpenChange={onClose} title={level === null ? 'New level' : level.name}>
      <Form form={form} onSubmit={saved.mutateAsync}>
        <TextField name="name" label="Name" hint="As users see it: “Gold”." autoFocus />
        <TextField
          name="key"
          label="Key"
          disabled={level !== null}
          hint="As your code calls it: letters, digits, hyphens, underscores. It cannot be changed later."
        />
        <NumberField name="points" label="Reached at" min={0} step={1} hint="Points a user needs for it." />
        <TextAreaField name="description" label="Description" rows={2} />
        <BadgeField name="badge" />
        <FormActions submit={level === null ? 'Create the level' : 'Save'} onCancel={onClose}>
          {level !== null && (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
        </FormActions>
      </Form>
      {level !== null && (
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title={`Delete ${level.name}?`}
          action="Delete the level"
          onConfirm={() => removed.mutateAsync(level.id)}
        >
          Its users stand on the level below from now on; nobody loses points.
        </ConfirmDialog>
      )}
    </Sheet>
  );
}
