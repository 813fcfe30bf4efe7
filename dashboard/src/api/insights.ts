/** What the statistics tell. */
import { useMemo } from 'react';
import { BASE, send, type Schemas } from './client';
import type { Issue } from './errors';
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

export interface Preview {
  issues: Issue[];
  done: number;
  total: number;
  /** Who would get it now, of those looked at so far. */
  users: number;
  sample: Earner[];
  cursor: string | null;
}

/** Makes a call whose body the typed client cannot send: the bytes of a badge, a draft of either kind. */
export async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await send(new Request(new URL(BASE + path, location.href), init));
  return (await response.json()) as T;
}
