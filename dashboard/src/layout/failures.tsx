import { Link, useRouteError } from 'react-router';
import { ApiError, sentenceOf } from '@/api/errors';
import type { Role } from '@/api/session';
import { EmptyState } from '@/components/blocks';
import { Button } from '@/components/ui/button';

export function NotFound() {
  return (
    <EmptyState
      title="There is no such page"
      action={
        <Button asChild>
          <Link to="/">Go home</Link>
        </Button>
      }
    >
      <title>Not found · Plaudit</title>
      The address may be old, or what it showed was deleted.
    </EmptyState>
  );
}

/** A page for members of a higher role, who were led here by its address. */
export function NotAllowed({ needs }: { needs: Role }) {
  return (
    <EmptyState
      title="You may look, not change"
      action={
        <Button asChild>
          <Link to="/">Go home</Link>
        </Button>
      }
    >
      <title>Not allowed · Plaudit</title>
      This page takes the role {needs}. An owner can give it to you.
    </EmptyState>
  );
}

/** A page that could not be shown: mostly one whose files were replaced by a new release. */
export function RouteFailure() {
  const error = useRouteError();
  console.error(error);
  return (
    <EmptyState
      title="This page could not be shown"
      action={
        <Button variant="primary" onClick={() => location.reload()}>
          Reload
        </Button>
      }
    >
      {error instanceof ApiError ? sentenceOf(error) : 'Reload it to get its newest version.'}
    </EmptyState>
  );
}
