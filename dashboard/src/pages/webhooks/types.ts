/** What a webhook can be told of, in groups, as a member reads it. */
import type { Schemas } from '@/api/client';
import type { Tone } from '@/components/ui/small';

export type Webhook = Schemas['AdminWebhook'];
export type Delivery = Schemas['AdminDelivery'];
export type EventType = Schemas['EventType'];

/** When it is tried again: null while it waits for its first attempt, or is to be sent at any moment. */
export function nextOf({ attempts, nextAttempt }: Pick<Delivery, 'attempts' | 'nextAttempt'>): string | null {
  return attempts > 0 && nextAttempt !== null && Date.parse(nextAttempt) > Date.now() ? nextAttempt : null;
}

export const GROUPS: readonly { title: string; types: readonly [EventType, string][] }[] = [
  {
    title: 'Achievements',
    types: [
      ['achievement.completed', 'Somebody earned one'],
      ['achievement.revoked', 'One was taken back'],
    ],
  },
  {
    title: 'Streaks',
    types: [
      ['streak.started', 'A streak began'],
      ['streak.extended', 'A streak went on'],
      ['streak.lost', 'A streak was lost'],
      ['streak.freeze_earned', 'A freeze was earned'],
      ['streak.freeze_consumed', 'A freeze was used'],
    ],
  },
  {
    title: 'Points',
    types: [
      ['points.changed', 'Points changed'],
      ['points.level_changed', 'A level was reached or lost'],
      ['points.boost_started', 'A boost began'],
      ['points.boost_finished', 'A boost ended'],
    ],
  },
  {
    title: 'Leaderboards',
    types: [
      ['leaderboard.started', 'A run began'],
      ['leaderboard.changed', 'The places changed'],
      ['leaderboard.rank_changed', 'Somebody’s place changed'],
      ['leaderboard.finished', 'A run ended'],
    ],
  },
  {
    title: 'E-mails that are due',
    types: [
      ['emails.achievement_due', 'On an achievement'],
      ['emails.recap_due', 'A recap'],
      ['emails.reactivation_due', 'To call somebody back'],
      ['emails.streak_reminder_due', 'Before a streak is lost'],
    ],
  },
];

export const TYPES: readonly EventType[] = GROUPS.flatMap(({ types }) => types.map(([type]) => type));

export const STATUS: Record<Delivery['status'], { label: string; tone: Tone }> = {
  pending: { label: 'On its way', tone: 'warn' },
  delivered: { label: 'Delivered', tone: 'good' },
  failed: { label: 'Failed', tone: 'danger' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
};

export function typesText(types: readonly EventType[]): string {
  if (types.length === 0) return 'Everything';
  const few = types.slice(0, 2).join(', ');
  return types.length > 2 ? `${few} and ${types.length - 2} more` : few;
}
