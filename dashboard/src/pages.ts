/** Every page: its path, where it stands in the navigation, and the file that it is loaded from. */
import {
  Boxes,
  Building2,
  ChartColumn,
  Coins,
  Flame,
  House,
  KeyRound,
  ListOrdered,
  Logs,
  type LucideIcon,
  Settings,
  ScrollText,
  Tags,
  Trophy,
  Users,
  UsersRound,
  Webhook,
} from 'lucide-react';
import type { ComponentType } from 'react';

export type Group = 'Watch' | 'Design' | 'Connect' | 'Run';

export interface Page {
  path: string;
  title: string;
  load: () => Promise<{ default: ComponentType }>;
  /** Pages without a place in the navigation are reached from others. */
  nav?: { group: Group; icon: LucideIcon; /** Nothing to see there for others. */ ownersOnly?: boolean };
}

export const PAGES: readonly Page[] = [
  { path: '/', title: 'Home', nav: { group: 'Watch', icon: House }, load: () => import('./pages/home/home') },
  {
    path: '/users',
    title: 'Users',
    nav: { group: 'Watch', icon: UsersRound },
    load: () => import('./pages/users/list'),
  },
  { path: '/users/:id', title: 'User', load: () => import('./pages/users/show') },
  {
    path: '/log',
    title: 'Log',
    nav: { group: 'Watch', icon: Logs },
    load: () => import('./pages/log/list'),
  },
  {
    path: '/achievements',
    title: 'Achievements',
    nav: { group: 'Design', icon: Trophy },
    load: () => import('./pages/achievements/list'),
  },
  { path: '/achievements/new', title: 'New achievement', load: () => import('./pages/achievements/create') },
  { path: '/achievements/:id', title: 'Achievement', load: () => import('./pages/achievements/show') },
  {
    path: '/achievements/:id/edit',
    title: 'Edit achievement',
    load: () => import('./pages/achievements/edit'),
  },
  {
    path: '/metrics',
    title: 'Metrics',
    nav: { group: 'Design', icon: ChartColumn },
    load: () => import('./pages/metrics/list'),
  },
  {
    path: '/points',
    title: 'Points',
    nav: { group: 'Design', icon: Coins },
    load: () => import('./pages/points/list'),
  },
  { path: '/points/:id', title: 'Points system', load: () => import('./pages/points/show') },
  {
    path: '/leaderboards',
    title: 'Leaderboards',
    nav: { group: 'Design', icon: ListOrdered },
    load: () => import('./pages/leaderboards/list'),
  },
  { path: '/leaderboards/:id', title: 'Leaderboard', load: () => import('./pages/leaderboards/show') },
  {
    path: '/streaks',
    title: 'Streaks',
    nav: { group: 'Design', icon: Flame },
    load: () => import('./pages/streaks/settings'),
  },
  {
    path: '/attributes',
    title: 'Attributes',
    nav: { group: 'Design', icon: Tags },
    load: () => import('./pages/attributes/list'),
  },
  {
    path: '/keys',
    title: 'Keys',
    nav: { group: 'Connect', icon: KeyRound, ownersOnly: true },
    load: () => import('./pages/keys/list'),
  },
  {
    path: '/webhooks',
    title: 'Webhooks',
    nav: { group: 'Connect', icon: Webhook },
    load: () => import('./pages/webhooks/list'),
  },
  { path: '/webhooks/:id', title: 'Webhook', load: () => import('./pages/webhooks/show') },
  {
    path: '/environments',
    title: 'Environments',
    nav: { group: 'Run', icon: Boxes },
    load: () => import('./pages/environments/list'),
  },
  {
    path: '/tenants',
    title: 'Tenants',
    nav: { group: 'Run', icon: Building2 },
    load: () => import('./pages/tenants/list'),
  },
  {
    path: '/members',
    title: 'Members',
    nav: { group: 'Run', icon: Users, ownersOnly: true },
    load: () => import('./pages/members/list'),
  },
  {
    path: '/audit',
    title: 'Audit log',
    nav: { group: 'Run', icon: ScrollText },
    load: () => import('./pages/audit/list'),
  },
  {
    path: '/settings',
    title: 'Settings',
    nav: { group: 'Run', icon: Settings },
    load: () => import('./pages/settings/settings'),
  },
  { path: '/account', title: 'Your account', load: () => import('./pages/account/account') },
];
