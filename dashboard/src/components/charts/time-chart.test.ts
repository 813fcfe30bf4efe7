import { expect, it } from 'vitest';
import { monthly } from './time-chart';

const WEEK = 7 * 86_400_000;
const START = Date.parse('2020-01-06');
const dates = Array.from({ length: 200 }, (_, index) =>
  new Date(START + index * WEEK).toISOString().slice(0, 10),
);
const series = [{ label: 'Events', values: dates.map(() => 2) }];

it('tells twenty years by the month, and loses nothing of what adds up', () => {
  const told = monthly({ label: '', dates, series, step: 'week', merge: 'sum' });
  expect(told.step).toBe('month');
  expect(told.dates.slice(0, 2)).toEqual(['2020-01-01', '2020-02-01']);
  expect(told.series[0]?.values.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(400);
});

it('tells the mean of what does not add up', () => {
  const told = monthly({ label: '', dates, series, step: 'week', merge: 'mean' });
  expect(new Set(told.series[0]?.values)).toEqual(new Set([2]));
});

it('leaves a year as it is', () => {
  const year = { label: '', dates: dates.slice(0, 52), series, step: 'week' as const, merge: 'sum' as const };
  expect(monthly(year).dates).toHaveLength(52);
});
