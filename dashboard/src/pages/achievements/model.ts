/** An achievement in words, and as the values of its form. */
import type { Schemas } from '@/api/client';
import type { Tone } from '@/components/ui/small';
import { amount, counted } from '@/lib/format';

export type Achievement = Schemas['AdminAchievement'];
export type Draft = Schemas['AchievementDraft'];
export type Trigger = Schemas['Trigger'];
export type Status = Schemas['Status'];
type Metric = Schemas['AdminMetric'];
type Filter = Schemas['AttributeFilter'];
type Frequency = Schemas['Frequency'];

export const TRIGGERS: readonly { value: Trigger; label: string; hint: string }[] = [
  { value: 'metric', label: 'Metric', hint: 'A total reaches a value.' },
  { value: 'streak', label: 'Streak', hint: 'Users come back, again and again.' },
  { value: 'achievement', label: 'Composite', hint: 'Other achievements are complete.' },
  { value: 'anniversary', label: 'Anniversary', hint: 'Years have passed since sign-up.' },
  { value: 'api', label: 'API', hint: 'Your application says so.' },
];

export const triggerName = (trigger: Trigger): string =>
  TRIGGERS.find((each) => each.value === trigger)?.label ?? trigger;

export const STATUSES: readonly { value: Status; label: string; hint: string; tone: Tone }[] = [
  { value: 'inactive', label: 'Inactive', hint: 'A draft: users neither see nor earn it.', tone: 'neutral' },
  { value: 'active', label: 'Active', hint: 'Users see it and earn it.', tone: 'good' },
  { value: 'locked', label: 'Locked', hint: 'Who has it keeps it; nobody new earns it.', tone: 'warn' },
];

/** What the words of a rule refer to. */
export interface Terms {
  metrics: readonly Metric[];
  achievements: readonly Pick<Achievement, 'id' | 'name'>[];
  frequency: Frequency;
}

const PERIODS: Record<Frequency, string> = { daily: 'day', weekly: 'week', monthly: 'month' };

type Goal = Pick<
  Draft,
  | 'trigger'
  | 'metricId'
  | 'metricValue'
  | 'eventAttributes'
  | 'streakLength'
  | 'anniversaryYears'
  | 'achievementIds'
>;

/** What has to be done, in a few words: "1,000 commits". */
export function ruleOf(item: Goal, terms: Terms): string {
  switch (item.trigger) {
    case 'metric': {
      const metric = terms.metrics.find((each) => each.id === item.metricId);
      const unit = metric === undefined ? 'of a metric' : metric.units || metric.name;
      const only = (item.eventAttributes ?? []).map((each) => ` · ${each.attributeValue}`);
      return `${amount(item.metricValue ?? 0)} ${unit}${only.join('')}`;
    }
    case 'streak':
      return `${counted(item.streakLength ?? 0, PERIODS[terms.frequency])} in a row`;
    case 'anniversary':
      return `${counted(item.anniversaryYears ?? 0, 'year')} since sign-up`;
    case 'api':
      return 'When your application says so';
    case 'achievement': {
      const names = (item.achievementIds ?? []).map(
        (id) => terms.achievements.find((each) => each.id === id)?.name ?? '?',
      );
      return names.length === 0 ? 'Other achievements' : names.join(' + ');
    }
  }
}

export interface Values {
  name: string;
  description: string;
  trigger: Trigger;
  status: Status;
  badgeUrl: string;
  key: string;
  userAttributes: Filter[];
  metricId: string;
  metricValue: number | null;
  eventAttributes: Filter[];
  streakLength: number | null;
  anniversaryYears: number | null;
  achievementIds: string[];
}

export const BLANK: Values = {
  name: '',
  description: '',
  trigger: 'metric',
  status: 'inactive',
  badgeUrl: '',
  key: '',
  userAttributes: [],
  metricId: '',
  metricValue: null,
  eventAttributes: [],
  streakLength: null,
  anniversaryYears: null,
  achievementIds: [],
};

export function valuesOf(it: Achievement): Values {
  return {
    name: it.name,
    description: it.description ?? '',
    trigger: it.trigger,
    status: it.status,
    badgeUrl: it.badge?.url ?? '',
    key: it.key ?? '',
    userAttributes: it.userAttributes,
    metricId: it.metricId ?? '',
    metricValue: it.metricValue ?? null,
    eventAttributes: it.eventAttributes ?? [],
    streakLength: it.streakLength ?? null,
    anniversaryYears: it.anniversaryYears ?? null,
    achievementIds: it.achievementIds ?? [],
  };
}

/** What the form sends: the fields of its trigger, null where something optional is empty. */
export function itemOf(values: Values): Draft {
  return {
    name: values.name,
    description: values.description === '' ? null : values.description,
    trigger: values.trigger,
    status: values.status,
    badge: values.badgeUrl === '' ? null : { url: values.badgeUrl },
    key: values.key === '' ? null : values.key,
    userAttributes: values.userAttributes,
    ...goalOf(values),
  };
}

function goalOf(values: Values): Partial<Draft> {
  switch (values.trigger) {
    case 'metric': {
      const { metricId, metricValue, eventAttributes } = values;
      return { metricId: metricId === '' ? null : metricId, metricValue, eventAttributes };
    }
    case 'streak':
      return { streakLength: values.streakLength };
    case 'anniversary':
      return { anniversaryYears: values.anniversaryYears };
    case 'achievement':
      return { achievementIds: values.achievementIds };
    case 'api':
      return {};
  }
}

/** How the server's sentences call what the form shows. */
export const NAMES = {
  'badge.url': 'badgeUrl',
  badge: 'badgeUrl',
  'no metric': 'metricId',
  'event attribute': 'eventAttributes',
  'user attribute': 'userAttributes',
  attributeValue: 'userAttributes',
  'no achievement': 'achievementIds',
  prerequisites: 'achievementIds',
} as const;
