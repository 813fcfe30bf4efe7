import { useAll, useGet } from '@/api/hooks';
import { count, counted } from '@/lib/format';
import type { Trigger } from './parts';

const PERIODS = { daily: 'day', weekly: 'week', monthly: 'month' } as const;

/** Gives what says of a trigger when it awards: "Lessons: every 10". */
export function useTriggerText(): (trigger: Trigger) => string {
  const metrics = useAll('/metrics').data ?? [];
  const achievements = useAll('/achievements').data ?? [];
  const streaks = useGet('/streaks/settings').data;
  return (trigger) => {
    switch (trigger.type) {
      case 'metric': {
        const metric = metrics.find((each) => each.id === trigger.metricId);
        const every = trigger.metricThreshold ?? 1;
        const name = metric?.name ?? '…';
        return every === 1 ? `${name}: each one` : `${name}: every ${count(every)}`;
      }
      case 'achievement': {
        const found = achievements.find((each) => each.id === trigger.achievementId);
        return found === undefined ? 'An achievement is completed' : `“${found.name}” is completed`;
      }
      case 'streak': {
        const period = PERIODS[streaks?.frequency ?? 'daily'];
        const every = trigger.streakLength ?? 1;
        return every === 1 ? `Every ${period} of a streak` : `Every ${counted(every, period)} of a streak`;
      }
      case 'time': {
        const unit = trigger.timeUnit === 'hours' ? 'hour' : 'day';
        const every = trigger.timeInterval ?? 1;
        return every === 1 ? `Every ${unit} that passes` : `Every ${counted(every, unit)} that pass`;
      }
      case 'user_creation':
        return 'A user is new';
    }
  };
}

/** "+5" or "−20". */
export function signed(points: number): string {
  return points > 0 ? `+${count(points)}` : `−${count(-points)}`;
}
