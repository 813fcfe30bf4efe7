import { expect, it } from 'vitest';
import { nextOf } from './types';

const inAMinute = new Date(Date.now() + 60_000).toISOString();
const justNow = new Date(Date.now() - 1000).toISOString();

it('tells a next attempt only after a first one, and only in the future', () => {
  expect(nextOf({ attempts: 2, nextAttempt: inAMinute })).toBe(inAMinute);
  expect(nextOf({ attempts: 0, nextAttempt: inAMinute })).toBeNull();
  expect(nextOf({ attempts: 1, nextAttempt: justNow })).toBeNull();
  expect(nextOf({ attempts: 1, nextAttempt: null })).toBeNull();
});
