import { expect, it } from 'vitest';
import { ago, counted, percent } from './format';

const NOW = Date.parse('2026-11-24T12:00:00Z');

it.each([
  ['2026-11-24T11:59:57Z', 'just now'],
  ['2026-11-24T11:57:00Z', '3 minutes ago'],
  ['2026-11-24T14:30:00Z', 'in 2 hours'],
  ['2026-11-22T11:00:00Z', '2 days ago'],
  ['2020-11-24T12:00:00Z', '6 years ago'],
])('tells how long ago %s is', (at, text) => {
  expect(ago(at, NOW)).toBe(text);
});

it('writes small percentages more exactly', () => {
  expect([0, 0.031, 3.14, 42.4].map((value) => percent(value).replace(/\s/g, ' '))).toEqual([
    '0 %',
    '0.03 %',
    '3.1 %',
    '42 %',
  ]);
});

it('counts in words', () => {
  expect([counted(1, 'user'), counted(3159, 'user'), counted(2, 'entry', 'entries')]).toEqual([
    '1 user',
    '3,159 users',
    '2 entries',
  ]);
});
