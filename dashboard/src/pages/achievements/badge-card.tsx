import { useState } from 'react';
import { AchievementBadge } from '@/components/achievement-badge';
import { Segmented } from '@/components/ui/choice';
import { Progress } from '@/components/ui/small';
import { amount, date } from '@/lib/format';

type Moment = 'before' | 'under way' | 'earned';

const MOMENTS: readonly { value: Moment; label: string }[] = [
  { value: 'before', label: 'New' },
  { value: 'under way', label: 'Halfway' },
  { value: 'earned', label: 'Earned' },
];

interface Props {
  name: string;
  description: string;
  badgeUrl: string;
  rule: string;
  /** What has to be reached, where that is a number. */
  target: number | null;
  locked: boolean;
}

/** The badge card as users will see it, in each moment of its life. */
export function BadgePreview(props: Props) {
  const [moment, setMoment] = useState<Moment>('earned');
  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-sm font-medium">As users see it</h2>
        <Segmented label="Moment" value={moment} options={MOMENTS} onChange={setMoment} />
      </div>
      <BadgeCard {...props} moment={moment} />
    </div>
  );
}

function BadgeCard({
  name,
  description,
  badgeUrl,
  rule,
  target,
  locked,
  moment,
}: Props & { moment: Moment }) {
  const share = moment === 'earned' ? 1 : moment === 'before' ? 0 : 0.6;
  return (
    <div className="flex min-h-80 flex-col items-center rounded-2xl border bg-surface px-6 py-8 text-center shadow-card">
      <AchievementBadge url={badgeUrl} name={name} className="size-32" locked={moment !== 'earned'} />
      <p className="mt-4 font-display text-xl/snug font-semibold break-words">
        {name === '' ? 'Name' : name}
      </p>
      <p className="mt-1 min-h-12 max-w-[34ch] text-sm text-soft">
        {description === '' ? rule : description}
      </p>
      <div className="mt-auto w-full max-w-56 pt-4">
        {moment === 'earned' ? (
          <p className="text-sm font-medium text-accent">Earned {date(new Date().toISOString())}</p>
        ) : locked ? (
          <p className="text-sm text-soft">No longer to be earned</p>
        ) : (
          <>
            <Progress value={share * 100} label="Progress of the example" className="h-2" />
            <p className="mt-1.5 text-xs text-soft tabular-nums">
              {target === null ? 'Not yet' : `${amount(Math.floor(target * share))} of ${amount(target)}`}
            </p>
          </>
        )}
      </div>
    </div>
  );
}
