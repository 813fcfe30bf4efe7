/** A leaderboard as its form holds it, and as it is sent. */
import { call } from '@/api/client';
import { expectDone } from '@/api/errors';
import type { Filter } from '@/components/attribute-filters';
import type { Board } from './text';

export interface Values {
  name: string;
  key: string;
  description: string;
  rankBy: Board['rankBy'];
  metricId: string;
  pointsSystemId: string;
  /** Whether it begins anew. */
  repeats: 'no' | 'yes';
  runInterval: number | null;
  runUnit: NonNullable<Board['runUnit']>;
  start: string;
  end: string;
  startTime: string;
  endTime: string;
  maxParticipants: number | null;
  breakdownAttributes: string[];
  userAttributes: Filter[];
  status: Board['status'];
}

export function valuesOf(board: Board | null): Values {
  return {
    name: board?.name ?? '',
    key: board?.key ?? '',
    description: board?.description ?? '',
    rankBy: board?.rankBy ?? 'metric',
    metricId: board?.metricId ?? '',
    pointsSystemId: board?.pointsSystemId ?? '',
    repeats: board?.runUnit === undefined ? 'no' : 'yes',
    runInterval: board?.runInterval ?? 7,
    runUnit: board?.runUnit ?? 'day',
    start: board?.start ?? new Date().toISOString().slice(0, 10),
    end: board?.end ?? '',
    startTime: board?.startTime ?? '',
    endTime: board?.endTime ?? '',
    maxParticipants: board === null ? 100 : board.maxParticipants,
    breakdownAttributes: board?.breakdownAttributes ?? [],
    userAttributes: board?.userAttributes ?? [],
    status: board?.status ?? 'active',
  };
}

function itemOf(values: Values, board: Board | null) {
  const { rankBy, metricId, pointsSystemId, repeats, runInterval, runUnit, status, ...rest } = values;
  const byStreak = rankBy === 'streak';
  const runs = repeats === 'yes' && !byStreak;
  return {
    ...rest,
    rankBy,
    ...(rankBy === 'metric' && metricId !== '' && { metricId }),
    ...(rankBy === 'points' && pointsSystemId !== '' && { pointsSystemId }),
    runUnit: runs ? runUnit : null,
    runInterval: runs ? runInterval : null,
    end: rest.end === '' ? null : rest.end,
    startTime: byStreak || rest.startTime === '' ? null : rest.startTime,
    endTime: byStreak || rest.endTime === '' ? null : rest.endTime,
    // Its phase follows from its dates: only a choice of the member's is sent.
    ...(status !== board?.status && { status }),
  };
}

/** Creates the leaderboard, or changes it; gives its id. */
export async function saveBoard(board: Board | null, values: Values): Promise<string> {
  const item = itemOf(values, board);
  if (board !== null) {
    expectDone(await call('patch', '/leaderboards', { body: [{ id: board.id, ...item }] }));
    return board.id;
  }
  const made = expectDone(await call('post', '/leaderboards', { body: [item] }));
  return made.created[0]?.id ?? '';
}
