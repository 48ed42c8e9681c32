import { connect, type ConnectOptions } from './client';
import { AuraProblemError, AuraUnreachableError, UnexpectedAnswerError } from './errors';
import {
  hangUp,
  json,
  problem,
  saga,
  scriptedServer,
  type Answer,
  type ScriptedServer,
} from './testing/scripted-server';

const accepted = { sagaId: 's', workflow: 'greet', version: '1.0.0', status: 'running', duplicate: false };

let server: ScriptedServer | undefined;

async function clientOf(answers: readonly Answer[], options: Partial<ConnectOptions> = {}) {
  server = await scriptedServer(...answers);
  return connect({ url: `${server.url}/`, ...options });
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('a request', () => {
  it('brings what was asked for, parsed', async () => {
    const client = await clientOf([json(200, saga('running', { unknown: 'member' }))]);
    expect(await client.get('a/b c')).toMatchObject({ sagaId: 's', status: 'running' });
    expect(server?.seen[0]?.path).toBe('/api/v1/workflows/a%2Fb%20c');
  });

  it('starts a saga with everything that was given', async () => {
    const client = await clientOf([json(202, accepted)]);
    const started = await client.start(
      'greet',
      { a: 1 },
      { version: '1.0.0', userId: 'u', idempotencyKey: 'k' },
    );
    expect(started).toMatchObject({ sagaId: 's', accepted });
    const [request] = server?.seen ?? [];
    expect(request?.headers).toMatchObject({ 'idempotency-key': 'k', 'content-type': 'application/json' });
    expect(JSON.parse(String(request?.body))).toEqual({
      workflow: 'greet',
      input: { a: 1 },
      version: '1.0.0',
      userId: 'u',
    });
  });

  it('uploads bytes as they are', async () => {
    const client = await clientOf([json(201, { digest: 'sha256:0', bytes: 3, contentType: 'image/png' })]);
    await client.uploadImage(new Uint8Array([0, 255, 1]), 'image/png');
    expect(server?.seen[0]).toMatchObject({
      body: Buffer.from([0, 255, 1]),
      headers: { 'content-type': 'image/png' },
    });
  });

  it('sends a definition as what its name says', async () => {
    const client = await clientOf([json(200, { problems: [] })]);
    await client.checkDefinition('{}', { file: 'a b.json' });
    await client.checkDefinition('id: x');
    expect(server?.seen.map(({ path, headers }) => [path, headers['content-type']])).toEqual([
      ['/api/v1/definitions/check?file=a%20b.json', 'application/json'],
      ['/api/v1/definitions/check', 'application/yaml'],
    ]);
  });

  it('publishes a definition, or rejects with every reason', async () => {
    const summary = {
      id: 'greet',
      name: 'Greet',
      version: '1.0.0',
      digest: 'sha256:0',
      status: 'active',
      waitsFor: [],
      description: '',
      steps: 1,
      example: null,
    };
    const problems = [{ code: 'CYCLE', message: 'a needs a', path: 'steps.0', line: 3 }];
    const refusal = {
      type: 'x',
      title: 'x',
      status: 422,
      detail: 'no',
      code: 'INVALID_DEFINITION',
      problems,
    };
    const client = await clientOf([json(201, summary), json(422, refusal)]);
    expect(await client.publishDefinition('id: greet')).toEqual(summary);
    await expect(client.publishDefinition('id: greet')).rejects.toMatchObject({ problem: { problems } });
  });

  it('rejects with the problem that Aura names', async () => {
    const client = await clientOf([problem(404, 'SAGA_NOT_FOUND')]);
    const error: unknown = await client.get('x').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuraProblemError);
    expect(error).toMatchObject({ status: 404, code: 'SAGA_NOT_FOUND', message: 'it is SAGA_NOT_FOUND' });
    expect(server?.seen).toHaveLength(1);
  });

  it('makes a problem of what a proxy answers', async () => {
    const client = await clientOf([(response) => response.writeHead(403).end('<h1>No</h1>')]);
    await expect(client.get('x')).rejects.toMatchObject({ code: 'HTTP_403', status: 403 });
  });

  it.each([
    ['is no JSON', (response) => response.end('hello')],
    ['has another shape', json(200, { sagaId: 1 })],
  ] as [string, Answer][])('rejects an answer that %s', async (_name, answer) => {
    const client = await clientOf([answer]);
    await expect(client.get('x')).rejects.toThrow(UnexpectedAnswerError);
  });

  it('names the address and the reason when nobody is there', async () => {
    const client = await clientOf([hangUp], { retries: 0 });
    await server?.close();
    server = undefined;
    await expect(client.health()).rejects.toThrow(
      /^Aura at http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/,
    );
  });

  it('gives up after its time limit', async () => {
    const client = await clientOf([() => undefined], { timeoutMs: 30, retries: 0 });
    await expect(client.get('x')).rejects.toThrow(AuraUnreachableError);
  });

  it('stops with the reason of an abort', async () => {
    const client = await clientOf([() => undefined]);
    const controller = new AbortController();
    const asked = client.get('x', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  it('refuses an URL that is none', () => {
    expect(() => connect({ url: 'nowhere' })).toThrow('Invalid URL');
  });
});

describe('a retry', () => {
  it('repeats what is safe until it is answered', async () => {
    const client = await clientOf([hangUp, problem(503, 'UNAVAILABLE'), json(200, saga('running'))]);
    expect(await client.get('s')).toMatchObject({ status: 'running' });
    expect(server?.seen).toHaveLength(3);
  });

  it('repeats a start that has a key', async () => {
    const client = await clientOf([hangUp, json(202, accepted)]);
    await client.start('greet', {}, { idempotencyKey: 'k' });
    expect(server?.seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k']);
  });

  it('never repeats a start without a key', async () => {
    const client = await clientOf([hangUp, json(202, accepted)]);
    await expect(client.start('greet', {})).rejects.toThrow(AuraUnreachableError);
    expect(server?.seen).toHaveLength(1);
  });

  it('waits as long as it is asked to', async () => {
    const client = await clientOf([
      problem(429, 'OVERLOADED', { 'retry-after': '1' }),
      json(200, saga('running')),
    ]);
    const since = performance.now();
    await client.get('s');
    expect(performance.now() - since).toBeGreaterThanOrEqual(990);
  });

  it('gives up after the number of times that was set', async () => {
    const client = await clientOf([problem(503, 'UNAVAILABLE')], { retries: 2 });
    await expect(client.get('s')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(server?.seen).toHaveLength(3);
  });

  it('does not wait for an hour', async () => {
    const client = await clientOf([problem(429, 'OVERLOADED', { 'retry-after': '3600' })]);
    await expect(client.get('s')).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
    expect(server?.seen).toHaveLength(1);
  });
});
