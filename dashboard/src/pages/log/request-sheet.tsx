import { useSession } from '@/api/session';
import type { Schemas } from '@/api/client';
import { Code, CopyButton, JsonView } from '@/components/blocks';
import { Sheet } from '@/components/ui/dialog';
import { Note } from '@/components/ui/small';
import { UserLink } from '@/components/user-link';
import { instant } from '@/lib/format';
import { curlOf } from './curl';
import { Status } from './status';

type Request = Schemas['LoggedRequest'];

/** One request: what was asked, what the caller was told, and what to do about it. */
export function RequestSheet({ request, onClose }: { request: Request; onClose: () => void }) {
  const { tenant } = useSession();
  const command = curlOf(request, location.origin, tenant);
  const parameters = [...new URLSearchParams(request.query)];
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={request.sentence === null ? 'A request that went well' : 'A request that failed'}
      description={instant(request.at)}
    >
      <div className="flex flex-col gap-5 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <Status status={request.status} />
          <span className="font-mono break-all">
            {request.method} {request.path}
          </span>
        </p>
        {request.sentence !== null && (
          <section>
            <h3 className="mb-1.5 font-semibold">What the caller was told</h3>
            <Note tone="danger">{request.sentence}</Note>
          </section>
        )}
        {request.hint !== null && (
          <section>
            <h3 className="mb-1.5 font-semibold">What to do</h3>
            <p>{request.hint}</p>
          </section>
        )}
        <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2 [&_dd]:break-words [&_dt]:text-soft">
          <dt>Took</dt>
          <dd className="tabular-nums">{request.ms.toLocaleString()} ms</dd>
          <dt>Key or member</dt>
          <dd>{request.keyPrefix === null ? 'None' : <Code>{request.keyPrefix}</Code>}</dd>
          {request.userId !== null && (
            <>
              <dt>User</dt>
              <dd className="text-accent">
                <UserLink id={request.userId} />
              </dd>
            </>
          )}
          {request.metric !== null && (
            <>
              <dt>Metric</dt>
              <dd>
                <Code>{request.metric}</Code>
              </dd>
            </>
          )}
          {request.idempotencyKey !== null && (
            <>
              <dt>Idempotency key</dt>
              <dd>
                <Code>{request.idempotencyKey}</Code>
              </dd>
            </>
          )}
          {request.code !== null && (
            <>
              <dt>Code of the error</dt>
              <dd>
                <Code>{request.code}</Code>
              </dd>
            </>
          )}
          {parameters.map(([name, value], index) => (
            <div key={index} className="contents">
              <dt className="break-words">?{name}</dt>
              <dd>
                <Code>{value}</Code>
              </dd>
            </div>
          ))}
        </dl>
        {request.body !== null && (
          <section>
            <h3 className="mb-1.5 font-semibold">Body</h3>
            <JsonView value={pretty(request.body)} />
          </section>
        )}
        <section>
          <div className="mb-1.5 flex items-center justify-between gap-3">
            <h3 className="font-semibold">Again, from a shell</h3>
            <CopyButton text={command}>Copy as curl</CopyButton>
          </div>
          <pre
            tabIndex={0}
            className="overflow-x-auto rounded-lg border bg-sunken p-3 font-mono text-[0.8125rem]/relaxed"
          >
            {command}
          </pre>
          <p className="mt-1.5 text-soft">
            Set PLAUDIT_KEY to a key of your own first: keys are not kept in the log.
            {request.body === null && request.method !== 'GET' && ' The body was not kept: add it.'}
          </p>
        </section>
      </div>
    </Sheet>
  );
}

function pretty(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
