import { useInfiniteQuery } from '@tanstack/react-query';
import type { ApiError } from '@/api/errors';

interface Page<T> {
  items: T[];
  cursor: string | null;
}

/**
 * Reads a list page by page, for DataTable: spread the answer's `table` into it.
 *
 *     const users = useCursor(['/users', search], async (cursor, signal) => {
 *       const page = await call('get', '/users', { params: { query: { search, limit: 50, cursor } }, signal });
 *       return { items: page.users, cursor: page.cursor };
 *     });
 *     <DataTable {...users.table} …/>
 */
export function useCursor<T>(
  key: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  options: { refetchInterval?: number; enabled?: boolean } = {},
) {
  const query = useInfiniteQuery<Page<T>, ApiError, T[], readonly unknown[], string | undefined>({
    queryKey: [...key, 'pages'],
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
    ...options,
  });
  const more = query.hasNextPage
    ? { load: () => void query.fetchNextPage(), loading: query.isFetchingNextPage }
    : undefined;
  return {
    query,
    table: { rows: query.data, error: query.error, retry: () => void query.refetch(), more },
  };
}
