/** What the parts of a user's page share. */
import type { Answer, Schemas } from '@/api/client';
import { ApiError, asSentence, type Issue } from '@/api/errors';
import { amount } from '@/lib/format';

export type Dossier = Answer<'get', '/users/{id}'>;
export type Owned = Dossier['achievements'][number];
export type Event = Schemas['UserEvent'];

export const usersPath = (id: string): string => `/users/${encodeURIComponent(id)}`;

const SECOND = 1000;

/** What an achievement asks for, in words. */
export function ruleOf(each: Owned): string {
  const filters = [
    ...each.userAttributes.map(({ key, value }) => `users with ${key} = ${value}`),
    ...(each.eventAttributes ?? []).map(({ key, value }) => `events with ${key} = ${value}`),
  ];
  const only = filters.length === 0 ? '' : `, only ${filters.join(' and ')}`;
  return `${goalOf(each)}${only}`;
}

function goalOf(each: Owned): string {
  switch (each.trigger) {
    case 'metric':
      return `${amount(each.metricValue ?? 0)} ${each.metricName ?? ''}`;
    case 'streak':
      return `A streak of ${each.streakLength ?? '?'}`;
    case 'anniversary':
      return each.anniversaryYears === 1
        ? 'A year since the sign-up'
        : `${each.anniversaryYears ?? '?'} years since the sign-up`;
    case 'achievement':
      return `All of ${each.achievementIds?.length ?? 0} other achievements`;
    case 'api':
      return 'A call of your application';
  }
}

/** Where nothing was done for the one user there is, a warning is the reason: it is thrown as an error. */
export function expectDoneFor<T extends { issues: readonly Issue[] }>(answer: T, asked = 1): T {
  const first = answer.issues[0];
  if (first === undefined || answer.issues.length < asked) return answer;
  throw new ApiError(422, 'issues', asSentence(first.message));
}

/** Saves a value as a file of the reader's. */
export function download(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SECOND);
}
