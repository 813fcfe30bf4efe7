import { Pill } from '@/components/ui/small';
import { STATUSES, type Status } from './model';

export function StatusPill({ status }: { status: Status }) {
  const found = STATUSES.find((each) => each.value === status);
  return <Pill tone={found?.tone ?? 'neutral'}>{found?.label ?? status}</Pill>;
}
