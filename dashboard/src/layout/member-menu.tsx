import { ChevronsUpDown, LogOut, UserRound } from 'lucide-react';
import { useNavigate } from 'react-router';
import { useSession } from '@/api/session';
import { toastError } from '@/components/toast';
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuLine } from '@/components/ui/menu';
import { useTheme, type Theme } from '@/lib/theme';

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function MemberMenu() {
  const { member, logOut } = useSession();
  const [theme, choose] = useTheme();
  const navigate = useNavigate();
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`${member.name}: your menu`}
          className="flex w-full items-center gap-2.5 rounded-md px-1.5 py-1.5 text-left hover:bg-line/50"
        >
          <span
            aria-hidden
            className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent"
          >
            {member.name.slice(0, 1).toUpperCase()}
          </span>
          <span className="shrinkable grow text-sm leading-tight">
            <span className="block truncate font-medium">{member.name}</span>
            <span className="block truncate text-xs text-soft">{member.role}</span>
          </span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-soft" />
        </button>
      }
    >
      <MenuLabel>{member.email}</MenuLabel>
      <MenuLine />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoices value={theme} onValueChange={(next) => choose(next as Theme)}>
        {THEMES.map((each) => (
          <MenuChoice key={each.value} value={each.value}>
            {each.label}
          </MenuChoice>
        ))}
      </MenuChoices>
      <MenuLine />
      <MenuItem onSelect={() => void navigate('/account')}>
        <UserRound /> Your account
      </MenuItem>
      <MenuItem onSelect={() => void logOut().catch(toastError)}>
        <LogOut /> Log out
      </MenuItem>
    </Menu>
  );
}
