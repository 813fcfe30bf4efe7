import { expect, it } from 'vitest';
import { blocksOf } from './feed';

function streamOf(...parts: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(encoder.encode(part));
      controller.close();
    },
  });
}

it('reads events that arrive in pieces, and passes over heartbeats', async () => {
  const stream = streamOf(
    ': hello\n\nevent: completion\nda',
    'ta: {"a":1}\n\n:\n\ndata: x\r\ndata: y\r\n\r\n',
    'data: cut',
  );
  const read = [];
  for await (const block of blocksOf(stream)) read.push(block);
  expect(read).toEqual([
    { event: 'completion', data: '{"a":1}' },
    { event: 'message', data: 'x\ny' },
  ]);
});
