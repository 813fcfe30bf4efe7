import { describe, expect, it } from 'vitest';
import { ApiError, errorOf, expectDone, fieldOf } from './errors';

const FIELDS = ['name', 'key', 'metricId', 'metricValue'];

describe('fieldOf', () => {
  it('takes the field that the server names', () => {
    expect(fieldOf({ message: 'Too long.', field: 'key' }, FIELDS)).toBe('key');
  });

  it('takes the first field that the sentence names', () => {
    const message = "metricValue is required for the trigger 'metric', whatever its name";
    expect(fieldOf({ message }, FIELDS)).toBe('metricValue');
  });

  it('takes no part of a word for a field', () => {
    expect(fieldOf({ message: 'Keys and names are taken' }, FIELDS)).toBeNull();
  });

  it('gives none for a field that the form does not have', () => {
    expect(fieldOf({ message: 'Too long.', field: 'other' }, FIELDS)).toBeNull();
  });
});

describe('expectDone', () => {
  it('lets warnings pass', () => {
    const answer = { issues: [{ severity: 'warning' as const, message: 'ignored' }] };
    expect(expectDone(answer)).toBe(answer);
  });

  it('throws the sentence of the first error, and every issue', () => {
    const issues = [
      { severity: 'warning' as const, message: 'ignored' },
      { severity: 'error' as const, message: 'name must not be empty' },
    ];
    expect(() => expectDone({ issues })).toThrow('name must not be empty.');
  });
});

describe('errorOf', () => {
  it("carries the server's sentence, its code, and how long to wait", async () => {
    const body = JSON.stringify({ error: 'Wait a minute.', code: 'too_many' });
    const error = await errorOf(new Response(body, { status: 429, headers: { 'Retry-After': '60' } }));
    expect(error).toBeInstanceOf(ApiError);
    expect([error.message, error.code, error.status, error.retryAfter]).toEqual([
      'Wait a minute.',
      'too_many',
      429,
      60,
    ]);
  });

  it('has a sentence where the server sent none', async () => {
    const error = await errorOf(new Response('<html>', { status: 502 }));
    expect(error.message).toContain('502');
  });
});
