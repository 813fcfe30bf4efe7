import { Pencil, Trash2 } from 'lucide-react';
import { useCan } from '@/api/session';
import { Button } from './ui/button';

/** What an editor can do with the thing a page is about. */
export function EditButtons({ onEdit, onDelete }: { onEdit: () => void; onDelete: () => void }) {
  if (!useCan('editor')) return null;
  return (
    <>
      <Button variant="ghost" onClick={onDelete}>
        <Trash2 /> Delete
      </Button>
      <Button onClick={onEdit}>
        <Pencil /> Edit
      </Button>
    </>
  );
}
