import type { CloudEvent } from '@aura/contracts';
import { sagaIdOfTrigger, TerminalError } from '@aura/kernel';
import { until } from '@aura/messaging/testing';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { faultsOf, RecordedSpans, spanNamed } from './recorded-spans';
import type { SeenSpan } from './recorded-spans';
import { TracedAura } from './traced-aura';

jest.setTimeout(60_000);

const STARTER_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const STARTER_SPAN = '00f067aa0ba902b7';
const traceparent = (flags: string): string => `00-${STARTER_TRACE}-${STARTER_SPAN}-${flags}`;

const COMPLETED = 'ai.aura.saga.completed.v1';

const SECRET = 'my-own-wish';
const wish = z.object({ kind: z.string() });

/** Fails as its input says: at its first delivery, for ever, or never. */
const moody = defineAction({
  name: 'test-moody',
  kind: 'pure',
  input: wish,
  output: z.object({}),
  emits: 'test.moody.done.v1',
  run: ({ kind }, { attempt }) => {
    if (kind === 'once' && attempt === 1) throw new Error(`not yet: ${SECRET}`);
    if (kind === 'never') throw new TerminalError(`no: ${SECRET}`, { code: 'NO_WAY', help: 'none' });
    return { output: {} };
  },
});

const DEFINITION = {
  id: 'moods',
  name: 'Moods',
  version: '1.0.0',
  input: { type: 'object', properties: { kind: { type: 'string' } }, required: ['kind'] },
  timeout: '1m',
  triggers: [{ on: 'test.wish.v1', input: { kind: 'event.data.kind' } }],
  retryPolicy: { maxAttempts: 2, initialDelay: '10ms' },
  steps: [{ id: 'step', name: 'Step', action: 'test-moody', input: { kind: 'input.kind' } }],
  output: {},
  example: { kind: 'good' },
};

describe('the trace of a saga', () => {
  let spans: RecordedSpans;
  let aura: TracedAura;
  const lines: string[] = [];

  beforeAll(async () => {
    spans = RecordedSpans.start();
    aura = await TracedAura.open(lines);
    await aura.offer(moody);
    await aura.publish(DEFINITION);
  });

  afterAll(async () => {
    await aura.close();
    await spans.close();
  });

  /** The story of a saga once it holds a span of this name and all its spans have ended. */
  async function storyOf(saga: string, name: string, faults = 0): Promise<readonly SeenSpan[]> {
    await until(() => {
      const story = spans.ofSaga(saga);
      return story.some((span) => span.name === name) && faultsOf(story).length === faults;
    }, `${name} of ${saga}`);
    return spans.ofSaga(saga);
  }

  /** A foreign CloudEvent that starts a saga; answers its id. */
  async function wished(id: string, more: Partial<CloudEvent>): Promise<string> {
    const event: CloudEvent = {
      specversion: '1.0',
      id,
      source: '/shop',
      type: 'test.wish.v1',
      data: { kind: 'good' },
      ...more,
    };
    const to = [{ kind: 'exchange', exchange: 'aura.events', key: event.type } as const];
    await aura.joined.bus.publish([{ event, to }]);
    return sagaIdOfTrigger('moods', '/shop', id);
  }

  const ended = (saga: string): CloudEvent | undefined =>
    aura.events.find(({ type, correlationid }) => type === COMPLETED && correlationid === saga);

  test('goes on from a trace that the client of HTTP began', async () => {
    const saga = await aura.execute(
      'moods',
      { kind: 'good' },
      { traceparent: traceparent('01'), tracestate: 'shop=1' },
    );
    // Of its faults two are meant: its root goes on from somebody whom only the client knows.
    const story = await storyOf(saga, `publish ${COMPLETED}`, 2);
    const root = spanNamed(story, 'POST /api/v1/workflows/execute');
    expect(root).toMatchObject({ parent: STARTER_SPAN, trace: STARTER_TRACE });
    expect(faultsOf(story)).toEqual(['0 roots: ', `${root.name} has a parent that nobody knows`]);
  });

  test('goes on from a trace that a CloudEvent brings', async () => {
    const saga = await wished('e1', { traceparent: traceparent('01') });
    await until(() => ended(saga) !== undefined, 'its end');
    await until(() => spans.ofSaga(saga).some(({ name }) => name === `publish ${COMPLETED}`), 'told');
    const story = spans
      .ofSaga(saga)
      .filter(({ attributes }) => attributes['messaging.message.conversation_id'] === saga);
    const start = spanNamed(story, 'start moods');
    const [received] = spans.all().filter(({ id }) => id === start.parent);
    expect(received).toMatchObject({
      name: 'process test.wish.v1',
      parent: STARTER_SPAN,
      trace: STARTER_TRACE,
    });
    expect(spanNamed(story, 'test-moody')).toMatchObject({ parent: start.id, trace: STARTER_TRACE });
  });

  test('that its starter does not record is recorded by nobody, and its context travels on', async () => {
    const before = spans.all().length;
    const sagas = [
      await wished('e2', { traceparent: traceparent('00'), tracestate: 'shop=2' }),
      await aura.execute('moods', { kind: 'good' }, { traceparent: traceparent('00') }),
    ];
    for (const saga of sagas) {
      await until(() => ended(saga) !== undefined, 'its end');
      const own = aura.events.filter(({ correlationid }) => correlationid === saga);
      expect(new Set(own.map((event) => event.traceparent))).toEqual(new Set([traceparent('00')]));
    }
    expect(spans.all().slice(before)).toEqual([]);
  });

  test('begins with its start when a CloudEvent brings none', async () => {
    const saga = await wished('e3', {});
    const story = await storyOf(saga, `publish ${COMPLETED}`);
    expect(spanNamed(story, 'start moods').parent).toBeUndefined();
  });

  test('holds every attempt of a step', async () => {
    const saga = await aura.execute('moods', { kind: 'once' });
    const story = await storyOf(saga, `publish ${COMPLETED}`);
    const attempts = story.filter(({ name }) => name === 'test-moody').sort((a, b) => a.begin - b.begin);
    expect(attempts).toMatchObject([
      { hasFailed: true, attributes: { 'aura.outcome': 'retry', 'error.type': 'Error' } },
      { hasFailed: false, attributes: { 'aura.outcome': 'done', 'aura.attempt': 2 } },
    ]);
    expect(attempts[0]?.parent).toBe(attempts[1]?.parent);
    expect(JSON.stringify(story)).not.toContain(SECRET);
  });

  test('holds the dead letter of a step and the end that follows', async () => {
    const saga = await aura.execute('moods', { kind: 'never' });
    const story = await storyOf(saga, 'publish ai.aura.saga.failed.v1');
    await until(
      () => spans.ofSaga(saga).some(({ name }) => name === 'process ai.aura.dead-letter.recorded.v1'),
      'recorded',
    );
    expect(spanNamed(story, 'test-moody')).toMatchObject({
      hasFailed: true,
      attributes: { 'aura.outcome': 'dead', 'error.type': 'NO_WAY' },
    });
    expect(JSON.stringify(spans.ofSaga(saga))).not.toContain(SECRET);
  });

  test('is named in every line of the log about its saga, and none holds what people sent', async () => {
    const saga = await aura.execute('moods', { kind: SECRET });
    const trace = spans.ofSaga(saga)[0]?.trace;
    const own = (): readonly Line[] => parsed(lines).filter(({ correlationId }) => correlationId === saga);
    await until(() => own().some(({ msg }) => msg === 'saga completed'), 'the end is told');
    expect(own().map(({ msg }) => msg)).toEqual(expect.arrayContaining(['saga started', 'saga completed']));
    for (const line of own())
      expect(line).toMatchObject({ definition: 'moods', traceId: trace, service: 'aura' });
    expect(lines.join('')).not.toContain(SECRET);
  });
});

interface Line {
  readonly msg: string;
  readonly correlationId?: string;
}

function parsed(lines: readonly string[]): readonly Line[] {
  return lines.map((line) => JSON.parse(line) as Line);
}
