import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { matchPath } from 'react-router';
import { ApiError } from './api/errors';
import { App } from './app';
import { Toasts } from './components/toast';
import { placeOf } from './lib/place';
import { PAGES } from './pages';
import './styles.css';

// The page of this address is loaded while the session is asked for, not after it.
const { rest } = placeOf(location.pathname);
void PAGES.find((page) => matchPath(page.path, rest) !== null)
  ?.load()
  .catch(() => undefined);

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What was refused stays refused; what did not arrive may arrive.
      retry: (times, error) =>
        times < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <App />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
);
