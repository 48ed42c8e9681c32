import { sagaStream } from '@aura/kernel';
import { Authenticator, openEmbeddedRuntime } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { startParticipant } from '@aura/workflow';
import type { RunningParticipant } from '@aura/workflow';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoordinatorDoor } from './coordinator-door';
import { startCoordinatorOnServers, startCoordinatorProcess } from './coordinator-process';
import type { CoordinatorProcess } from './coordinator-process';
import { Gate, greeter, GREETING } from './http/testing/greeter';
import { until } from './http/testing/served';

const TOKEN = 'a-secret-that-is-long-enough';
const log = (): void => undefined;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly [member: string]: unknown };
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const { status, headers, ...rest } = await fetch(url, init).then(async (answer) => ({
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Answer['body'],
  }));
  return { status, headers, ...rest };
}

function bearing(token: string | undefined, type: string, body?: string): RequestInit {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': type, ...authorization },
    ...(body === undefined ? {} : { body }),
  };
}

describe('the door of a coordinator that does not run yet', () => {
  it('says that it lives and what it waits for, and asks to come again', async () => {
    const waiting = { name: 'mongodb', check: () => Promise.reject(new Error('not connected yet')) };
    const process = { mode: 'servers' as const, instance: 'c1', dependencies: () => [waiting] };
    const door = await CoordinatorDoor.open(process, { port: 0, log });
    expect(await ask(`${door.url}/health/live`)).toMatchObject({
      status: 200,
      body: { service: 'coordinator' },
    });
    expect(await ask(`${door.url}/health/ready`)).toMatchObject({
      status: 503,
      body: { dependencies: [{ name: 'mongodb', reason: 'not connected yet' }, { name: 'coordinator' }] },
    });
    expect(await ask(`${door.url}/health`)).toMatchObject({
      status: 200,
      body: { status: 'degraded', bus: 'down', reasons: ['mongodb: not connected yet', expect.any(String)] },
    });
    const refused = await ask(`${door.url}/api/v1/definitions`);
    expect(refused).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    await door.close();
  });

  it('on servers refuses settings in a sentence', async () => {
    const start = startCoordinatorOnServers({ env: { PORT: 'x' } }, { signal: new AbortController().signal });
    await expect(start).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: expect.stringContaining('coordinator cannot start: AURA_RABBITMQ_URL is not set'),
    });
  });

  it('lets go of its port when it is stopped while it waits', async () => {
    const env = {
      PORT: '0',
      AURA_TRACES: 'off',
      AURA_RABBITMQ_URL: 'amqp://127.0.0.1:1',
      AURA_MONGODB_URL: 'mongodb://127.0.0.1:1',
      AURA_REDIS_URL: 'redis://127.0.0.1:1',
    };
    const stopping = new AbortController();
    const lines: string[] = [];
    const start = startCoordinatorOnServers(
      { env },
      { out: { write: (line) => lines.push(line) }, signal: stopping.signal },
    );
    start.catch(() => undefined);
    await until('it says what it waits for', () => lines.some((line) => line.includes('waits for RabbitMQ')));
    stopping.abort(new Error('enough'));
    await expect(start).rejects.toThrow('enough');
  });
});

describe('a coordinator that asks who comes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-door-'));
  let runtime: AuraRuntime;
  let running: CoordinatorProcess;
  let participant: RunningParticipant;
  let token: (claims: Record<string, unknown>) => Promise<string>;

  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    token = (claims) =>
      new SignJWT({ sub: 'ada', ...claims })
        .setProtectedHeader({ alg: 'ES256' })
        .setExpirationTime('1 minute')
        .sign(privateKey);
    const keys = join(folder, 'keys.json');
    writeFileSync(keys, JSON.stringify({ keys: [await exportJWK(publicKey)] }));
    runtime = await openEmbeddedRuntime({ dataDir: folder, log });
    const authenticator = Authenticator.of({ AURA_TOKEN: TOKEN, AURA_AUTH_JWKS: keys });
    running = await startCoordinatorProcess(runtime, { port: 0, authenticator, log });
    const { bus, claims, world } = runtime;
    participant = await startParticipant(
      greeter(new Gate()),
      { ...(await runtime.stores('greeter')), bus, claims, world, log: runtime.log },
      { instance: 'greeter@one' },
    );
  });

  afterAll(async () => {
    await participant.stop(1000);
    await running.stop();
    await runtime.close();
    rmSync(folder, { recursive: true });
  });

  const definitions = (): string => `${running.url}/api/v1/definitions`;

  it('answers 401 to who is not known, 403 to who lacks the role', async () => {
    const nobody = await ask(definitions());
    expect(nobody).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(nobody.headers.get('www-authenticate')).toContain('Bearer');
    const publish = bearing(await token({ roles: ['reader'] }), 'application/yaml', GREETING);
    expect(await ask(definitions(), publish)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', detail: 'ada does not have the role operator, which this needs' },
    });
    expect((await ask(`${running.url}/health/ready`)).status).toBe(200);
  });

  it('writes subject and roles into the journal with what they change', async () => {
    await until('the participant is known', () => running.coordinator.participants().includes('greeter'));
    const published = await ask(definitions(), bearing(TOKEN, 'application/yaml', GREETING));
    expect(published.status).toBe(201);
    const wish = JSON.stringify({ workflow: 'greeting', input: { who: 'A' } });
    const starter = bearing(await token({ roles: ['reader'] }), 'application/json', wish);
    const { status, body } = await ask(`${running.url}/api/v1/workflows/execute`, starter);
    expect(status).toBe(200);
    const { journal } = await runtime.stores('coordinator');
    const [first] = await journal.read(sagaStream(String(body['sagaId'])));
    expect(JSON.parse(first?.body ?? '[]')).toMatchObject([{ actor: { subject: 'ada', roles: ['reader'] } }]);
    const [definition] = await journal.read('definition/greeting@1.0.0');
    expect(JSON.parse(definition?.body ?? '{}')).toMatchObject({
      actor: { subject: 'token:operator', roles: ['operator'] },
    });
  });

  it('lists its participants, and names those that are missing', async () => {
    const list = bearing(TOKEN, 'application/json');
    expect((await ask(`${running.url}/api/v1/participants`, list)).body).toMatchObject({
      participants: [
        {
          participant: 'greeter',
          status: 'present',
          neededBy: ['greeting'],
          instances: [{ instance: 'greeter@one', status: 'present' }],
        },
      ],
      missing: [],
    });
    await participant.stop(1000);
    let missing: unknown = [];
    for (const since = performance.now(); performance.now() - since < 5000 && String(missing) !== 'greeter';)
      missing = (await ask(`${running.url}/api/v1/participants`, list)).body['missing'];
    expect(missing).toEqual(['greeter']);
    expect((await ask(`${running.url}/health`)).body).toMatchObject({
      status: 'degraded',
      reasons: ['participants: missing: greeter (for greeting)'],
    });
  });
});
