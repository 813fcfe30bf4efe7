/** Ctrl-K: pages, achievements and users by a few letters. */
import { Command } from 'cmdk';
import { useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAll, useGet } from '@/api/hooks';
import { useCan } from '@/api/session';
import { AchievementBadge } from '@/components/achievement-badge';
import { PAGES, type Page } from '@/pages';

const ITEM =
  'flex items-center gap-3 rounded-md px-3 py-2 text-sm data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent [&_svg]:size-4';
const GROUP =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-soft';

export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const navigate = useNavigate();
  const isOwner = useCan('owner');
  const achievements = useAll('/achievements');
  const users = useGet(
    '/users',
    { params: { query: { search, limit: 8 } } },
    { enabled: search !== '', keepPrevious: true },
  );
  const go = (path: string) => {
    onClose();
    void navigate(path);
  };
  return (
    <Command.Dialog
      open
      label="Search"
      onOpenChange={onClose}
      overlayClassName="fixed inset-0 z-40 bg-[#0b0f0c]/45"
      contentClassName="animate-appear fixed inset-x-3 top-[12vh] z-50 mx-auto max-w-xl overflow-hidden rounded-xl border bg-raised shadow-raised"
    >
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Search pages, achievements, users"
        className="w-full border-b bg-transparent px-5 py-3.5 text-base outline-none"
      />
      <Command.List className="max-h-[55vh] overflow-y-auto p-2">
        <Command.Empty className="px-3 py-6 text-center text-sm text-soft">
          Nothing is called that.
        </Command.Empty>
        <Command.Group heading="Pages" className={GROUP}>
          {PAGES.filter((page) => isReachable(page, isOwner)).map((page) => (
            <Command.Item
              key={page.path}
              value={`page ${page.title}`}
              className={ITEM}
              onSelect={() => go(page.path)}
            >
              {page.nav && <page.nav.icon aria-hidden />}
              {page.title}
            </Command.Item>
          ))}
        </Command.Group>
        {text !== '' && (
          <Command.Group heading="Achievements" className={GROUP}>
            {achievements.data?.map((each) => (
              <Command.Item
                key={each.id}
                value={`achievement ${each.name} ${each.id}`}
                className={ITEM}
                onSelect={() => go(`/achievements/${each.id}`)}
              >
                <AchievementBadge url={each.badge?.url} name={each.name} className="size-6" />
                {each.name}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {search !== '' && (
          <Command.Group heading="Users" className={GROUP}>
            {users.data?.users.map((user) => (
              <Command.Item
                key={user.id}
                value={`user ${user.id}`}
                keywords={[search]}
                className={ITEM}
                onSelect={() => go(`/users/${encodeURIComponent(user.id)}`)}
              >
                <span>{user.name ?? user.id}</span>
                <span className="truncate text-soft">{user.name === null ? '' : user.id}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}

function isReachable(page: Page, isOwner: boolean): boolean {
  return !page.path.includes(':') && (isOwner || page.nav?.ownersOnly !== true);
}
