import { Check } from 'lucide-react';
import { Link } from 'react-router';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { useAll } from '@/api/hooks';

/** What an empty environment needs, in order; stands in for the charts, at their height, until an event has come. */
export function FirstSteps({ achievements }: { achievements: number }) {
  const metrics = useAll('/metrics');
  const steps = [
    {
      done: (metrics.data?.length ?? 0) > 0,
      title: 'Name a metric',
      text: 'What your application counts.',
      to: '/metrics',
    },
    {
      done: achievements > 0,
      title: 'Design an achievement',
      text: 'What users can earn, and its badge.',
      to: '/achievements/new',
    },
    {
      done: false,
      title: 'Send an event',
      text: 'Make a key; your application calls the API with it.',
      to: '/keys',
    },
  ];
  const next = steps.findIndex((step) => !step.done);
  return (
    <Card className="mt-5 flex min-h-71 flex-col justify-center p-6">
      <h2 className="font-display text-2xl font-semibold">Three steps to the first badge</h2>
      <ol className="mt-5 grid gap-4 md:grid-cols-3">
        {steps.map((step, index) => (
          <li key={step.title} className="flex gap-3 rounded-lg border p-4">
            <span
              className={
                step.done
                  ? 'grid size-7 shrink-0 place-items-center rounded-full bg-accent text-sm text-on-accent'
                  : 'grid size-7 shrink-0 place-items-center rounded-full border border-line-strong figure text-sm'
              }
            >
              {step.done ? <Check aria-hidden className="size-4" /> : index + 1}
            </span>
            <div className="shrinkable">
              <p className="font-medium">
                {step.title} {step.done && <span className="sr-only">(done)</span>}
              </p>
              <p className="text-sm text-soft">{step.text}</p>
              {index === next && (
                <Button asChild size="sm" variant="primary" className="mt-2">
                  <Link to={step.to}>{step.title}</Link>
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
