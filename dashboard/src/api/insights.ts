/** What the statistics tell. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { BASE, send } from './client';
import type { ApiError, Issue } from './errors';

export type Step = 'day' | 'week' | 'month';
export type Days = '30' | '90' | '365' | 'all';

export interface AchievementTag {
  id: string;
  key?: string | null;
  name: string;
  badgeUrl: string | null;
}

export interface Overview {
  totals: { users: number; events: number; completions: number; achievements: number };
  days: { date: string; events: number; activeUsers: number; completions: number }[];
  step: Step;
  asOf: string;
}

export interface Highlights {
  rarest: { achievement: AchievementTag; completions: number; rarity: number }[];
  newest: { achievement: AchievementTag; userId: string; userName: string | null; achievedAt: string }[];
  topUsers: { userId: string; userName: string | null; completions: number; events: number }[];
}

export interface Insights {
  users: number;
  completions: number;
  rarity: number;
  days: { date: string; completions: number }[];
  step: Step;
  progress: { from: number; to: number; users: number }[];
  retention: {
    weeks: number[];
    completers: (number | null)[];
    others: (number | null)[];
    completersCount: number;
    othersCount: number;
  };
  asOf: string;
}

/** How many have one achievement, and of a hundred users how many. */
export interface Share {
  id: string;
  completions: number;
  rarity: number;
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

export interface Earner {
  userId: string;
  userName: string | null;
  achievedAt: string;
}

export async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await send(new Request(new URL(BASE + path, location.href), init));
  return (await response.json()) as T;
}

function useRead<T>(path: string, refetchInterval: number | false = false) {
  return useQuery<T, ApiError>({
    queryKey: [path],
    queryFn: ({ signal }) => ask<T>(path, { signal }),
    refetchInterval,
  });
}

export const useOverview = (days: Days) => useRead<Overview>(`/stats/overview?days=${days}`, 30_000);
export const useHighlights = () => useRead<Highlights>('/stats/highlights', 30_000);
export const useInsights = (id: string) => useRead<Insights>(`/achievements/${id}/insights`, 60_000);

/** Users and rarity of every achievement, by id; undefined until they are known. */
export function useShares(): ReadonlyMap<string, Share> | undefined {
  const { data } = useRead<{ data: Share[] }>('/stats/achievements', 60_000);
  return useMemo(() => data && new Map(data.data.map((each) => [each.id, each])), [data]);
}
