import { useId, useState, type ReactNode } from 'react';
import { sentenceOf } from '@/api/errors';
import { Button } from './ui/button';
import { Dialog } from './ui/dialog';
import { Input } from './ui/input';
import { Note } from './ui/small';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What happens, and whether it can be taken back. */
  children: ReactNode;
  /** The button's words: the verb itself, never "OK". */
  action: string;
  onConfirm: () => Promise<unknown>;
  /** Asks to type this first: for what cannot be taken back. */
  typed?: string;
  danger?: boolean;
}

/** Asks before something happens; stays open with the sentence when it was refused. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  children,
  action,
  onConfirm,
  typed,
  danger = true,
}: Props) {
  const id = useId();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const close = (next: boolean) => {
    setText('');
    setError(null);
    onOpenChange(next);
  };
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      close(false);
    } catch (cause) {
      setError(sentenceOf(cause));
    } finally {
      setBusy(false);
    }
  };
  const ready = typed === undefined || text.trim() === typed;
  return (
    <Dialog open={open} onOpenChange={close} title={title}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (ready) void confirm();
        }}
      >
        <div className="text-sm text-soft">{children}</div>
        {typed !== undefined && (
          <div className="flex flex-col gap-1 text-sm">
            <label htmlFor={id}>
              Type <strong className="font-semibold break-all">{typed}</strong> to confirm.
            </label>
            <Input
              id={id}
              value={text}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
        )}
        {error !== null && <Note tone="danger">{error}</Note>}
        <div className="flex justify-end gap-2">
          <Button onClick={() => close(false)}>Cancel</Button>
          <Button type="submit" variant={danger ? 'danger' : 'primary'} disabled={!ready} busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
