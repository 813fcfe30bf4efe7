/** What is said of a leaderboard in a few words. */
import { useAll } from '@/api/hooks';
import type { Schemas } from '@/api/client';
import type { Tone } from '@/components/ui/small';
import { counted, date } from '@/lib/format';

export type Board = Schemas['AdminLeaderboard'];

export const STATUS: Record<Board['status'], { tone: Tone; label: string }> = {
  active: { tone: 'good', label: 'Active' },
  scheduled: { tone: 'warn', label: 'Scheduled' },
  inactive: { tone: 'neutral', label: 'Inactive' },
  finished: { tone: 'neutral', label: 'Finished' },
};

/** Gives what a leaderboard ranks by, by its name. */
export function useRankedBy(): (board: Board) => string {
  const metrics = useAll('/metrics').data ?? [];
  const systems = useAll('/points').data ?? [];
  return (board) => {
    if (board.rankBy === 'streak') return 'Streak';
    const among = board.rankBy === 'metric' ? metrics : systems;
    const id = board.rankBy === 'metric' ? board.metricId : board.pointsSystemId;
    return among.find((each) => each.id === id)?.name ?? '…';
  };
}

/** Whether those names are there, or cannot be had: until then a line of them has another length. */
export function useNamesReady(): boolean {
  const [metrics, systems] = [useAll('/metrics'), useAll('/points')];
  return !metrics.isPending && !systems.isPending;
}

/** "Every year anew", "Since 1 Jan 2006", "1 Jan 2006 to 3 Feb 2007". */
export function runsText({ runUnit, runInterval, start, end }: Board): string {
  if (runUnit !== undefined) {
    const every = runInterval ?? 1;
    return every === 1 ? `Every ${runUnit} anew` : `Every ${counted(every, runUnit)} anew`;
  }
  return end === undefined ? `Since ${date(start)}` : `${date(start)} to ${date(end)}`;
}
