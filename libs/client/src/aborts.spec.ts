import type { AuraClient } from './aura-client';
import { connect } from './client';
import { frame, json, problem, saga, scriptedServer, stream } from './testing/scripted-server';
import type { Answer, ScriptedServer } from './testing/scripted-server';

let server: ScriptedServer;
let open = 0;

/** An answer whose connection is watched. */
function watched(answer: Answer): Answer {
  return (response, request) => {
    open += 1;
    response.on('close', () => (open -= 1));
    answer(response, request);
  };
}

const never: Answer = () => undefined;
const half: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"sagaId":');
};

async function clientOf(...answers: readonly Answer[]): Promise<AuraClient> {
  open = 0;
  server = await scriptedServer(...answers.map(watched));
  return connect({ url: server.url });
}

afterEach(() => server.close());

async function first(feed: AsyncIterable<unknown>): Promise<void> {
  for await (const _entry of feed) return;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within 5 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

type Call = (client: AuraClient, signal: AbortSignal) => Promise<unknown>;

const calls: readonly (readonly [string, Call])[] = [
  ['start', (client, signal) => client.start('greet', {}, { signal })],
  ['start with a key', (client, signal) => client.start('greet', {}, { signal, idempotencyKey: 'k' })],
  ['get', (client, signal) => client.get('s', { signal })],
  ['status', (client, signal) => client.status('s', { signal })],
  ['why', (client, signal) => client.why('s', { signal })],
  ['cancel', (client, signal) => client.cancel('s', { signal })],
  ['page', (client, signal) => client.page({}, { signal })],
  ['list', (client, signal) => first(client.list({}, { signal }))],
  ['templates', (client, signal) => client.templates({ signal })],
  ['uploadImage', (client, signal) => client.uploadImage(Buffer.from('x'), 'image/png', { signal })],
  ['definitions', (client, signal) => client.definitions({ signal })],
  ['publishDefinition', (client, signal) => client.publishDefinition('id: x', { signal })],
  ['checkDefinition', (client, signal) => client.checkDefinition('id: x', { signal })],
  ['health', (client, signal) => client.health({ signal })],
  ['events', (client, signal) => first(client.saga('s').events({ signal }))],
  ['ended', (client, signal) => client.saga('s').ended({ signal })],
  ['completed', (client, signal) => client.saga('s').completed({ signal })],
];

describe.each(calls)('an abort of %s', (_name, call) => {
  it.each([
    ['that is not answered', never],
    ['that is answered by halves', half],
  ])('%s rejects with the reason and leaves no connection', async (_what, answer) => {
    const client = await clientOf(answer);
    const controller = new AbortController();
    const asked = call(client, controller.signal);
    asked.catch(() => undefined);
    await until('it was asked', () => server.seen.length === 1);
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await until('the connection is closed', () => open === 0);
    expect(server.seen).toHaveLength(1);
  });

  it('beforehand asks nothing', async () => {
    const client = await clientOf(never);
    await expect(call(client, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(server.seen).toEqual([]);
  });
});

describe('an abort while waiting', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  it('for the next try is heard at once, and leaves no timer', async () => {
    const client = await clientOf(problem(503, 'UNAVAILABLE', { 'retry-after': '25' }));
    const before = timers();
    const controller = new AbortController();
    const asked = client.get('s', { signal: controller.signal });
    asked.catch(() => undefined);
    await until('it waits', () => server.seen.length === 1 && timers() > before);
    const since = performance.now();
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    expect(performance.now() - since).toBeLessThan(5000);
    await until('no timer is left', () => timers() <= before);
  });

  it('for the view to show the end is heard', async () => {
    const client = await clientOf(stream([frame(1, 'completed')]), json(200, saga('running')));
    const controller = new AbortController();
    const asked = client.saga('s').ended({ signal: controller.signal });
    asked.catch(() => undefined);
    await until('it has looked twice', () => server.seen.length >= 3);
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});
