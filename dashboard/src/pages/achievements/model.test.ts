import { expect, it } from 'vitest';
import { BLANK, itemOf, ruleOf, valuesOf, type Achievement, type Terms } from './model';

const TERMS: Terms = {
  metrics: [{ id: 'm', name: 'Lessons', key: 'lessons', unitType: 'number', units: '' }],
  achievements: [
    { id: 'a', name: 'First' },
    { id: 'b', name: 'Second' },
  ],
  frequency: 'weekly',
};

it.each([
  [{ trigger: 'metric' as const, metricId: 'm', metricValue: 1000 }, '1,000 Lessons'],
  [
    {
      trigger: 'metric' as const,
      metricId: 'm',
      metricValue: 1.5,
      eventAttributes: [{ attributeId: 'x', attributeValue: 'maths' }],
    },
    '1.5 Lessons · maths',
  ],
  [{ trigger: 'streak' as const, streakLength: 3 }, '3 weeks in a row'],
  [{ trigger: 'anniversary' as const, anniversaryYears: 1 }, '1 year since sign-up'],
  [{ trigger: 'achievement' as const, achievementIds: ['a', 'b'] }, 'First + Second'],
  [{ trigger: 'api' as const }, 'When your application says so'],
])('says what %o takes', (goal, words) => {
  expect(ruleOf(goal, TERMS)).toBe(words);
});

it('sends only what the trigger has, whatever was typed for another one before', () => {
  const typed = {
    ...BLANK,
    name: 'Loyal',
    metricId: 'm',
    metricValue: 3,
    streakLength: 7,
    trigger: 'streak' as const,
  };
  expect(itemOf(typed)).toEqual({
    name: 'Loyal',
    description: null,
    trigger: 'streak',
    status: 'inactive',
    badge: null,
    key: null,
    userAttributes: [],
    streakLength: 7,
  });
});

it('takes a stored achievement into the form and back', () => {
  const stored: Achievement = {
    id: 'a',
    name: 'First',
    description: 'Well begun.',
    trigger: 'metric',
    status: 'active',
    badge: { url: 'https://images.example/first.png' },
    userAttributes: [],
    key: 'first',
    metricId: 'm',
    metricValue: 1,
    eventAttributes: [],
  };
  const { id, ...rest } = stored;
  expect(itemOf(valuesOf(stored))).toEqual(rest);
  expect(id).toBe('a');
});
