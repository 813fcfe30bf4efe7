import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'plaudit.theme';

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** The theme, and how to choose another; `public/theme.js` sets it again at the next start. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(chosen);
  const choose = (next: Theme) => {
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, next);
    } catch {
      // Storage is switched off: the choice holds until the page is left.
    }
    setTheme(next);
  };
  return [theme, choose];
}
