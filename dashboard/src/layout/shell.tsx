/** The frame around every page: navigation, places, the member's menu, the palette. */
import { Menu as MenuIcon, Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { NavLink, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { useCan } from '@/api/session';
import { Button } from '@/components/ui/button';
import { Kbd, Skeleton } from '@/components/ui/small';
import { Sheet } from '@/components/ui/dialog';
import { cn } from '@/lib/cn';
import { PAGES, type Group, type Page } from '@/pages';
import { Wordmark } from './logo';
import { MemberMenu } from './member-menu';
import { PlaceMenu } from './place-menu';

const Palette = lazy(() => import('./palette'));
const GROUPS: readonly Group[] = ['Watch', 'Design', 'Connect', 'Run'];
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function Shell() {
  const [palette, setPalette] = useState(false);
  const location = useLocation();
  // Open at one page: going to another closes it.
  const [drawer, setDrawer] = useState<string | null>(null);
  const main = useRef<HTMLElement>(null);
  const before = useRef(location.pathname);
  useEffect(() => {
    // Those who hear the page are taken to the new one, as a page load would.
    if (before.current !== location.pathname) main.current?.focus({ preventScroll: true });
    before.current = location.pathname;
  }, [location.pathname]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setPalette((open) => !open);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
  const side = <Side onSearch={() => setPalette(true)} />;
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-60 rounded-md bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed! focus:top-3 focus:left-3"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r bg-sunken/60 lg:flex">{side}</aside>
      <div className="sticky top-0 z-30 flex items-center gap-2 border-b bg-canvas/95 px-3 py-2 backdrop-blur lg:hidden">
        <Button
          variant="ghost"
          size="icon"
          aria-label="Open the navigation"
          onClick={() => setDrawer(location.pathname)}
        >
          <MenuIcon />
        </Button>
        <Wordmark />
        <Button
          variant="ghost"
          size="icon"
          aria-label="Search"
          className="ml-auto"
          onClick={() => setPalette(true)}
        >
          <Search />
        </Button>
      </div>
      <Sheet
        open={drawer === location.pathname}
        onOpenChange={() => setDrawer(null)}
        title="Navigation"
        className="right-auto left-0 max-w-72 [animation:none] border-r"
      >
        <div className="-mx-5 -mb-5 flex h-full flex-col">{side}</div>
      </Sheet>
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-[76rem] px-4 py-6 outline-none sm:px-8 sm:py-9"
      >
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      {palette && (
        <Suspense>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
      <ScrollRestoration />
      <Waiting />
    </div>
  );
}

function Side({ onSearch }: { onSearch: () => void }) {
  const isOwner = useCan('owner');
  const pages = PAGES.filter((page) => isOwner || page.nav?.ownersOnly !== true);
  return (
    <>
      <div className="flex flex-col gap-3 px-4 pt-5 pb-3">
        <span className="px-1 max-lg:hidden">
          <Wordmark />
        </span>
        <PlaceMenu />
        <button
          type="button"
          onClick={onSearch}
          className="flex h-8 items-center gap-2 rounded-md border bg-surface px-2.5 text-[0.8125rem] text-soft hover:border-line-strong"
        >
          <Search className="size-3.5" /> Search
          <span className="ml-auto">
            <Kbd>{isApple ? '⌘ K' : 'Ctrl K'}</Kbd>
          </span>
        </button>
      </div>
      <nav aria-label="Pages" className="min-h-0 grow overflow-y-auto px-3 pb-4">
        {GROUPS.map((group) => (
          <NavGroup key={group} group={group} pages={pages.filter((page) => page.nav?.group === group)} />
        ))}
      </nav>
      <div className="border-t p-2.5">
        <MemberMenu />
      </div>
    </>
  );
}

function NavGroup({ group, pages }: { group: Group; pages: Page[] }) {
  if (pages.length === 0) return null;
  return (
    <div className="mt-3">
      <h2 className="px-2 pb-1 text-xs text-soft">{group}</h2>
      <ul className="flex flex-col gap-px">
        {pages.map((page) => (
          <li key={page.path}>
            <NavLink
              to={page.path}
              end={page.path === '/'}
              onPointerEnter={() => void page.load()}
              className={({ isActive }) =>
                cn(
                  'flex items-center gap-2.5 rounded-md px-2 py-1.5 text-sm text-soft transition-colors hover:bg-line/50 hover:text-ink [&_svg]:size-4',
                  isActive && 'bg-accent-soft font-medium text-accent hover:bg-accent-soft hover:text-accent',
                )
              }
            >
              {page.nav && <page.nav.icon aria-hidden />}
              {page.title}
            </NavLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A thin line at the top while the next page is on its way. */
function Waiting() {
  const { state } = useNavigation();
  if (state === 'idle') return null;
  return (
    <div
      role="status"
      aria-label="Loading"
      className="fixed inset-x-0 top-0 z-60 h-0.5 animate-pulse bg-accent"
    />
  );
}

/** Holds the place of a page of which only the address is known. */
export function PageSkeleton() {
  return (
    <div aria-hidden>
      <Skeleton className="mb-2 h-8 w-56" />
      <Skeleton className="mb-6 h-5 w-96 max-w-full" />
      <Skeleton className="h-72 w-full rounded-xl" />
    </div>
  );
}
