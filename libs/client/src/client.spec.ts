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

  it('tells what a saga undoes, and mends it', async () => {
    const plan = { sagaId: 's', status: 'compensation_failed', begun: true, steps: [] };
    const client = await clientOf([json(200, plan), json(200, saga('compensating'))]);
    expect(await client.compensation('s')).toEqual(plan);
    const mended = await client.mend('s', { command: 'retry', reason: 'open again', step: 'pay' });
    expect(mended).toMatchObject({ status: 'compensating' });
    const request = server?.seen[1];
    expect(request?.path).toBe('/api/v1/workflows/s/retry');
    expect(JSON.parse(String(request?.body))).toEqual({ reason: 'open again', step: 'pay' });
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

  it('cancels a saga, with a reason or without', async () => {
    const client = await clientOf([json(200, saga('cancelled')), problem(409, 'NOT_CANCELLED')]);
    expect(await client.cancel('a/b', { reason: 'changed my mind' })).toMatchObject({ status: 'cancelled' });
    await expect(client.cancel('s')).rejects.toMatchObject({ code: 'NOT_CANCELLED' });
    expect(server?.seen.map(({ method, path }) => [method, path])).toEqual([
      ['DELETE', '/api/v1/workflows/a%2Fb?reason=changed+my+mind'],
      ['DELETE', '/api/v1/workflows/s'],
    ]);
  });

  it('lists what fits, page by page as it is read', async () => {
    const summary = (sagaId: string) => {
      const at = '2026-01-05T08:00:00.000Z';
      return { sagaId, workflow: 'greet', version: '1.0.0', status: 'running', startedAt: at };
    };
    const client = await clientOf([
      json(200, { sagas: [summary('a'), summary('b')], next: 'behind b' }),
      json(200, { sagas: [summary('c')] }),
    ]);
    const seen: string[] = [];
    const filter = {
      status: ['running', 'failed'],
      workflow: 'greet',
      userId: 'ä',
      from: new Date(0),
      to: new Date(1000),
      limit: 2,
    } as const;
    for await (const { sagaId } of client.list(filter)) {
      seen.push(sagaId);
      if (sagaId === 'b') expect(server?.seen).toHaveLength(1);
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    const query =
      'status=running&status=failed&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A01.000Z';
    const rest = 'workflow=greet&userId=%C3%A4&limit=2';
    expect(server?.seen.map(({ path }) => path)).toEqual([
      `/api/v1/workflows?${query}&${rest}`,
      `/api/v1/workflows?${query}&${rest}&cursor=behind+b`,
    ]);
  });

  it('lists everything without a filter', async () => {
    const client = await clientOf([json(200, { sagas: [] })]);
    expect(await client.page()).toEqual({ sagas: [] });
    expect(await client.list()[Symbol.asyncIterator]().next()).toMatchObject({ done: true });
    expect(server?.seen.map(({ path }) => path)).toEqual(['/api/v1/workflows', '/api/v1/workflows']);
  });

  it('tells how a saga stands, and what can be started', async () => {
    const client = await clientOf([json(200, saga('running')), json(200, { templates: [] })]);
    expect(await client.status('s')).not.toHaveProperty('steps');
    expect(await client.templates()).toEqual([]);
    expect(server?.seen.map(({ path }) => path)).toEqual([
      '/api/v1/workflows/s/status',
      '/api/v1/workflows/templates',
    ]);
  });

  it('carries a token, asked for each time when it is a function', async () => {
    let asked = 0;
    const client = await clientOf([json(200, saga('running'))], { token: async () => `t${++asked}` });
    await client.get('s');
    await client.get('s');
    const plain = connect({ url: client.url, token: 'fixed' });
    await plain.get('s');
    expect(server?.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer t1',
      'Bearer t2',
      'Bearer fixed',
    ]);
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

  it('repeats what a process that stood still has not read in time', async () => {
    const client = await clientOf([problem(408, 'REQUEST_TIMEOUT'), json(202, accepted)]);
    await client.start('greet', {}, { idempotencyKey: 'k' });
    expect(server?.seen).toHaveLength(2);
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

  it('understands a date to wait until', async () => {
    const date = (ms: number): string => new Date(Date.now() + ms).toUTCString();
    const client = await clientOf([
      problem(503, 'UNAVAILABLE', { 'retry-after': date(-5000) }),
      problem(503, 'UNAVAILABLE', { 'retry-after': 'soon' }),
      problem(503, 'UNAVAILABLE', { 'retry-after': date(3_600_000) }),
    ]);
    const error = (await client.get('s').catch((reason: unknown) => reason)) as AuraProblemError;
    expect(error.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(server?.seen).toHaveLength(3);
  });

  it('does not wait for an hour', async () => {
    const client = await clientOf([problem(429, 'OVERLOADED', { 'retry-after': '3600' })]);
    await expect(client.get('s')).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
    expect(server?.seen).toHaveLength(1);
  });
});
