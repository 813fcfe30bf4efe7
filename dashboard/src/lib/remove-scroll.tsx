import { useEffect, type ElementType, type ReactNode } from 'react';

let locks = 0;

interface Props {
  as?: ElementType;
  enabled?: boolean;
  children?: ReactNode;
}

/**
 * Stands in for `react-remove-scroll` inside Radix: keeps the page behind a dialog still, by an
 * attribute that our stylesheet knows, because the server's policy forbids styles made by scripts.
 */
export function RemoveScroll({ as: Part = 'div', enabled = true, children }: Props) {
  useEffect(() => {
    if (!enabled) return;
    locks += 1;
    document.body.dataset.scrollLocked = '';
    return () => {
      locks -= 1;
      if (locks === 0) delete document.body.dataset.scrollLocked;
    };
  }, [enabled]);
  return <Part>{children}</Part>;
}
