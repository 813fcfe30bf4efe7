/** The parts of a points system, read whole: a system has tens of them, not thousands. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { call, callAll, type Schemas } from '@/api/client';
import type { ApiError } from '@/api/errors';

export type Trigger = Schemas['AdminPointsTrigger'];
export type Boost = Schemas['AdminPointsBoost'];
export type Level = Schemas['AdminPointsLevel'];

interface Paged {
  limit: number;
  skip: number;
}

export function useTriggers(systemId: string): UseQueryResult<Trigger[], ApiError> {
  return useQuery<Trigger[], ApiError>({
    queryKey: ['/points/{systemId}/triggers', systemId],
    queryFn: ({ signal }) =>
      callAll((query: Paged) =>
        call('get', '/points/{systemId}/triggers', { params: { path: { systemId }, query }, signal }),
      ),
  });
}

export function useBoosts(systemId: string): UseQueryResult<Boost[], ApiError> {
  return useQuery<Boost[], ApiError>({
    queryKey: ['/points/{systemId}/boosts', systemId],
    queryFn: ({ signal }) =>
      callAll((query: Paged) =>
        call('get', '/points/{systemId}/boosts', { params: { path: { systemId }, query }, signal }),
      ),
  });
}

export function useLevels(systemId: string): UseQueryResult<Level[], ApiError> {
  return useQuery<Level[], ApiError>({
    queryKey: ['/points/{systemId}/levels', systemId],
    queryFn: ({ signal }) =>
      callAll((query: Paged) =>
        call('get', '/points/{systemId}/levels', { params: { path: { systemId }, query }, signal }),
      ),
  });
}
