import { executeAccepted, healthAnswer, imageAccepted, problemDetails, sagaDetail } from '@aura/contracts';
import { startCoordinatorProcess } from '@aura/coordinator';
import type { CoordinatorProcess } from '@aura/coordinator';
import { openServerRuntime, serverEnvironment } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { ownServer, serverUrl } from '@aura/servers';
import type { OwnServer } from '@aura/servers';
import { defineAction, startParticipant } from '@aura/workflow';
import type { RunningParticipant } from '@aura/workflow';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { closeAll } from '../e2e/close-all';
import { eventually } from '../lab/eventually';

const greet = defineAction({
  name: 'greet',
  kind: 'pure',
  input: z.object({ who: z.string() }),
  output: z.object({ text: z.string() }),
  emits: 'lab.greeted.v1',
  run: ({ who }) => ({ output: { text: `Hello, ${who}!` } }),
});

const GREETING = {
  id: 'greeting',
  name: 'Greeting',
  version: '1.0.0',
  input: { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] },
  steps: [{ id: 'first', name: 'First', action: 'greet', input: { who: 'input.who' } }],
  output: { text: 'steps.first.output.text' },
  example: { who: 'World' },
};

const EXECUTE = '/api/v1/workflows/execute';

/** Longer than a call waits for a store that is away, with room for a busy machine. */
jest.setTimeout(90_000);

describe('the HTTP door of a coordinator whose servers go away', () => {
  let mongodb: OwnServer;
  let rabbitmq: OwnServer;
  let runtime: AuraRuntime;
  let running: CoordinatorProcess;
  let participant: RunningParticipant;

  beforeAll(async () => {
    [mongodb, rabbitmq] = await Promise.all([ownServer('mongodb'), ownServer('rabbitmq')]);
    const environment = {
      AURA_MONGODB_URL: mongodb.url,
      AURA_RABBITMQ_URL: rabbitmq.url,
      AURA_REDIS_URL: serverUrl('redis'),
      AURA_PREFIX: `http-${randomBytes(4).toString('hex')}`,
    };
    const log = (): void => undefined;
    runtime = await openServerRuntime(serverEnvironment(environment, 'coordinator'), log);
    running = await startCoordinatorProcess(runtime, { port: 0, log });
    const stores = await runtime.stores('greeter');
    const definition = { name: 'greeter', version: '1.0.0', actions: [greet] };
    participant = await startParticipant(definition, { ...stores, ...runtime }, { instance: 'greeter@http' });
    await eventually('the workflow is active', async () => {
      const actor = { subject: 'tester', roles: [] };
      const text = JSON.stringify(GREETING);
      const published = await running.coordinator.publishDefinition(text, 'greeting.json', actor);
      return published.ok && published.value.status === 'active' ? true : undefined;
    });
  });

  afterAll(() =>
    closeAll([
      () => participant?.stop(1000),
      () => running?.stop(),
      () => runtime?.close(),
      () => rabbitmq?.remove(),
      () => mongodb?.remove(),
    ]),
  );

  function start(path: string, key?: string): Promise<Response> {
    return fetch(running.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify({ workflow: 'greeting', input: { who: 'Ada' } }),
    });
  }

  function upload(bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
    const headers = { 'content-type': 'image/jpeg' };
    return fetch(`${running.url}/api/v1/images`, { method: 'POST', headers, body: bytes });
  }

  async function unavailable(asked: Promise<Response>): Promise<string> {
    const answer = await asked;
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const problem = problemDetails.parse(await answer.json());
    expect(problem.status).toBe(503);
    return problem.code;
  }

  async function completed(): Promise<void> {
    await eventually(
      'a saga completes',
      async () => {
        const answer = await start(EXECUTE);
        if (answer.status !== 200) return undefined;
        return sagaDetail.parse(await answer.json()).status === 'completed' ? true : undefined;
      },
      40_000,
    );
  }

  it('keeps pictures of several chunks, and gives them back byte for byte', async () => {
    const bytes = new Uint8Array(randomBytes(700_000));
    const { digest } = imageAccepted.parse(await (await upload(bytes)).json());
    const kept = await runtime.claims.get(digest);
    expect(Buffer.compare(Buffer.from(kept?.bytes ?? []), bytes)).toBe(0);
  });

  it('answers 503 with when to come again while the store is away, and goes on when it is back', async () => {
    const accepted = executeAccepted.parse(await (await start(`${EXECUTE}/async`)).json());
    await completed();
    await mongodb.kill();
    const saga = `${running.url}/api/v1/workflows/${accepted.sagaId}`;
    const asked = [
      fetch(saga),
      fetch(`${running.url}/api/v1/workflows`),
      fetch(saga, { method: 'DELETE' }),
      start(EXECUTE),
      start(`${EXECUTE}/async`, 'while-away'),
      upload(new Uint8Array([1, 2, 3])),
    ];
    expect((await fetch(`${running.url}/health`)).status).toBe(200);
    const codes = await Promise.all(asked.map(unavailable));
    expect(new Set(codes)).toEqual(new Set(['STORE_UNAVAILABLE', 'UNAVAILABLE']));
    await mongodb.start();
    await completed();
    expect((await fetch(saga)).status).toBe(200);
  });

  it('answers 503 to starts at once while the broker is away, and takes them when it is back', async () => {
    await completed();
    await rabbitmq.kill();
    await eventually('the health says so', async () => {
      const health = healthAnswer.parse(await (await fetch(`${running.url}/health`)).json());
      return health.bus === 'down' ? true : undefined;
    });
    const since = performance.now();
    for (const path of [EXECUTE, `${EXECUTE}/async`])
      expect(await unavailable(start(path))).toBe('UNAVAILABLE');
    expect(performance.now() - since).toBeLessThan(5000);
    expect((await fetch(`${running.url}/api/v1/workflows`)).status).toBe(200);
    await rabbitmq.start();
    await completed();
  });
});
