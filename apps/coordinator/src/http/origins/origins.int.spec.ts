import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { problemDetails } from '@aura/contracts';
import { coordinatorSettings } from '../../settings';
import { readSettings } from '@aura/nest';
import { ScriptedCoordinator } from '../testing/scripted-coordinator';
import { serve, type Served } from '../testing/served';

const SHOP = 'https://shop.example';
const START = '/api/v1/workflows/execute/async';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

let scripted: ScriptedCoordinator;
let served: Served;

/** Not by `fetch`, which keeps the header `Origin` to itself. */
async function ask(path: string, { method = 'GET', headers = {}, body }: Asked): Promise<Answer> {
  const asking = request(served.url + path, { method, headers });
  asking.end(body);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode, headers: answer.headers, text };
}

const preflight = (origin: string): Promise<Answer> =>
  ask(START, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,idempotency-key',
    },
  });

const start = (origin: string): Promise<Answer> =>
  ask(START, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ workflow: 'greet', input: {} }),
  });

describe('a page in a browser', () => {
  beforeAll(async () => {
    scripted = new ScriptedCoordinator();
    served = await serve(scripted.coordinator, { origins: [SHOP] });
  });
  afterAll(() => served.app.close());

  it('of a listed origin may ask first, send, and read the answer with its place', async () => {
    const { status, headers } = await preflight(SHOP);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-allow-methods': expect.stringContaining('DELETE') as string,
      'access-control-allow-headers': expect.stringContaining('idempotency-key') as string,
      vary: 'Origin',
    });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    const started = await start(SHOP);
    expect(started.status).toBe(202);
    expect(started.headers).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-expose-headers': expect.stringContaining('location') as string,
      location: expect.stringContaining('/api/v1/workflows/') as string,
    });
  });

  it('of a listed origin may read problems and feeds too', async () => {
    expect(await ask('/api/v1/workflows/nobody', { headers: { origin: SHOP } })).toMatchObject({
      status: 404,
      headers: { 'access-control-allow-origin': SHOP },
    });
    const saga = scripted.saga('over');
    saga.complete();
    expect(await ask('/api/v1/workflows/over/events', { headers: { origin: SHOP } })).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': SHOP,
        'content-type': expect.stringContaining('event-stream') as string,
      },
    });
  });

  it.each([
    'https://evil.example',
    'http://shop.example',
    'https://shop.example:444',
    'null',
    'nonsense',
    '',
  ])('of %j is refused with what to do, and nothing is started', async (origin) => {
    const before = scripted.started.length;
    for (const refused of [
      await preflight(origin),
      await start(origin),
      await ask('/', { headers: { origin } }),
    ]) {
      expect(refused.status).toBe(403);
      expect(refused.headers['access-control-allow-origin']).toBeUndefined();
      expect(problemDetails.parse(JSON.parse(refused.text))).toMatchObject({
        code: 'ORIGIN_NOT_ALLOWED',
        help: expect.stringContaining('AURA_ORIGINS') as string,
      });
    }
    expect(scripted.started).toHaveLength(before);
  });

  it('of this server itself needs no list, and who is no browser sends no origin', async () => {
    expect((await start(served.url)).status).toBe(202);
    expect((await ask('/', {})).status).toBe(200);
  });
});

describe('the setting AURA_ORIGINS', () => {
  const servers = {
    AURA_RABBITMQ_URL: 'amqp://localhost',
    AURA_MONGODB_URL: 'mongodb://localhost',
    AURA_REDIS_URL: 'redis://localhost',
  };
  const read = (AURA_ORIGINS?: string) =>
    readSettings('coordinator', coordinatorSettings, { env: { ...servers, AURA_ORIGINS } }).AURA_ORIGINS;

  it('is none by default, and a list separated by commas', () => {
    expect(read()).toEqual([]);
    expect(read('https://shop.example, http://localhost:5173')).toEqual([SHOP, 'http://localhost:5173']);
  });

  it.each([
    '*',
    'shop.example',
    'https://shop.example/',
    'https://shop.example/a',
    'ftp://shop.example',
    'https://shop.example,,',
  ])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(/AURA_ORIGINS is ".*", and it must be a list of origins/);
  });
});
