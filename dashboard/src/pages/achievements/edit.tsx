import { useNavigate, useParams } from 'react-router';
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import { useAll, useChange, useGet } from '@/api/hooks';
import { useCan } from '@/api/session';
import { Loaded, PageHeader } from '@/components/blocks';
import { toast } from '@/components/toast';
import { NotAllowed } from '@/layout/failures';
import { PageSkeleton } from '@/layout/shell';
import { AchievementForm } from './achievement-form';
import { valuesOf, type Draft } from './model';
import { useTerms } from './terms';

export default function EditAchievementPage() {
  return useCan('editor') ? <Edit /> : <NotAllowed needs="editor" />;
}

function Edit() {
  const { id = '' } = useParams();
  const achievement = useGet('/achievements/{id}', { params: { path: { id } } });
  const achievements = useAll('/achievements');
  const terms = useTerms();
  const navigate = useNavigate();
  const back = `/achievements/${id}`;
  const saved = useChange(
    async (item: Draft) =>
      expectDone(
        await call('patch', '/achievements', { body: [{ id, ...item, status: item.status ?? undefined }] }),
      ),
    () => {
      toast('The achievement was saved.');
      void navigate(back);
    },
  );
  return (
    <Loaded query={achievement} skeleton={<PageSkeleton />}>
      {(it) => (
        <>
          <PageHeader title={`Edit ${it.name}`} back={{ to: back, label: it.name }} />
          <AchievementForm
            key={it.id}
            values={valuesOf(it)}
            before={it}
            achievements={achievements.data ?? []}
            terms={terms}
            submit="Save"
            onSave={saved.mutateAsync}
            onCancel={() => void navigate(back)}
          />
        </>
      )}
    </Loaded>
  );
}
