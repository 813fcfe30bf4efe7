import { Link } from 'react-router';

/** A user by name where there is one, else by id. */
export function UserLink({ id, name }: { id: string; name?: string | null | undefined }) {
  return (
    <Link to={`/users/${encodeURIComponent(id)}`} title={id} className="hover:underline">
      {name ?? id}
    </Link>
  );
}
