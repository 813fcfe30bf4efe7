import { Check } from 'lucide-react';
import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { AchievementBadge } from '@/components/achievement-badge';
import { FieldError } from '@/components/form';
import { Input } from '@/components/ui/input';
import { cn } from '@/lib/cn';
import { ruleOf, type Achievement, type Terms, type Values } from './model';

interface Props {
  /** Those to pick from: every other achievement. */
  achievements: readonly Achievement[];
  terms: Terms;
}

/** Picks the achievements that a composite needs, by their cards. */
export function Prerequisites({ achievements, terms }: Props) {
  const { watch, setValue, clearErrors, formState } = useFormContext<Values>();
  const [text, setText] = useState('');
  const picked = watch('achievementIds');
  const wanted = text.trim().toLowerCase();
  const toggle = (id: string) => {
    clearErrors('achievementIds');
    const next = picked.includes(id) ? picked.filter((each) => each !== id) : [...picked, id];
    setValue('achievementIds', next, { shouldDirty: true });
  };
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">
        Needed achievements {picked.length > 0 && <span className="text-soft">({picked.length} picked)</span>}
      </legend>
      <p className="text-[0.8125rem]/snug text-soft">All of these must be complete.</p>
      {achievements.length > 8 && (
        <Input
          type="search"
          aria-label="Find an achievement"
          placeholder="Find by name"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <div className="grid max-h-96 grid-cols-1 gap-2 overflow-y-auto rounded-lg border bg-sunken p-2 sm:grid-cols-2">
        {achievements
          .filter((each) => each.name.toLowerCase().includes(wanted))
          .map((each) => {
            const on = picked.includes(each.id);
            return (
              <button
                key={each.id}
                type="button"
                role="checkbox"
                aria-checked={on}
                onClick={() => toggle(each.id)}
                className={cn(
                  'flex items-center gap-3 rounded-lg border bg-surface p-2.5 text-left transition-colors hover:border-line-strong',
                  on && 'border-accent bg-accent-soft hover:border-accent',
                )}
              >
                <AchievementBadge url={each.badge?.url} name={each.name} className="size-10" />
                <span className="shrinkable grow">
                  <span className="block truncate text-sm font-medium">{each.name}</span>
                  <span className="block truncate text-xs text-soft">{ruleOf(each, terms)}</span>
                </span>
                <Check aria-hidden className={cn('size-4 shrink-0 text-accent', !on && 'invisible')} />
              </button>
            );
          })}
        {achievements.length === 0 && (
          <p className="p-2 text-sm text-soft">There is no other achievement yet.</p>
        )}
      </div>
      <FieldError message={formState.errors.achievementIds?.message} />
    </fieldset>
  );
}
