import { RotateCw } from 'lucide-react';
import { call, type Answer } from '@/api/client';
import { useChange, useGet } from '@/api/hooks';
import { useCan } from '@/api/session';
import { Code, JsonView, Loaded, RelativeTime } from '@/components/blocks';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import { Note, Pill, Skeleton } from '@/components/ui/small';
import { UserLink } from '@/components/user-link';
import { instant } from '@/lib/format';
import { nextOf, STATUS } from './types';

type Detail = Answer<'get', '/webhooks/deliveries/{id}'>;

interface Props {
  id: string;
  onClose: () => void;
  onOpen: (id: string) => void;
}

const POLL = 2000;

/** One message to one endpoint: its payload, and what came of each attempt. */
export function DeliverySheet({ id, onClose, onOpen }: Props) {
  const delivery = useGet(
    '/webhooks/deliveries/{id}',
    { params: { path: { id } } },
    { refetchInterval: POLL },
  );
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={delivery.data?.type ?? 'A delivery'}
      description={delivery.data && instant(delivery.data.created)}
    >
      <Loaded query={delivery} skeleton={<Skeleton className="h-80 w-full" />}>
        {(found) => <Shown delivery={found} onOpen={onOpen} />}
      </Loaded>
    </Sheet>
  );
}

function Shown({ delivery, onOpen }: { delivery: Detail; onOpen: (id: string) => void }) {
  const canEdit = useCan('editor');
  const next = nextOf(delivery);
  const replayed = useChange(
    () => call('post', '/webhooks/deliveries/{id}/replay', { params: { path: { id: delivery.id } } }),
    (answer) => {
      toast('The message is on its way again.');
      onOpen(answer.deliveryId);
    },
  );
  return (
    <div className="flex flex-col gap-5 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="flex flex-wrap items-center gap-2">
          <Pill tone={STATUS[delivery.status].tone}>{STATUS[delivery.status].label}</Pill>
          {next !== null && (
            <span className="text-soft">
              next attempt <RelativeTime at={next} />
            </span>
          )}
        </span>
        {canEdit && delivery.webhookId !== null && (
          <Button
            size="sm"
            busy={replayed.isPending}
            onClick={() => replayed.mutate(undefined, { onError: toastError })}
          >
            <RotateCw /> Send it again
          </Button>
        )}
      </div>
      {delivery.status === 'cancelled' && (
        <Note>Its endpoint was switched off or deleted before the message went through.</Note>
      )}
      <dl className="grid grid-cols-[7rem_1fr] gap-x-4 gap-y-2 [&_dt]:text-soft">
        <dt>Message</dt>
        <dd>
          <Code>{delivery.messageId}</Code>
          <p className="mt-1 text-soft">
            Sent as webhook-id; the same in every attempt, so that your server can tell repeats.
          </p>
        </dd>
        {delivery.userId !== null && (
          <>
            <dt>User</dt>
            <dd className="text-accent">
              <UserLink id={delivery.userId} />
            </dd>
          </>
        )}
        {delivery.tenantId !== null && (
          <>
            <dt>Tenant</dt>
            <dd>{delivery.tenantId}</dd>
          </>
        )}
      </dl>
      <section>
        <h3 className="mb-1.5 font-semibold">Attempts</h3>
        {delivery.history.length === 0 && <p className="text-soft">None yet.</p>}
        <ol className="flex flex-col gap-2">
          {delivery.history.toReversed().map((attempt) => (
            <li key={attempt.number} className="rounded-lg border p-3">
              <span className="flex flex-wrap items-center justify-between gap-x-3">
                <span className="flex items-center gap-2">
                  <span className="text-soft">{attempt.number}.</span>
                  <Pill tone={attempt.error === null ? 'good' : 'danger'}>
                    {attempt.status ?? 'No answer'}
                  </Pill>
                  <span className="text-soft tabular-nums">{attempt.milliseconds} ms</span>
                </span>
                <RelativeTime at={attempt.at} className="text-soft" />
              </span>
              {attempt.error !== null && <p className="mt-1.5 break-words text-danger">{attempt.error}</p>}
              {attempt.response !== null && attempt.response !== '' && (
                <pre
                  tabIndex={0}
                  className="mt-1.5 max-h-32 overflow-auto rounded bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap"
                >
                  {attempt.response}
                </pre>
              )}
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h3 className="mb-1.5 font-semibold">Payload</h3>
        {delivery.payload === undefined ? (
          <p className="text-soft">It is kept no longer.</p>
        ) : (
          <JsonView value={delivery.payload} />
        )}
      </section>
    </div>
  );
}
