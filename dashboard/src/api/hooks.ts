/** Calls as hooks: reading is cached by path and what was asked, changing empties the cache. */
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { call, callAll, type Answer, type InitArguments, type PathOf } from './client';
import type { ApiError } from './errors';

interface ReadOptions {
  /** False: not asked yet. */
  enabled?: boolean;
  /** Milliseconds between one answer and the next question. */
  refetchInterval?: number | false;
  /** Shows the answer before while another page or filter is on its way. */
  keepPrevious?: boolean;
}

/** Reads one call: `useGet('/metrics/{id}', { params: { path: { id } } })`. */
export function useGet<P extends PathOf<'get'>>(
  path: P,
  ...[init, options]: [...InitArguments<'get', P>, options?: ReadOptions]
): UseQueryResult<Answer<'get', P>, ApiError> {
  const { keepPrevious, ...rest } = (options ?? {}) as ReadOptions;
  return useQuery<Answer<'get', P>, ApiError>({
    queryKey: [path, init ?? null],
    queryFn: ({ signal }) => call('get', path, ...withSignal<P>(init, signal)),
    placeholderData: keepPrevious ? keepPreviousData : undefined,
    ...rest,
  });
}

type ListPath =
  '/metrics' | '/attributes' | '/achievements' | '/points' | '/leaderboards' | '/tenants' | '/webhooks';

/** Reads the whole of a list of definitions; these are few (hundreds), so pages filter them here. */
export function useAll<P extends ListPath>(
  path: P,
  options: ReadOptions = {},
): UseQueryResult<Answer<'get', P>, ApiError> {
  return useQuery<Answer<'get', P>, ApiError>({
    queryKey: [path, 'all'],
    queryFn: async ({ signal }) => {
      const page = (query: { limit: number; skip: number }) =>
        call('get', path, ...withSignal<P>({ params: { query } }, signal));
      return (await callAll(page as unknown as Page)) as Answer<'get', P>;
    },
    ...options,
  });
}

function withSignal<P extends PathOf<'get'>>(init: unknown, signal: AbortSignal): InitArguments<'get', P> {
  return [{ ...(init as object | undefined), signal }] as unknown as InitArguments<'get', P>;
}

type Page = (query: { limit: number; skip: number }) => Promise<unknown[]>;

/**
 * Changes something. Afterwards everything that was read is asked again, because one change shows
 * in many places (a metric's name in an achievement's rule, a completion in every figure).
 */
export function useChange<Input, Result>(
  change: (input: Input) => Promise<Result>,
  then?: (result: Result, input: Input) => void | Promise<void>,
): UseMutationResult<Result, ApiError, Input> {
  const cache = useQueryClient();
  return useMutation<Result, ApiError, Input>({
    mutationFn: change,
    onSuccess: async (result, input) => {
      void cache.invalidateQueries();
      await then?.(result, input);
    },
  });
}
