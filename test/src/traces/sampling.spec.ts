import { until } from '@aura/messaging/testing';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { faultsOf, RecordedSpans } from './recorded-spans';
import { OWN_PARTICIPANT, TracedAura } from './traced-aura';

jest.setTimeout(60_000);

const nothing = z.object({});
const actions = ['one', 'two'].map((name) =>
  defineAction({
    name: `test-${name}`,
    kind: 'pure',
    input: nothing,
    output: nothing,
    emits: `test.${name}.done.v1`,
    run: () => ({ output: {} }),
  }),
);

const DEFINITION = {
  id: 'sampled',
  name: 'Sampled',
  version: '1.0.0',
  input: { type: 'object' },
  timeout: '1m',
  steps: [
    { id: 'one', name: 'One', action: 'test-one', input: {} },
    { id: 'two', name: 'Two', action: 'test-two', dependencies: ['one'], input: {} },
  ],
  output: {},
  example: {},
};

const COMPLETED = 'ai.aura.saga.completed.v1';
/** Sagas of one round: with a share of a tenth, one round in 14,000 rounds of 90 would hold none that is traced. */
const ROUND = 90;

describe(`sampling by saga (participant ${OWN_PARTICIPANT})`, () => {
  let spans: RecordedSpans;
  let aura: TracedAura;
  let sagas: readonly string[];

  beforeAll(async () => {
    spans = RecordedSpans.start(0.1);
    aura = await TracedAura.open();
    await aura.offer(...actions);
    await aura.publish(DEFINITION);
    sagas = await Promise.all(Array.from({ length: ROUND }, () => aura.execute('sampled', {})));
    await until(() => traced().every((saga) => faultsOf(spans.ofSaga(saga)).length === 0), 'all spans ended');
  });

  afterAll(async () => {
    await aura.close();
    await spans.close();
  });

  const traced = (): readonly string[] => sagas.filter((saga) => spans.ofSaga(saga).length > 0);

  test('takes some sagas, and of each the whole story or nothing of it', async () => {
    const taken = traced();
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThan(ROUND / 2);
    for (const saga of taken) {
      await until(() => spans.ofSaga(saga).some(({ name }) => name === `publish ${COMPLETED}`), 'its end');
      const names = spans.ofSaga(saga).map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['POST /api/v1/workflows/execute', 'test-one', 'test-two', 'track saga']),
      );
    }
  });

  test('is said in every event of a saga alike', async () => {
    const taken = new Set(traced());
    const ended = (): number => aura.events.filter(({ type }) => type === COMPLETED).length;
    await until(() => ended() === ROUND, 'every end was seen');
    for (const saga of sagas) {
      const contexts = aura.events
        .filter(({ correlationid }) => correlationid === saga)
        .map(({ traceparent }) => traceparent);
      expect(contexts.length).toBeGreaterThanOrEqual(4);
      expect(new Set(contexts.map((context) => context?.slice(-2)))).toEqual(
        new Set([taken.has(saga) ? '01' : '00']),
      );
      expect(new Set(contexts.map((context) => context?.slice(3, 35))).size).toBe(1);
    }
  });
});
