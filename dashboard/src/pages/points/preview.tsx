import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call, type Schemas } from '@/api/client';
import { useAll } from '@/api/hooks';
import { AchievementBadge } from '@/components/achievement-badge';
import { Form, FormActions, needed, NumberField, SelectField, TextField } from '@/components/form';
import { Card, CardHead } from '@/components/ui/card';
import { cn } from '@/lib/cn';
import { amount, count } from '@/lib/format';
import { useTriggers } from './parts';
import { signed, useTriggerText } from './trigger-text';

type Forecast = Schemas['PointsForecast'];

interface Values {
  metricKey: string;
  value: number | null;
  userId: string;
  attributes: Record<string, string>;
}

/** What one event would award, trigger by trigger; nothing is stored. */
export function Preview({ systemId }: { systemId: string }) {
  const metrics = useAll('/metrics').data ?? [];
  const attributes = useAll('/attributes').data?.filter((each) => each.type === 'event') ?? [];
  const [forecast, setForecast] = useState<Forecast | null>(null);
  const form = useForm<Values>({ defaultValues: { metricKey: '', value: 1, userId: '', attributes: {} } });
  const ask = async ({ metricKey, value, userId, attributes: typed }: Values) => {
    const named = Object.entries(typed).filter(([, text]) => text !== '');
    setForecast(
      await call('post', '/points/{systemId}/preview', {
        params: { path: { systemId } },
        body: {
          metricKey,
          value: needed(value),
          ...(userId !== '' && { userId }),
          ...(named.length > 0 && { attributes: Object.fromEntries(named) }),
        },
      }),
    );
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Card>
        <CardHead title="An event" hint="Nothing is stored: try as often as you like." />
        <div className="px-5 pb-5">
          <Form form={form} onSubmit={ask} names={{ metric: 'metricKey' }}>
            <div className="grid gap-4 sm:grid-cols-[1fr_8rem]">
              <SelectField
                name="metricKey"
                label="Metric"
                placeholder="Choose a metric"
                options={metrics.map(({ key, name }) => ({ value: key, label: name }))}
              />
              <NumberField name="value" label="Change" />
            </div>
            <TextField name="userId" label="User id" hint="Empty: a user who is new." />
            {attributes.map((each) => (
              <TextField key={each.id} name={`attributes.${each.key}`} label={each.name} />
            ))}
            <FormActions submit="Try it" />
          </Form>
        </div>
      </Card>
      <Card>
        <CardHead title="What it would award" />
        {forecast === null ? (
          <p className="px-5 pb-6 text-sm text-soft">
            Describe an event, and see here what each trigger awards for it, with boosts, and the level it
            leads to.
          </p>
        ) : (
          <Told systemId={systemId} forecast={forecast} />
        )}
      </Card>
    </div>
  );
}

function Told({ systemId, forecast }: { systemId: string; forecast: Forecast }) {
  const triggers = useTriggers(systemId).data ?? [];
  const text = useTriggerText();
  const { before, after, added } = forecast;
  const ordered = [...forecast.triggers].sort((a, b) => Math.abs(b.awarded) - Math.abs(a.awarded));
  return (
    <div role="status" className="px-5 pb-5 text-sm">
      {ordered.length === 0 && <p className="py-2 text-soft">No trigger is active.</p>}
      <ul>
        {ordered.map(({ trigger, awarded, boosts }) => {
          const found = triggers.find((each) => each.id === trigger.id);
          return (
            <li
              key={trigger.id}
              className={cn(
                'flex items-baseline justify-between gap-4 border-b py-2',
                awarded === 0 && 'text-soft',
              )}
            >
              <span className="shrinkable">
                {found === undefined ? '…' : text(found)}
                {awarded !== 0 &&
                  boosts.map((boost) => (
                    <span key={boost.id} className="block text-[0.8125rem] text-soft">
                      {boost.name}: ×{'\u202f'}
                      {amount(boost.multiplier)}
                    </span>
                  ))}
              </span>
              <span className={cn('tabular-nums', awarded !== 0 && 'font-semibold')}>
                {awarded === 0 ? 'Nothing' : signed(awarded)}
              </span>
            </li>
          );
        })}
      </ul>
      <p className="mt-4 flex items-baseline justify-between gap-4">
        <span className="text-soft">
          {count(before.total)} {added < 0 ? '−' : '+'} {count(Math.abs(added))} points
        </span>
        <span className="figure text-2xl">{count(after.total)}</span>
      </p>
      {after.level !== null && (
        <p className="mt-1 flex items-center justify-end gap-2">
          <AchievementBadge url={after.level.badgeUrl} name={after.level.name} className="size-7" />
          {after.level.id === before.level?.id ? after.level.name : `Reaches ${after.level.name}`}
        </p>
      )}
    </div>
  );
}
