import type { Role } from '@/api/session';

export const ROLES: Record<Role, string> = { owner: 'Owner', editor: 'Editor', viewer: 'Viewer' };

export const ROLE_OPTIONS: readonly { value: Role; label: string }[] = [
  { value: 'viewer', label: 'Viewer: sees everything, changes nothing' },
  { value: 'editor', label: 'Editor: all but members, keys and environments' },
  { value: 'owner', label: 'Owner: everything' },
];
