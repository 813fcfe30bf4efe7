import { useNavigate } from 'react-router';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useAll, useChange } from '@/api/hooks';
import { useCan } from '@/api/session';
import { PageHeader } from '@/components/blocks';
import { toast } from '@/components/toast';
import { NotAllowed } from '@/layout/failures';
import { AchievementForm } from './achievement-form';
import { BLANK, type Draft } from './model';
import { useTerms } from './terms';

export default function CreateAchievementPage() {
  return useCan('editor') ? <Creation /> : <NotAllowed needs="editor" />;
}

function Creation() {
  const achievements = useAll('/achievements');
  const terms = useTerms();
  const navigate = useNavigate();
  const created = useChange(
    async (item: Draft) => expectDone(await call('post', '/achievements', { body: [item] })),
    ({ created: [made] }) => {
      toast('The achievement was created.');
      void navigate(made === undefined ? '/achievements' : `/achievements/${made.id}`);
    },
  );
  return (
    <>
      <PageHeader title="New achievement" back={{ to: '/achievements', label: 'Achievements' }} />
      <AchievementForm
        values={BLANK}
        achievements={achievements.data ?? []}
        terms={terms}
        submit="Create the achievement"
        onSave={created.mutateAsync}
        onCancel={() => void navigate('/achievements')}
      />
    </>
  );
}
