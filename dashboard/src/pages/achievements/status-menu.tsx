import { Archive, ChevronDown, CircleDashed, Lock, Play } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useChange } from '@/api/hooks';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { toast, toastError } from '@/components/toast';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem, MenuLine } from '@/components/ui/menu';
import { DryRunDialog } from './dry-run';
import { itemOf, valuesOf, type Achievement, type Status } from './model';

const DONE: Record<Status, string> = {
  active: 'The achievement is active.',
  inactive: 'The achievement is inactive.',
  locked: 'The achievement is locked.',
};

/** Activates (after the dry run), locks, deactivates, archives. */
export function StatusMenu({ achievement: it }: { achievement: Achievement }) {
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'active' | 'archive' | null>(null);
  const changed = useChange(
    async (status: Status) =>
      expectDone(await call('patch', '/achievements', { body: [{ id: it.id, status }] })),
    (_, status) => {
      setAsked(null);
      toast(DONE[status]);
    },
  );
  const archived = useChange(
    async () => expectDone(await call('delete', '/achievements', { params: { query: { ids: [it.id] } } })),
    () => {
      toast('The achievement was archived.');
      void navigate('/achievements');
    },
  );
  const set = (status: Status) => changed.mutate(status, { onError: toastError });
  return (
    <>
      {it.status !== 'active' && (
        <Button onClick={() => (it.trigger === 'api' ? set('active') : setAsked('active'))}>
          <Play /> Activate
        </Button>
      )}
      <Menu
        trigger={
          <Button aria-label="More to do">
            More <ChevronDown />
          </Button>
        }
      >
        {it.status !== 'locked' && (
          <MenuItem onSelect={() => set('locked')}>
            <Lock /> Lock: nobody new earns it
          </MenuItem>
        )}
        {it.status !== 'inactive' && (
          <MenuItem onSelect={() => set('inactive')}>
            <CircleDashed /> Deactivate: hide it again
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem danger onSelect={() => setAsked('archive')}>
          <Archive /> Archive
        </MenuItem>
      </Menu>
      {asked === 'active' && (
        <DryRunDialog
          item={{ ...itemOf(valuesOf(it)), status: 'active' }}
          id={it.id}
          action="Activate"
          onConfirm={() => changed.mutateAsync('active')}
          onClose={() => setAsked(null)}
          onRefused={(error) => {
            setAsked(null);
            toastError(error);
          }}
        />
      )}
      <ConfirmDialog
        open={asked === 'archive'}
        onOpenChange={() => setAsked(null)}
        title={`Archive ${it.name}?`}
        action="Archive the achievement"
        typed={it.name}
        onConfirm={() => archived.mutateAsync(undefined)}
      >
        Users no longer see it, and nobody can earn it. Who earned it stays on record. This cannot be taken
        back here.
      </ConfirmDialog>
    </>
  );
}
