import { Pill } from '@/components/ui/small';

const FAILED = 400;
const BROKEN = 500;

export function Status({ status }: { status: number }) {
  return <Pill tone={status >= BROKEN ? 'danger' : status >= FAILED ? 'warn' : 'good'}>{status}</Pill>;
}
