import { Plus, Zap } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useCan } from '@/api/session';
import { FiltersText } from '@/components/attribute-filters';
import { EmptyState } from '@/components/blocks';
import { DataTable, type Column } from '@/components/data-table';
import { Button } from '@/components/ui/button';
import { Card, CardHead } from '@/components/ui/card';
import { Pill } from '@/components/ui/small';
import { cn } from '@/lib/cn';
import { useTriggers, type Trigger } from './parts';
import { TriggerSheet } from './trigger-sheet';
import { signed, useTriggerText } from './trigger-text';

/** What awards the points of a system, and what takes them. */
export function Triggers({ systemId }: { systemId: string }) {
  const triggers = useTriggers(systemId);
  const canEdit = useCan('editor');
  const text = useTriggerText();
  const [edited, setEdited] = useState<Trigger | 'new' | null>(null);
  const columns = useMemo<readonly Column<Trigger>[]>(
    () => [
      {
        id: 'when',
        header: 'When',
        sort: text,
        cell: (trigger) => (
          <>
            {text(trigger)}
            {trigger.status === 'inactive' && (
              <span className="font-normal text-soft md:hidden"> (inactive)</span>
            )}
          </>
        ),
      },
      {
        id: 'for',
        header: 'Only for',
        wide: true,
        cell: ({ userAttributes, eventAttributes = [] }) => (
          <FiltersText filters={[...userAttributes, ...eventAttributes]} none="Everybody" />
        ),
      },
      {
        id: 'points',
        header: 'Points',
        right: true,
        width: 'w-28',
        sort: (trigger) => trigger.points,
        cell: (trigger) => (
          <span className={cn('font-semibold', trigger.points < 0 ? 'text-warn' : 'text-accent')}>
            {signed(trigger.points)}
          </span>
        ),
      },
      {
        id: 'status',
        header: 'Status',
        wide: true,
        width: 'w-28',
        sort: (trigger) => trigger.status,
        cell: (trigger) =>
          trigger.status === 'active' ? <Pill tone="good">Active</Pill> : <Pill>Inactive</Pill>,
      },
    ],
    [text],
  );
  const create = canEdit && (
    <Button size="sm" onClick={() => setEdited('new')}>
      <Plus /> New trigger
    </Button>
  );
  return (
    <Card>
      <CardHead title="Triggers" hint="What awards points, or takes them; each active one awards on its own.">
        {create}
      </CardHead>
      <DataTable
        label="Triggers"
        columns={columns}
        rows={triggers.data}
        error={triggers.error}
        retry={() => void triggers.refetch()}
        rowKey={(trigger) => trigger.id}
        {...(canEdit && { onRow: setEdited })}
        expected={4}
        empty={
          <EmptyState title="Nothing awards points yet" picture={<Zap />} className="pt-6">
            A trigger says when: every tenth lesson, a completed achievement, each day of a streak, each day
            that passes, or a new user.
          </EmptyState>
        }
      />
      {edited !== null && (
        <TriggerSheet
          key={edited === 'new' ? '' : edited.id}
          systemId={systemId}
          trigger={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Card>
  );
}
