import { KeyRound, Pencil, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange, useGet } from '@/api/hooks';
import { useCan } from '@/api/session';
import { Loaded, PageHeader, RelativeTime } from '@/components/blocks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Secret } from '@/components/secret';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Note } from '@/components/ui/small';
import { PageSkeleton } from '@/layout/shell';
import { Deliveries } from './deliveries';
import { State } from './list';
import { typesText, type Webhook } from './types';
import { WebhookSheet } from './webhook-sheet';

/** One endpoint: what it is told, whether it listens, and all that was sent to it. */
export default function WebhookPage() {
  const { id = '' } = useParams();
  const webhook = useGet('/webhooks/{id}', { params: { path: { id } } });
  return (
    <Loaded query={webhook} skeleton={<PageSkeleton />}>
      {(found) => <Shown webhook={found} />}
    </Loaded>
  );
}

function Shown({ webhook }: { webhook: Webhook }) {
  const canEdit = useCan('editor');
  return (
    <>
      <PageHeader
        title={hostOf(webhook.url)}
        back={{ to: '/webhooks', label: 'Webhooks' }}
        hint={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
            <State webhook={webhook} />
            <span className="break-all">{webhook.url}</span>
            <span>
              · {typesText(webhook.eventTypes)} · added <RelativeTime at={webhook.created} />
            </span>
          </span>
        }
      >
        {canEdit && <Actions webhook={webhook} />}
      </PageHeader>
      {webhook.disabledReason !== null && (
        <Note tone="danger" className="mb-5">
          It was switched off by itself: {webhook.disabledReason} Mend your server, then activate it again.
        </Note>
      )}
      <Deliveries webhookId={webhook.id} />
    </>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

type Open = 'edit' | 'rotate' | 'delete';

function Actions({ webhook }: { webhook: Webhook }) {
  const [open, setOpen] = useState<Open | null>(null);
  const [, setQuery] = useSearchParams();
  const navigate = useNavigate();
  const path = { id: webhook.id };
  const tested = useChange(
    () => call('post', '/webhooks/{id}/test', { params: { path } }),
    (answer) => setQuery({ delivery: answer.deliveryId }),
  );
  const switched = useChange(
    async (active: boolean) =>
      expectDone(await call('patch', '/webhooks', { body: [{ id: webhook.id, active }] })),
    (_, active) => toast(active ? 'The endpoint is told again.' : 'The endpoint is told nothing any more.'),
  );
  const removed = useChange(
    async () => {
      expectDone(await call('delete', '/webhooks', { params: { query: { ids: [webhook.id] } } }));
      await navigate('/webhooks', { flushSync: true });
    },
    () => toast('The endpoint was deleted.'),
  );
  return (
    <>
      <Button variant="ghost" onClick={() => setOpen('delete')}>
        <Trash2 /> Delete
      </Button>
      <Button
        busy={switched.isPending}
        onClick={() => switched.mutate(!webhook.active, { onError: toastError })}
      >
        {webhook.active ? 'Switch off' : 'Activate'}
      </Button>
      <Button onClick={() => setOpen('rotate')}>
        <KeyRound /> Rotate the secret
      </Button>
      <Button onClick={() => setOpen('edit')}>
        <Pencil /> Edit
      </Button>
      <Button
        variant="primary"
        busy={tested.isPending}
        onClick={() => tested.mutate(undefined, { onError: toastError })}
      >
        <Send /> Send a test
      </Button>
      {open === 'edit' && <WebhookSheet webhook={webhook} onClose={() => setOpen(null)} />}
      {open === 'rotate' && <Rotate webhook={webhook} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        open={open === 'delete'}
        onOpenChange={() => setOpen(null)}
        title="Delete this endpoint?"
        action="Delete the endpoint"
        typed={hostOf(webhook.url)}
        onConfirm={() => removed.mutateAsync(undefined)}
      >
        It is told nothing any more, and what is on its way to it is cancelled. This cannot be taken back.
      </ConfirmDialog>
    </>
  );
}

function Rotate({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null);
  const rotated = useChange(
    () => call('post', '/webhooks/{id}/rotate', { params: { path: { id: webhook.id } } }),
    (answer) => setSecret(answer.secret),
  );
  if (secret !== null) {
    return (
      <Dialog open onOpenChange={onClose} title="The new secret">
        <Secret text={secret} done="I have copied it" onDone={onClose}>
          It is shown only this once. Put it where your server finds it: for 24 hours every message is signed
          with both, the old and the new.
        </Secret>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Rotate the secret?"
      description="A new secret is made. For 24 hours messages are signed with both, so that none is refused while you change it over; after that only with the new one."
    >
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          busy={rotated.isPending}
          onClick={() => rotated.mutate(undefined, { onError: toastError })}
        >
          Rotate the secret
        </Button>
      </div>
    </Dialog>
  );
}
