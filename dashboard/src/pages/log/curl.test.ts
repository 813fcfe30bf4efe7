import { expect, it } from 'vitest';
import { curlOf } from './curl';

it('gives a request as a command that a shell takes as it is', () => {
  const request = {
    method: 'POST',
    path: '/v1/metrics/words/event',
    query: 'a=1&b=2',
    body: '{"user":{"id":"o\'hara"},"value":1}',
    keyPrefix: 'app_x',
    idempotencyKey: 'e-1',
  };
  expect(curlOf(request, 'http://127.0.0.1:8000', 'acme')).toBe(
    [
      "curl -X POST 'http://127.0.0.1:8000/v1/metrics/words/event?a=1&b=2'",
      '-H "X-API-KEY: $PLAUDIT_KEY"',
      "-H 'Tenant-ID: acme'",
      "-H 'Idempotency-Key: e-1'",
      "-H 'Content-Type: application/json'",
      `--data-raw '{"user":{"id":"o'\\''hara"},"value":1}'`,
    ].join(' \\\n  '),
  );
});

it('leaves out what a reading request has not', () => {
  const request = {
    method: 'GET',
    path: '/v1/users/a',
    query: '',
    body: null,
    keyPrefix: null,
    idempotencyKey: null,
  };
  expect(curlOf(request, 'https://plaudit.example')).toBe(
    `curl 'https://plaudit.example/v1/users/a' \\\n  -H "X-API-KEY: $PLAUDIT_KEY"`,
  );
});
