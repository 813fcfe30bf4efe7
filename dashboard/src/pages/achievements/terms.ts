import { useMemo } from 'react';
import { useAll, useGet } from '@/api/hooks';
import type { Terms } from './model';

/** What the words of rules refer to; empty until it is there, so that pages need not wait for it. */
export function useTerms(): Terms {
  const metrics = useAll('/metrics').data;
  const achievements = useAll('/achievements').data;
  const frequency = useGet('/streaks/settings').data?.frequency;
  return useMemo(
    () => ({ metrics: metrics ?? [], achievements: achievements ?? [], frequency: frequency ?? 'daily' }),
    [metrics, achievements, frequency],
  );
}
