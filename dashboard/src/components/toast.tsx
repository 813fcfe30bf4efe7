import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { cn } from '@/lib/cn';
import { sentenceOf } from '@/api/errors';

interface Message {
  id: number;
  text: string;
  bad: boolean;
}

let messages: readonly Message[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Message[]): void {
  messages = next;
  for (const listener of listeners) listener();
}

function show(text: string, bad: boolean): void {
  last += 1;
  const id = last;
  set([...messages.slice(-3), { id, text, bad }]);
  setTimeout(() => dismiss(id), bad ? 10_000 : 5000);
}

function dismiss(id: number): void {
  set(messages.filter((message) => message.id !== id));
}

/** Tells that something was done, in passing: `toast('The metric was created.')`. */
export const toast = (text: string): void => show(text, false);

/** Tells why something was not done; for failures that belong beside no field. */
export const toastError = (error: unknown): void => show(sentenceOf(error), true);

/** Where the messages appear; once, in the shell. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-3 z-60 flex flex-col items-center gap-2 sm:items-end"
    >
      {shown.map((message) => (
        <div
          key={message.id}
          className={cn(
            'pointer-events-auto flex max-w-md animate-appear items-center gap-3 rounded-lg border bg-raised py-2 pr-2 pl-4 text-sm shadow-raised',
            message.bad ? 'border-danger text-danger' : 'text-ink',
          )}
        >
          <span className="shrinkable grow break-words">{message.text}</span>
          <button
            type="button"
            aria-label="Dismiss"
            className="rounded p-1 text-soft hover:text-ink"
            onClick={() => dismiss(message.id)}
          >
            <X className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
