/** Every page: its path, where it stands in the navigation, and the file that it is loaded from. */
import { ChartColumn, House, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';

export type Group = 'Watch' | 'Design' | 'Connect' | 'Run';

export interface Page {
  path: string;
  title: string;
  load: () => Promise<{ default: ComponentType }>;
  /** Pages without a place in the navigation are reached from others. */
  nav?: { group: Group; icon: LucideIcon };
}

export const PAGES: readonly Page[] = [
  { path: '/', title: 'Home', nav: { group: 'Watch', icon: House }, load: () => import('./pages/home/home') },
  {
    path: '/metrics',
    title: 'Metrics',
    nav: { group: 'Design', icon: ChartColumn },
    load: () => import('./pages/metrics/list'),
  },
];
