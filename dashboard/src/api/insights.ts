/** What the statistics tell. */
import { useMemo } from 'react';
import type { Schemas } from './client';
import { useGet } from './hooks';

export type Overview = Schemas['StatsOverview'];
export type Insights = Schemas['AchievementInsights'];
export type AchievementTag = Schemas['AchievementTag'];
export type Earner = Schemas['OwnerPage']['data'][number];
/** How many have one achievement, and of a hundred users how many. */
export type Share = Schemas['AchievementShare'];
export type Days = '30' | '90' | '365' | 'all';

const OFTEN = { refetchInterval: 30_000 };

export const useOverview = (days: Days, enabled = true) =>
  useGet('/stats/overview', { params: { query: { days } } }, { ...OFTEN, enabled });
export const useHighlights = () => useGet('/stats/highlights', {}, OFTEN);
export const useInsights = (id: string) =>
  useGet('/achievements/{id}/insights', { params: { path: { id } } }, OFTEN);

/** Users and rarity of every achievement, by id; undefined until they are known. */
export function useShares(): ReadonlyMap<string, Share> | undefined {
  const { data } = useGet('/stats/achievements', {}, OFTEN);
  return useMemo(() => data && new Map(data.data.map((each) => [each.id, each])), [data]);
}
