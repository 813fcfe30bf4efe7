import { useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { useAll, useGet } from '@/api/hooks';
import { useInsights } from '@/api/insights';
import { useCan } from '@/api/session';
import { AchievementBadge } from '@/components/achievement-badge';
import { Code, Loaded, PageHeader } from '@/components/blocks';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { Progress } from '@/components/ui/small';
import { PageSkeleton } from '@/layout/shell';
import { Earners } from './earners';
import { History } from './history';
import { InsightCards } from './insight-cards';
import { ruleOf, triggerName, type Achievement, type Terms } from './model';
import { StatusMenu } from './status-menu';
import { StatusPill } from './status';
import { useTerms } from './terms';

/** One achievement: how it is earned, by whom, when, and who changed it. */
export default function AchievementPage() {
  const { id = '' } = useParams();
  const achievement = useGet('/achievements/{id}', { params: { path: { id } } });
  return (
    <Loaded query={achievement} skeleton={<PageSkeleton />}>
      {(it) => <Shown achievement={it} />}
    </Loaded>
  );
}

function Shown({ achievement: it }: { achievement: Achievement }) {
  const terms = useTerms();
  const canEdit = useCan('editor');
  const insights = useInsights(it.id);
  return (
    <>
      <PageHeader
        title={it.name}
        back={{ to: '/achievements', label: 'Achievements' }}
        picture={<AchievementBadge url={it.badge?.url} name={it.name} className="size-20" />}
        hint={
          <>
            {it.description !== null && <p>{it.description}</p>}
            <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
              <StatusPill status={it.status} />
              <span>
                {triggerName(it.trigger)}: {ruleOf(it, terms)}
              </span>
              {it.key !== undefined && <Code>{it.key}</Code>}
            </p>
          </>
        }
      >
        {canEdit && (
          <>
            <StatusMenu achievement={it} />
            <Button variant="primary" asChild>
              <Link to={`/achievements/${it.id}/edit`}>
                <Pencil /> Edit
              </Link>
            </Button>
          </>
        )}
      </PageHeader>
      {it.backdate && !it.backdate.finished && <Backdating id={it.id} />}
      <InsightCards query={insights} achievement={it} />
      <div className="mt-5 grid items-start gap-5 lg:grid-cols-2">
        <Earners id={it.id} />
        <div className="flex shrinkable flex-col gap-5">
          <Conditions achievement={it} terms={terms} />
          <History id={it.id} />
        </div>
      </div>
    </>
  );
}

/** Who met it before gets it in the background; asks again until that is over. */
function Backdating({ id }: { id: string }) {
  const query = useGet('/achievements/{id}', { params: { path: { id } } }, { refetchInterval: 1000 });
  const percent = query.data?.backdate?.percent ?? 100;
  const cache = useQueryClient();
  // It leaves the page when it is over: then every figure has changed.
  useEffect(() => () => void cache.invalidateQueries(), [cache]);
  return (
    <Card className="mb-5 p-4" role="status">
      <p className="text-sm">
        <span className="font-medium">Completing what was met before.</span>{' '}
        <span className="text-soft tabular-nums">{Math.floor(percent)} % of the users are done.</span>
      </p>
      <Progress value={percent} label="Back-dating" className="mt-2" />
    </Card>
  );
}

/** What besides the goal has to hold, and what the goal is made of. */
function Conditions({ achievement: it, terms }: { achievement: Achievement; terms: Terms }) {
  const attributes = useAll('/attributes').data;
  const all = useAll('/achievements').data;
  const filters = [
    ...(it.eventAttributes ?? []).map((each) => ({ ...each, of: 'Events' })),
    ...it.userAttributes.map((each) => ({ ...each, of: 'Users' })),
  ];
  const needed = (it.achievementIds ?? []).map((id) => all?.find((each) => each.id === id));
  if (filters.length === 0 && needed.length === 0) return null;
  return (
    <Card>
      <CardHead title={needed.length > 0 ? 'Needed achievements' : 'Conditions'} />
      <ul className="px-5 pb-4 text-sm">
        {filters.map((each) => (
          <li key={each.of + each.attributeId} className="py-1">
            {each.of} of which {attributes?.find(({ id }) => id === each.attributeId)?.name ?? 'an attribute'}{' '}
            is <strong className="font-semibold">{each.attributeValue}</strong>
          </li>
        ))}
        {needed.map(
          (each) =>
            each && (
              <li key={each.id} className="flex items-center gap-3 py-1.5">
                <AchievementBadge url={each.badge?.url} name={each.name} className="size-9" />
                <span className="shrinkable">
                  <Link
                    to={`/achievements/${each.id}`}
                    className="block truncate font-medium hover:underline"
                  >
                    {each.name}
                  </Link>
                  <span className="block truncate text-xs text-soft">{ruleOf(each, terms)}</span>
                </span>
              </li>
            ),
        )}
      </ul>
    </Card>
  );
}
