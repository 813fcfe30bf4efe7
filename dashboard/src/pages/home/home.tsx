import { PageHeader } from '@/components/blocks';
import { useSession } from '@/api/session';

export default function HomePage() {
  const { environment } = useSession();
  return <PageHeader title="Home" hint={environment.name} />;
}
