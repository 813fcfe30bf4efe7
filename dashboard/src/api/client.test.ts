import { afterEach, expect, it, vi } from 'vitest';
import { call, callAll, setAccess, setPlace } from './client';
import { ApiError } from './errors';

afterEach(() => {
  vi.unstubAllGlobals();
  setPlace({ environment: null, tenant: null });
  setAccess(null, () => undefined);
});

function answering(status: number, body: unknown) {
  const asked: Request[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return asked;
}

it('names the place in every call, and proves who asks where something changes', async () => {
  const asked = answering(200, []);
  setPlace({ environment: 'demo', tenant: 'acme' });
  setAccess('token');
  await call('get', '/metrics');
  await call('post', '/metrics', { body: [] });
  const headers = asked.map((request) =>
    ['Environment', 'Tenant-ID', 'X-CSRF-Token'].map((name) => request.headers.get(name)),
  );
  expect(headers).toEqual([
    ['demo', 'acme', null],
    ['demo', 'acme', 'token'],
  ]);
});

it('rejects with the sentence of the server', async () => {
  answering(403, { error: 'Only owners may do this.', code: 'role' });
  await expect(call('get', '/metrics')).rejects.toThrow('Only owners may do this.');
});

it('tells once the session has ended, but not where a log-in is refused', async () => {
  const told = vi.fn();
  setAccess('token', told);
  answering(401, { error: 'Log in.', code: 'session' });
  await expect(call('post', '/session', { body: { email: '', password: '' } })).rejects.toThrow(ApiError);
  expect(told).not.toHaveBeenCalled();
  await expect(call('get', '/metrics')).rejects.toThrow(ApiError);
  expect(told).toHaveBeenCalledOnce();
});

it('says that the server cannot be reached', async () => {
  answering(200, []);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(call('get', '/metrics')).rejects.toMatchObject({ status: 0, code: 'unreachable' });
});

it('reads a list to its end', async () => {
  const pages = [Array.from({ length: 100 }, (_, index) => index), [100, 101]];
  const all = await callAll(({ skip }) => Promise.resolve(pages[skip / 100] ?? []));
  expect(all).toHaveLength(102);
});
