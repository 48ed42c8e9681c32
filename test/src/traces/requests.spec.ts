import { until } from '@aura/messaging/testing';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { RecordedSpans } from './recorded-spans';
import type { SeenSpan } from './recorded-spans';
import { COMPLETE } from './stories';
import { TracedAura } from './traced-aura';

jest.setTimeout(60_000);

const CLIENT_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT_SPAN = '00f067aa0ba902b7';
const clientTrace = (flags: string) => ({ traceparent: `00-${CLIENT_TRACE}-${CLIENT_SPAN}-${flags}` });
const SAGA = '/api/v1/workflows/:sagaId';

const CONVERSATION = 'messaging.message.conversation_id';

let goOn = (): void => undefined;
const wait = defineAction({
  name: 'test-wait',
  kind: 'pure',
  input: z.object({}),
  output: z.object({}),
  emits: 'test.waited.v1',
  run: async () => {
    await new Promise<void>((resolve) => (goOn = resolve));
    return { output: {} };
  },
});

const WAITING = {
  id: 'waiting',
  name: 'Waiting',
  version: '1.0.0',
  input: { type: 'object' },
  steps: [{ id: 'step', name: 'Step', action: 'test-wait', input: {} }],
  output: {},
  example: {},
};

describe('a request to the door', () => {
  let spans: RecordedSpans;
  let aura: TracedAura;
  let saga: string;
  let start: SeenSpan;

  beforeAll(async () => {
    spans = RecordedSpans.start();
    aura = await TracedAura.open();
    const { templates } = (await aura.get('/api/v1/workflows/templates')) as Templates;
    const template = templates.find(({ workflow }) => workflow === COMPLETE.workflow);
    saga = await aura.execute(COMPLETE.workflow, template?.example ?? null);
    start = await spanOf(`start ${COMPLETE.workflow}`);
  });

  afterAll(async () => {
    await aura.close();
    await spans.close();
  });

  /** The newest span of a name, once there is one that fits. */
  async function spanOf(name: string, fits: (span: SeenSpan) => boolean = () => true): Promise<SeenSpan> {
    const found = (): SeenSpan | undefined =>
      spans.all().findLast((span) => span.name === name && fits(span));
    await until(() => found() !== undefined, `a span ${name}`);
    return found() as SeenSpan;
  }

  const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${aura.url}${path}`, { method, headers });

  test.each([
    ['GET', '', 200],
    ['GET', '/status', 200],
    ['GET', '/why', 200],
    ['GET', '/events', 200],
    ['GET', '/compensation', 200],
    ['DELETE', '', 409],
    ['POST', '/retry', 415],
  ])('%s on a saga (%j, answered %i) goes on in the trace of the saga', async (method, road, status) => {
    const answer = await ask(method, `/api/v1/workflows/${saga}${road}`);
    await answer.text();
    expect(answer.status).toBe(status);
    expect(await spanOf(`${method} ${SAGA}${road}`)).toMatchObject({
      trace: start.trace,
      parent: start.id,
      kind: 'SERVER',
      links: [],
      hasFailed: false,
      attributes: {
        'http.route': `${SAGA}${road}`,
        'http.request.method': method,
        'http.response.status_code': status,
        [CONVERSATION]: saga,
      },
    });
  });

  test('on a saga goes on in the trace that its client began, with a link to the start of the saga', async () => {
    await (await ask('GET', `/api/v1/workflows/${saga}`, clientTrace('01'))).text();
    expect(await spanOf(`GET ${SAGA}`, ({ trace }) => trace === CLIENT_TRACE)).toMatchObject({
      parent: CLIENT_SPAN,
      links: [start.id],
    });
  });

  test('that its client does not record leaves no span', async () => {
    const seen = (): number => spans.all().filter(({ name }) => name === 'GET /api/v1/definitions').length;
    await (await ask('GET', '/api/v1/definitions', clientTrace('00'))).text();
    await (await ask('GET', '/api/v1/definitions')).text();
    await spanOf('GET /api/v1/definitions');
    expect(seen()).toBe(1);
  });

  test.each([
    ['GET', '/api/v1/workflows', 'GET /api/v1/workflows', 200],
    ['GET', '/', 'GET /', 200],
    ['POST', '/api/v1/images', 'POST /api/v1/images', 415],
    ['POST', '/api/v1/workflows/execute', 'POST /api/v1/workflows/execute', 415],
    ['GET', `/api/v1/workflows/nobody`, `GET ${SAGA}`, 404],
    ['GET', '/nowhere/with-a-secret', 'GET', 404],
  ])('%s %s is a trace of its own (%j, %i)', async (method, path, name, status) => {
    await (await ask(method, path)).text();
    const span = await spanOf(name, ({ attributes }) => attributes['http.response.status_code'] === status);
    expect(span).toMatchObject({ parent: undefined, kind: 'SERVER' });
    expect(span.attributes[CONVERSATION]).toBeUndefined();
    expect(JSON.stringify(span)).not.toMatch(/nobody|secret/);
  });

  test('of a probe leaves no span', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics'])
      await (await ask('GET', path)).text();
    await (await ask('GET', '/api/v1/participants')).text();
    await spanOf('GET /api/v1/participants');
    expect(spans.all().filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
  });

  test('whose client goes before the answer has ended is told as failed', async () => {
    await aura.offer(wait);
    await aura.publish(WAITING);
    const started = await aura.post('/api/v1/workflows/execute/async', { workflow: 'waiting', input: {} });
    const { sagaId } = (await started.json()) as { readonly sagaId: string };
    const gone = new AbortController();
    const { body } = await fetch(`${aura.url}/api/v1/workflows/${sagaId}/events`, { signal: gone.signal });
    await body?.getReader().read();
    gone.abort();
    const isOfSaga = ({ attributes }: SeenSpan): boolean => attributes[CONVERSATION] === sagaId;
    expect(await spanOf(`GET ${SAGA}/events`, isOfSaga)).toMatchObject({
      hasFailed: true,
      attributes: { 'error.type': 'CLIENT_GONE' },
    });
    goOn();
  });
});

interface Templates {
  readonly templates: readonly {
    readonly workflow: string;
    readonly example: Readonly<Record<string, string>>;
  }[];
}
