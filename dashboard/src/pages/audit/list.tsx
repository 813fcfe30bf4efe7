import { useSearchParams } from 'react-router';
import { useCan } from '@/api/session';
import { PageHeader } from '@/components/blocks';
import { Filters, type FilterField } from '@/components/filters';
import { AuditEntries, type AuditFilter } from './entries';

const FIELDS: readonly FilterField[] = [
  { name: 'actor', label: 'Who', placeholder: 'adm_… or e-mail' },
  { name: 'user', label: 'User' },
  { name: 'target', label: 'Target', placeholder: 'achievement:01a2…' },
];
const SCOPE: FilterField = {
  name: 'scope',
  label: 'Where',
  any: 'This environment',
  options: [{ value: 'server', label: 'Members and the server' }],
};

/** What people, keys and the console did; a chain of hashes shows whether it was altered. */
export default function AuditPage() {
  const [query] = useSearchParams();
  const isOwner = useCan('owner');
  const filter = Object.fromEntries(
    ['actor', 'user', 'target', 'scope'].flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[name, value]];
    }),
  ) as AuditFilter;
  return (
    <>
      <PageHeader title="Audit log" hint="Who changed what, and when. Nobody can alter an entry unseen." />
      <AuditEntries filter={filter}>
        <Filters fields={isOwner ? [...FIELDS, SCOPE] : FIELDS} />
      </AuditEntries>
    </>
  );
}
