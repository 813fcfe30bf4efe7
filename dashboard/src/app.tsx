/** Decides what is shown: set-up, invitation, log-in, or the pages of a place. */
import { lazy, Suspense, useMemo } from 'react';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { SessionProvider, useSessionState, type SessionState } from './api/session';
import { EmptyState, Failure } from './components/blocks';
import { Dialog } from './components/ui/dialog';
import { NotFound, RouteFailure } from './layout/failures';
import { PageSkeleton, Shell } from './layout/shell';
import { pathIn, placeOf } from './lib/place';
import { PAGES } from './pages';
import { LogInForm, LogInPage, SetUpNeeded } from './pages/session/log-in';

const SetUpPage = lazy(() => import('./pages/session/set-up'));
const AcceptPage = lazy(() => import('./pages/session/accept'));

export function App() {
  const { query, begin, expired } = useSessionState();
  const enter = (state: SessionState) => {
    history.replaceState(null, '', '/');
    begin(state);
  };
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return null;
  const state = query.data;
  if (location.pathname === '/setup' || location.pathname === '/invite') {
    const Opened = location.pathname === '/setup' ? SetUpPage : AcceptPage;
    return (
      <Suspense>
        <Opened onBegun={enter} />
      </Suspense>
    );
  }
  if (state.setupNeeded) return <SetUpNeeded />;
  if (state.member === null) return <LogInPage onBegun={begin} />;
  return (
    <>
      <Inside state={state} member={state.member} expired={expired} />
      <Dialog
        open={expired}
        onOpenChange={() => undefined}
        title="Log in again"
        description="Your session has ended. This page stays as it is."
      >
        <LogInForm onBegun={begin} email={state.member.email} />
      </Dialog>
    </>
  );
}

interface InsideProps {
  state: SessionState;
  member: NonNullable<SessionState['member']>;
  expired: boolean;
}

function Inside({ state, member, expired }: InsideProps) {
  const place = placeOf(location.pathname);
  const first = state.environments[0];
  const environment =
    place.environment === null ? first : state.environments.find((each) => each.key === place.environment);
  if (first === undefined) return <EmptyState title="There is no environment yet" />;
  if (environment === undefined) {
    return (
      <EmptyState
        title={`There is no environment '${place.environment ?? ''}'`}
        action={
          <a className="text-accent underline underline-offset-4" href={pathIn(first.key, null)}>
            Go to {first.name}
          </a>
        }
      />
    );
  }
  if (place.environment === null) {
    // Not navigated: the calls default to the first environment, so only the address is brought up to date.
    history.replaceState(null, '', pathIn(first.key, null, place.rest) + location.search + location.hash);
  }
  return (
    <SessionProvider state={state} member={member} environment={environment} expired={expired}>
      <Pages />
    </SessionProvider>
  );
}

function Pages() {
  const router = useMemo(
    () =>
      createBrowserRouter(
        [
          {
            element: <Shell />,
            hydrateFallbackElement: <PageSkeleton />,
            children: [
              ...PAGES.map((page) => ({
                path: page.path,
                lazy: async () => ({ Component: (await page.load()).default }),
                errorElement: <RouteFailure />,
              })),
              { path: '*', element: <NotFound /> },
            ],
          },
        ],
        { basename: placeOf(location.pathname).base },
      ),
    [],
  );
  return <RouterProvider router={router} />;
}
