/** Who is logged in, where they act, and what they may do. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { placeOf } from '@/lib/place';
import { call, setAccess, setPlace, type Schemas } from './client';

export type Member = Schemas['SessionMember'];
export type Role = Schemas['Role'];
export type SessionState = Schemas['SessionState'];

export interface Session {
  member: Member;
  environments: SessionState['environments'];
  environment: SessionState['environments'][number];
  tenant: string | null;
  multiTenancy: boolean;
  /** The session has ended meanwhile: the page stays as it is until the member is back. */
  expired: boolean;
  logOut: () => Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

/** The session of a page behind the log-in. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('This is a page behind the log-in.');
  return session;
}

const RANK: Record<Role, number> = { viewer: 0, editor: 1, owner: 2 };

/** Whether the member may do what takes this role. Hide what may not be done; the server decides. */
export function useCan(role: Role): boolean {
  return RANK[useSession().member.role] >= RANK[role];
}

export const SESSION_KEY = ['session'];

/** Reads the session once, and takes a new one in after a log-in. */
export function useSessionState() {
  const cache = useQueryClient();
  const [expired, setExpired] = useState(false);
  const query = useQuery<SessionState>({
    queryKey: SESSION_KEY,
    staleTime: Infinity,
    queryFn: async () => {
      const place = placeOf(location.pathname);
      setPlace(place);
      const state = await call('get', '/session');
      setAccess(state.csrfToken, () => setExpired(true));
      return state;
    },
  });
  const begin = (state: SessionState) => {
    setAccess(state.csrfToken, () => setExpired(true));
    const before = cache.getQueryData<SessionState>(SESSION_KEY)?.member?.id;
    if (before !== undefined && before !== state.member?.id) cache.removeQueries();
    cache.setQueryData(SESSION_KEY, state);
    setExpired(false);
    void cache.invalidateQueries({ predicate: (each) => each.queryKey[0] !== SESSION_KEY[0] });
  };
  return { query, begin, expired };
}

interface ProviderProps {
  state: SessionState;
  member: Member;
  environment: Session['environment'];
  expired: boolean;
  children: ReactNode;
}

export function SessionProvider({ state, member, environment, expired, children }: ProviderProps) {
  const session = useMemo<Session>(
    () => ({
      member,
      environment,
      environments: state.environments,
      tenant: placeOf(location.pathname).tenant,
      multiTenancy: state.multiTenancy,
      expired,
      logOut: async () => {
        await call('delete', '/session');
        location.assign('/');
      },
    }),
    [state, member, environment, expired],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}
