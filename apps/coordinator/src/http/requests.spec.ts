import { once } from 'node:events';
import { connect } from 'node:net';
import { problemDetails } from '@aura/contracts';
import { ask, execute, problemOf } from './testing/ask';
import { ScriptedCoordinator } from './testing/scripted-coordinator';
import { serve, type Served } from './testing/served';

const JSON_HEADERS = { 'content-type': 'application/json' };

let scripted: ScriptedCoordinator;
let served: Served;

describe('the HTTP door', () => {
  beforeAll(async () => {
    scripted = new ScriptedCoordinator();
    served = await serve(scripted.coordinator, { bodyBytes: 64 * 1024, imageBytes: 256 * 1024 });
  });
  afterAll(() => served.app.close());

  it('accepts a start with 202, its place, and passes on who asks', async () => {
    const { headers, status, body } = await ask(
      served,
      '/api/v1/workflows/execute/async',
      execute(
        { workflow: 'greet', input: { name: 'A' }, userId: 'u1', version: '1.0.0' },
        { 'idempotency-key': 'k-1' },
      ),
    );
    expect(status).toBe(202);
    expect(headers.get('location')).toBe('/api/v1/workflows/k-1');
    expect(body).toEqual({
      sagaId: 'k-1',
      workflow: 'greet',
      version: '1.0.0',
      status: 'running',
      duplicate: false,
    });
    expect(scripted.started.at(-1)).toEqual({
      trace: expect.any(Function) as unknown,
      workflow: 'greet',
      version: '1.0.0',
      input: { name: 'A' },
      userId: 'u1',
      idempotencyKey: 'k-1',
      actor: { subject: 'local:test', roles: [] },
    });
  });

  it('tells a repeated key that its saga was started before', async () => {
    const request = execute({ workflow: 'greet' }, { 'idempotency-key': 'k-2' });
    await ask(served, '/api/v1/workflows/execute/async', request);
    expect((await ask(served, '/api/v1/workflows/execute/async', request)).body).toMatchObject({
      sagaId: 'k-2',
      duplicate: true,
    });
  });

  it('shows a saga and why it stands where it stands', async () => {
    scripted.saga('known');
    expect((await ask(served, '/api/v1/workflows/known')).body).toMatchObject({
      sagaId: 'known',
      status: 'running',
    });
    expect((await ask(served, '/api/v1/workflows/known/why')).body).toEqual({
      sagaId: 'known',
      status: 'running',
      why: 'It waits for step greet until noon.',
    });
  });

  it.each([
    'nope',
    '%00',
    '..%2f..%2fetc',
    'a'.repeat(3000),
    'a'.repeat(6000),
    '%ZZ',
    '💥',
    '%F0%28',
    "'; drop",
    '__proto__',
  ])('answers 404 for an id that is not held, whatever its shape (%#)', async (id) => {
    for (const suffix of ['', '/why', '/events']) {
      expect((await problemOf(served, `/api/v1/workflows/${id}${suffix}`)).status).toBe(404);
    }
  });

  it('names each violation of the body with its path', async () => {
    const problem = await problemOf(
      served,
      '/api/v1/workflows/execute/async',
      execute({ workflow: '', input: {}, extra: 1 }),
    );
    expect(problem).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(problem.errors).toContainEqual(expect.objectContaining({ path: 'workflow' }));
    expect(JSON.stringify(problem.errors)).toContain('extra');
  });

  it.each([
    ['broken JSON', '{"workflow":', {}, 400, 'MALFORMED_JSON'],
    ['nothing', '', {}, 400, 'MALFORMED_JSON'],
    [
      'deep nesting',
      `{"workflow":"a","input":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      {},
      400,
      'MALFORMED_JSON',
    ],
    ['a poisoned prototype', '{"workflow":"a","input":{"__proto__":{"x":1}}}', {}, 400, 'MALFORMED_JSON'],
    [
      'a form',
      'workflow=greet',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['an unknown media type', 'x', { 'content-type': 'model/vrml' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a media type without sense', 'x', { 'content-type': 'nonsense' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a large body',
      JSON.stringify({ workflow: 'a', input: 'x'.repeat(70_000) }),
      {},
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['a key with spaces', '{"workflow":"greet"}', { 'idempotency-key': 'a b' }, 400, 'INVALID_REQUEST'],
    [
      'a key that is too long',
      '{"workflow":"greet"}',
      { 'idempotency-key': 'k'.repeat(201) },
      400,
      'INVALID_REQUEST',
    ],
  ] as const)('refuses a start with %s', async (_name, body, headers, ...[status, code]) => {
    expect(await problemOf(served, '/api/v1/workflows/execute/async', execute(body, headers))).toMatchObject({
      status,
      code,
    });
  });

  it('refuses a body that is not UTF-8', async () => {
    const init = { method: 'POST', headers: JSON_HEADERS, body: new Uint8Array([0x22, 0xff, 0x22]) };
    expect(await problemOf(served, '/api/v1/workflows/execute/async', init)).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    });
  });

  it('says which methods a path knows, and that unknown paths are not there', async () => {
    const refused = await problemOf(served, '/api/v1/workflows/execute/async', { method: 'DELETE' });
    expect(refused).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(refused.headers.get('allow')).toBe('POST');
    expect((await problemOf(served, '/health', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
    expect(await problemOf(served, '/nowhere?x=1')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await problemOf(served, '/api/v1/workflows/')).toMatchObject({ status: 404 });
  });

  it('keeps an image and answers its digest', async () => {
    const bytes = new Uint8Array(200 * 1024).fill(7);
    const { status, body } = await ask(served, '/api/v1/images', {
      method: 'POST',
      headers: { 'content-type': 'Image/JPEG; q=1' },
      body: bytes,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ bytes: bytes.length, contentType: 'image/jpeg' });
    expect([...served.images.values()].at(-1)).toEqual(Buffer.from(bytes));
  });

  it.each([
    ['without bytes', new Uint8Array(), 'image/png', 400, 'INVALID_REQUEST'],
    ['of a type that is not read', new Uint8Array(9), 'image/svg+xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['that is none', new Uint8Array(9), 'application/json', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['that is too large', new Uint8Array(300 * 1024), 'image/png', 413, 'PAYLOAD_TOO_LARGE'],
  ] as const)('refuses an image %s', async (_name, body, type, ...[status, code]) => {
    const init = { method: 'POST', headers: { 'content-type': type }, body };
    expect(await problemOf(served, '/api/v1/images', init)).toMatchObject({ status, code });
  });

  it('reads deep brackets in a text as text', async () => {
    const input = { text: '[{"'.repeat(1000) };
    expect(
      (await ask(served, '/api/v1/workflows/execute/async', execute({ workflow: 'a', input }))).status,
    ).toBe(202);
  });

  it.each([
    ['no HTTP', 'HELO there\r\n\r\n', 400],
    ['a head that is too large', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ['a length that is none', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n', 400],
  ])('answers %s as a problem too', async (_name, text, status) => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    socket.write(text);
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += String(chunk)));
    await once(socket, 'close');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('content-type: application/problem+json');
    expect(problemDetails.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''))).toMatchObject({ status });
  });

  it('says how much it would read', async () => {
    const large = execute({ workflow: 'a', input: 'x'.repeat(70_000) });
    const { detail } = await problemOf(served, '/api/v1/workflows/execute/async', large);
    expect(detail).toContain('more than 64 KiB');
  });

  it('says what a member is that it does not know: of the query or of the body', async () => {
    const { detail } = await problemOf(served, '/api/v1/workflows?foo=1');
    expect(detail).toMatch(/^the query: .*foo/);
    const body = await problemOf(
      served,
      '/api/v1/workflows/execute/async',
      execute({ workflow: 'a', foo: 1 }),
    );
    expect(body.detail).toMatch(/^the body: .*foo/);
  });

  it('answers a far too large image before it has been sent whole', async () => {
    const { port } = new URL(served.url);
    const socket = connect(Number(port), '127.0.0.1');
    const lines = [
      'POST /api/v1/images HTTP/1.1',
      'host: x',
      'content-type: image/png',
      'content-length: 999999999',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('tells its health', async () => {
    expect((await ask(served, '/health')).body).toMatchObject({ status: 'ok', mode: 'embedded' });
  });
});
