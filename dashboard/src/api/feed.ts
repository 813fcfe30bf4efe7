/** The live feed: what happens now, as it happens. */
import { useEffect, useState } from 'react';
import { BASE, send } from './client';
import type { AchievementTag } from './insights';

export type FeedKind = 'event' | 'completion' | 'points' | 'level' | 'more';

export interface Happening {
  /** Counted here, so that a list has something to tell them apart by. */
  number: number;
  kind: FeedKind;
  at: string;
  userId: string;
  userName?: string | null;
  metric?: string;
  value?: number;
  total?: number;
  achievement?: AchievementTag;
  /** The points system. */
  points?: AchievementTag;
  level?: AchievementTag | null;
  previousLevel?: AchievementTag | null;
}

export type FeedState = 'connecting' | 'live' | 'lost';

const LONGEST_PAUSE = 30_000;

/** Reads the blocks of a stream of server-sent events. */
export async function* blocksOf(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<{ event: string; data: string }> {
  const reader = stream.pipeThrough(new TextDecoderStream() as unknown as Decoder).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => !line.startsWith(':'));
      const of = (name: string) =>
        lines.flatMap((line) =>
          line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trimStart()] : [],
        );
      if (of('data').length > 0) yield { event: of('event')[0] ?? 'message', data: of('data').join('\n') };
    }
  }
}

type Decoder = ReadableWritablePair<string, Uint8Array>;

/**
 * Follows the feed while the page is open and visible; keeps the newest `most`. It is read by `fetch`, not
 * by `EventSource`, which cannot send the headers that name the environment and the tenant.
 */
export function useFeed(most = 30): { happenings: readonly Happening[]; state: FeedState } {
  const [happenings, setHappenings] = useState<readonly Happening[]>([]);
  const [state, setState] = useState<FeedState>('connecting');
  useEffect(() => {
    const leaving = new AbortController();
    let number = 0;
    const follow = async () => {
      const request = new Request(new URL(`${BASE}/feed`, location.href), {
        signal: leaving.signal,
        headers: { Accept: 'text/event-stream', Background: 'feed' },
      });
      const { body } = await send(request);
      if (body === null) return;
      setState('live');
      for await (const { event, data } of blocksOf(body)) {
        if (event === 'more') continue; // what was left out is in the log and the statistics
        number += 1;
        const happening = { ...(JSON.parse(data) as Happening), kind: event as FeedKind, number };
        setHappenings((before) => [happening, ...before].slice(0, most));
      }
    };
    const keepFollowing = async () => {
      for (let pause = 1000; !leaving.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
        const begun = Date.now();
        await follow().catch(() => undefined);
        setState('lost');
        if (Date.now() - begun > LONGEST_PAUSE) pause = 1000;
        await new Promise((resume) => setTimeout(resume, pause));
      }
    };
    void keepFollowing();
    return () => leaving.abort();
  }, [most]);
  return { happenings, state };
}
