import { Link } from 'react-router';
import { AchievementBadge } from '@/components/achievement-badge';
import { Code, EmptyState, Figure, RelativeTime } from '@/components/blocks';
import { Card, CardHead } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { amount, count, counted, date } from '@/lib/format';
import type { Dossier } from './parts';
import { StreakCard } from './streak-card';

export function Overview({ dossier }: { dossier: Dossier }) {
  const { metrics, streak, user } = dossier;
  return (
    <div className="flex flex-col gap-5">
      <Card className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))]">
        {metrics.map((metric) => (
          <Figure key={metric.id} label={metric.name} value={amount(metric.current)} />
        ))}
        <Figure
          label="Streak"
          value={counted(streak.length, UNIT[streak.frequency])}
          hint={streak.expires === null ? undefined : `ends after ${date(streak.expires)} unless extended`}
        />
        <Figure
          label="Streak freezes"
          value={user.freezes}
          hint={streak.maxFreezes === undefined ? undefined : `of at most ${streak.maxFreezes}`}
        />
      </Card>
      <StreakCard streak={streak} />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <div className="flex shrinkable flex-col gap-5">
          <Points points={dossier.points} />
          <Places places={dossier.leaderboards} />
        </div>
        <Profile user={user} />
      </div>
    </div>
  );
}

const UNIT = { daily: 'day', weekly: 'week', monthly: 'month' } as const;

function Points({ points }: { points: Dossier['points'] }) {
  return (
    <Card>
      <CardHead title="Points" />
      {points.length === 0 && (
        <EmptyState title="There is no points system" className="py-6">
          <Link to="/points" className="text-accent underline underline-offset-4">
            Make one
          </Link>{' '}
          to give points for what users do.
        </EmptyState>
      )}
      {points.map((system) => (
        <div key={system.id} className="border-t px-5 py-4">
          <div className="flex items-center gap-3">
            {system.level !== null && (
              <AchievementBadge url={system.level.badgeUrl} name={system.level.name} className="size-11" />
            )}
            <div className="shrinkable grow">
              <Link to={`/points/${system.id}`} className="font-medium hover:underline">
                {system.name}
              </Link>
              <p className="text-sm text-soft">
                {system.level === null ? 'No level yet' : `Level: ${system.level.name}`}
              </p>
            </div>
            <span className="figure text-2xl">{count(system.total)}</span>
          </div>
          {system.awards.length > 0 && (
            <ul className="mt-3 flex flex-col gap-1 text-sm" aria-label={`Last awards of ${system.name}`}>
              {system.awards.slice(0, AWARDS).map((award) => (
                <li key={award.id} className="flex items-baseline justify-between gap-3">
                  <span className="shrinkable truncate">
                    <span className="font-medium tabular-nums">
                      {award.awarded > 0 ? '+' : ''}
                      {count(award.awarded)}
                    </span>{' '}
                    <span className="text-soft">{causeOf(award.trigger)}</span>
                    {award.boosts.map((boost) => (
                      <span key={boost.id} className="text-soft">
                        {' '}
                        × {boost.multiplier}
                      </span>
                    ))}
                  </span>
                  <RelativeTime at={award.date} className="text-soft" />
                </li>
              ))}
            </ul>
          )}
        </div>
      ))}
    </Card>
  );
}

const AWARDS = 5;

function causeOf(trigger: Dossier['points'][number]['awards'][number]['trigger']): string {
  switch (trigger.type) {
    case 'metric':
      return (trigger.metricThreshold ?? 1) === 1
        ? `for ${trigger.metricName ?? 'a metric'}`
        : `for every ${count(trigger.metricThreshold ?? 1)} ${trigger.metricName ?? ''}`;
    case 'achievement':
      return `for “${trigger.achievementName ?? 'an achievement'}”`;
    case 'streak':
      return `for a streak of ${trigger.streakLengthThreshold ?? '?'}`;
    case 'time':
      return 'with time';
    case 'user_creation':
      return 'for signing up';
  }
}

function Places({ places }: { places: Dossier['leaderboards'] }) {
  return (
    <Card>
      <CardHead title="Leaderboards" hint="Their places in the runs that go on" />
      {places.length === 0 && <EmptyState title="No leaderboard runs now" className="py-6" />}
      <ul>
        {places.map((place) => (
          <li key={place.id} className="flex items-center gap-3 border-t px-5 py-2.5">
            <span className="w-14 shrink-0 figure text-xl">
              {place.rank === null ? <span className="text-soft">–</span> : `#${count(place.rank)}`}
            </span>
            <Link to={`/leaderboards/${place.id}`} className="shrinkable grow hover:underline">
              {place.name}
              {place.rank === null && <span className="block text-sm text-soft">Not ranked</span>}
            </Link>
            {place.value !== null && <span className="tabular-nums">{count(place.value)}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Profile({ user }: { user: Dossier['user'] }) {
  const attributes = Object.entries(user.attributes);
  return (
    <Card>
      <CardHead title="Profile" hint="As your application told it" />
      <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2.5 border-t px-5 py-4 text-sm [&_dd]:shrinkable [&_dd]:break-words [&_dt]:text-soft">
        <dt>Id</dt>
        <dd>
          <Code>{user.id}</Code>
        </dd>
        <dt>Name</dt>
        <dd>{user.name ?? <Unset />}</dd>
        <dt>E-mail</dt>
        <dd>{user.email ?? <Unset />}</dd>
        <dt>E-mails wanted</dt>
        <dd>{user.subscribeToEmails ? 'Yes' : 'No'}</dd>
        <dt>Time zone</dt>
        <dd>{user.tz ?? <span className="text-soft">Not set: UTC counts</span>}</dd>
        <dt>Sign-up</dt>
        <dd>{user.signUpDate === null ? <Unset /> : date(user.signUpDate)}</dd>
        <dt>Devices</dt>
        <dd>{counted(user.deviceTokens.length, 'device')}</dd>
        <dt>Last changed</dt>
        <dd>
          <RelativeTime at={user.updated} />
        </dd>
        {attributes.map(([key, value]) => (
          <div key={key} className="contents">
            <dt className="break-words">{key}</dt>
            <dd>
              <Pill>{value}</Pill>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Unset() {
  return <span className="text-soft">Not set</span>;
}
