/** A logged request as a command for the shell. */
import type { Schemas } from '@/api/client';

type Request = Pick<
  Schemas['LoggedRequest'],
  'method' | 'path' | 'query' | 'body' | 'keyPrefix' | 'idempotencyKey'
>;

/** Quotes a text for a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Gives the command; the key, which nobody keeps, is read from a variable. */
export function curlOf(request: Request, origin: string, tenant: string | null = null): string {
  const url = `${origin}${request.path}${request.query === '' ? '' : `?${request.query}`}`;
  const parts = [`curl${request.method === 'GET' ? '' : ` -X ${request.method}`} ${quoted(url)}`];
  parts.push(`-H "X-API-KEY: $PLAUDIT_KEY"`);
  if (tenant !== null) parts.push(`-H ${quoted(`Tenant-ID: ${tenant}`)}`);
  if (request.idempotencyKey !== null && request.path.startsWith('/v1/')) {
    parts.push(`-H ${quoted(`Idempotency-Key: ${request.idempotencyKey}`)}`);
  }
  if (request.body !== null) {
    parts.push(`-H 'Content-Type: application/json'`, `--data-raw ${quoted(request.body)}`);
  }
  return parts.join(' \\\n  ');
}
