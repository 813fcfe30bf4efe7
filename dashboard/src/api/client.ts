/**
 * The one way to the server: every call is one of the Admin API's document, typed by it.
 *
 * Adds the place (environment, tenant) and the CSRF token; turns every failure into an ApiError
 * that carries the server's sentence. Keeps nothing in the browser's storage.
 */
import createClient, { type MaybeOptionalInit } from 'openapi-fetch';
import type { PathsWithMethod, SuccessResponseJSON } from 'openapi-typescript-helpers';
import type { components, paths } from './schema';
import { ApiError, errorOf, UNREACHABLE } from './errors';

export type Schemas = components['schemas'];
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type PathOf<M extends Method> = PathsWithMethod<paths, M>;
type Operation<M extends Method, P extends PathOf<M>> = paths[P][M & keyof paths[P]] &
  Record<string | number, unknown>;
export type Answer<M extends Method, P extends PathOf<M>> = SuccessResponseJSON<Operation<M, P>>;
export type Init<M extends Method, P extends PathOf<M>> = MaybeOptionalInit<paths[P], M & keyof paths[P]>;
/** What a call is sent with; may be left out where the document requires nothing. */
export type InitArguments<M extends Method, P extends PathOf<M>> =
  Partial<Record<string, unknown>> extends Init<M, P> ? [init?: Init<M, P>] : [init: Init<M, P>];

export const BASE = '/admin/v1';

interface Place {
  environment: string | null;
  tenant: string | null;
}

const place: Place = { environment: null, tenant: null };
const access: { csrf: string | null; onLoggedOut: () => void } = { csrf: null, onLoggedOut: () => undefined };

/** Sets where the calls act; the session decides it once, from the address. */
export function setPlace(next: Place): void {
  Object.assign(place, next);
}

/** Sets the token that changing calls carry, and whom to tell that the session is over. */
export function setAccess(csrf: string | null, onLoggedOut?: () => void): void {
  access.csrf = csrf;
  if (onLoggedOut !== undefined) access.onLoggedOut = onLoggedOut;
}

/** `fetch` with what every call needs; rejects with ApiError only. */
export async function send(request: Request): Promise<Response> {
  if (place.environment !== null) request.headers.set('Environment', place.environment);
  if (place.tenant !== null) request.headers.set('Tenant-ID', place.tenant);
  if (request.method !== 'GET' && access.csrf !== null) request.headers.set('X-CSRF-Token', access.csrf);
  const response = await fetch(request).catch((cause: unknown) => {
    if (request.signal.aborted) throw cause;
    throw new ApiError(0, 'unreachable', UNREACHABLE);
  });
  if (response.ok) return response;
  const error = await errorOf(response);
  if (error.status === 401 && !request.url.endsWith('/session')) access.onLoggedOut();
  throw error;
}

const client = createClient<paths>({ baseUrl: new URL(BASE, location.origin).href, fetch: send });

/** Makes one call of the document. Rejects with ApiError. */
export async function call<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  ...init: InitArguments<M, P>
): Promise<Answer<M, P>> {
  // The client's own signature is this one, but TypeScript cannot follow it through two generics.
  const ask = client.request as unknown as (...all: unknown[]) => Promise<{ data: Answer<M, P> }>;
  const { data } = await ask(method, path, ...init);
  return data;
}

/** Uploads a badge: the one call whose body is no JSON. */
export async function upload(image: Blob): Promise<Schemas['UploadedBadge']> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const address = new URL(`${BASE}/badges`, location.origin);
  const response = await send(new Request(address, { method: 'POST', body: image, headers }));
  return (await response.json()) as Schemas['UploadedBadge'];
}

/** Reads every item of a list that is paged by `limit` and `skip`. */
export async function callAll<T>(
  page: (query: { limit: number; skip: number }) => Promise<T[]>,
): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const some = await page({ limit: 100, skip: all.length });
    all.push(...some);
    if (some.length < 100) return all;
  }
}
