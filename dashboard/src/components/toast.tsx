import { X } from 'lucide-react';
import { useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
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

const EDGE = 12;

/** Where they stand: at the bottom, unless a button that saves something is there. */
function useFreeSide(shown: readonly Message[]) {
  const box = useRef<HTMLDivElement>(null);
  const [side, setSide] = useState<'top' | 'bottom'>('bottom');
  useLayoutEffect(() => {
    const choose = () => setSide(coversAtBottom(box.current) ? 'top' : 'bottom');
    choose();
    if (shown.length === 0) return;
    const settled = setInterval(choose, 100); // a panel slides in, a list grows: nothing tells of all that
    addEventListener('scroll', choose, true);
    addEventListener('resize', choose);
    return () => {
      clearInterval(settled);
      removeEventListener('scroll', choose, true);
      removeEventListener('resize', choose);
    };
  }, [shown]);
  return [box, side] as const;
}

function coversAtBottom(box: HTMLElement | null): boolean {
  const messages = [...(box?.children ?? [])].map((each) => each.getBoundingClientRect());
  if (box === null || messages.length === 0) return false;
  const left = Math.min(...messages.map((each) => each.left));
  const right = Math.max(...messages.map((each) => each.right));
  const bottom = innerHeight - EDGE;
  return [...document.querySelectorAll('button[type="submit"]')]
    .map((button) => button.getBoundingClientRect())
    .some(
      (it) => it.bottom > bottom - box.offsetHeight && it.top < bottom && it.right > left && it.left < right,
    );
}

/** Where the messages appear; once, in the shell. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );
  const [box, side] = useFreeSide(shown);
  return (
    <div
      ref={box}
      role="status"
      aria-live="polite"
      className={cn(
        'pointer-events-none fixed inset-x-3 z-60 flex flex-col items-center gap-2 sm:items-end',
        side === 'top' ? 'top-3' : 'bottom-3',
      )}
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
