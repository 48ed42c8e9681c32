import { connect, type ConnectOptions } from './client';
import { AuraUnreachableError, UnexpectedAnswerError } from './errors';
import {
  frame,
  hangUp,
  problem,
  scriptedServer,
  stream,
  type Answer,
  type ScriptedServer,
} from './testing/scripted-server';

let server: ScriptedServer;

async function handleOf(answers: readonly Answer[], options: Partial<ConnectOptions> = {}) {
  server = await scriptedServer(...answers);
  return connect({ url: server.url, ...options }).saga('s');
}

afterEach(() => server.close());

async function sequences(feed: AsyncIterable<{ readonly sequence: number }>): Promise<number[]> {
  const seen: number[] = [];
  for await (const entry of feed) seen.push(entry.sequence);
  return seen;
}

const lastEventIds = (): unknown[] => server.seen.map(({ headers }) => headers['last-event-id']);

describe('events', () => {
  it('brings every entry and ends with the saga, without waiting for the connection', async () => {
    const answer = stream(
      ['retry: 5\n\n', frame(1, 'completed', 'a'), ': heartbeat\n\n', frame(2, 'completed')],
      'open',
    );
    expect(await sequences((await handleOf([answer])).events())).toEqual([1, 2]);
  });

  it('goes on behind the last entry when the connection is cut, ends early or does not come', async () => {
    const handle = await handleOf([
      stream([frame(1, 'completed', 'a'), 'id: 2\ndata: {"seq'], 'cut'),
      hangUp,
      problem(503, 'UNAVAILABLE'),
      stream(['retry: 5\n\n']),
      stream([frame(1, 'completed', 'a'), frame(2, 'completed', 'b')]),
      stream([frame(3, 'failed')]),
    ]);
    expect(await sequences(handle.events())).toEqual([1, 2, 3]);
    expect(lastEventIds()).toEqual([undefined, '1', '1', '1', '1', '2']);
  });

  it('reads an entry that comes in pieces, in the middle of a letter', async () => {
    const bytes = Buffer.from(frame(1, 'completed', 'ä').concat(frame(2, 'completed')));
    const cut = bytes.indexOf(0xc3) + 1;
    const handle = await handleOf([
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(bytes.subarray(0, cut), () => setImmediate(() => response.end(bytes.subarray(cut))));
      },
    ]);
    const steps: unknown[] = [];
    for await (const entry of handle.events()) steps.push(entry.step);
    expect(steps).toEqual(['ä', undefined]);
  });

  it('begins where it is told to and ends at once when there is no more', async () => {
    const handle = await handleOf([(response) => response.writeHead(204).end()]);
    expect(await sequences(handle.events({ after: 7 }))).toEqual([]);
    expect(lastEventIds()).toEqual(['7']);
  });

  it('takes a connection without a byte for dead', async () => {
    const handle = await handleOf(
      [stream([frame(1, 'completed', 'a')], 'open'), stream([frame(2, 'completed')])],
      {
        quietMs: 40,
      },
    );
    expect(await sequences(handle.events())).toEqual([1, 2]);
  });

  it('stops when the reader stops, and lets the connection go', async () => {
    let closed = false;
    const handle = await handleOf([
      (response) => {
        response.on('close', () => (closed = true));
        stream([frame(1, 'completed', 'a'), frame(2, 'completed', 'b')], 'open')(
          response,
          server.seen[0] as never,
        );
      },
    ]);
    for await (const entry of handle.events()) {
      expect(entry.sequence).toBe(1);
      break;
    }
    const deadline = performance.now() + 5000;
    while (!closed && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(true);
  });

  it('rejects with the reason of an abort', async () => {
    const controller = new AbortController();
    const handle = await handleOf([stream([frame(1, 'completed', 'a')], 'open')]);
    const reader = handle.events({ signal: controller.signal })[Symbol.asyncIterator]();
    await reader.next();
    const reading = reader.next();
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  it('rejects when nobody answers any more, when the saga is not held, and when an entry is no entry', async () => {
    const gone = await handleOf([hangUp], { reconnects: 1 });
    await expect(sequences(gone.events())).rejects.toThrow(AuraUnreachableError);
    await server.close();
    const unknown = await handleOf([problem(404, 'SAGA_NOT_FOUND')]);
    await expect(sequences(unknown.events())).rejects.toMatchObject({ code: 'SAGA_NOT_FOUND' });
    await server.close();
    const strange = await handleOf([stream(['data: {}\n\n'])]);
    await expect(sequences(strange.events())).rejects.toThrow(UnexpectedAnswerError);
  });
});
