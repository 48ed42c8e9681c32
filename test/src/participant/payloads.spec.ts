import type { CloudEvent, JsonObject, JsonValue } from '@aura/contracts';
import { definitionPublished, sagaStarted, stepFailed } from '@aura/contracts';
import type { ClaimCheck } from '@aura/kernel';
import { stepStream } from '@aura/kernel';
import { isClaimed, participantQueue } from '@aura/messaging';
import { until } from '@aura/messaging/testing';
import { labAction, labParticipant } from '../lab/actions';
import { elsewhere, NOWHERE, referenceTo } from '../payload/elsewhere';
import { outputOf, published, Stage } from './stage';

const step = (id: string, action: string, more: JsonObject = {}): JsonObject => ({ id, action, ...more });
const retryPolicy = { maxAttempts: 2, initialDelay: '1s', maxDelay: '1s' };

describe('a step whose trigger travels by reference', () => {
  let stage: Stage;
  let claims: ClaimCheck;
  let seen: CloudEvent[];
  beforeEach(async () => {
    stage = await Stage.open();
    claims = stage.ground.embedded.claims;
    seen = [];
    await stage.start({
      ...labParticipant('alpha', [
        labAction('echo', (input) => input),
        labAction('blow', ({ size }) => 'x'.repeat(Number(size))),
      ]),
      subscriptions: [
        {
          on: 'lab.noted.v1',
          handle: (event) => {
            seen.push(event);
            return Promise.resolve();
          },
        },
      ],
    });
  });
  afterEach(() => stage.close());

  /** What an event carries instead of data. */
  async function byReference(data: JsonValue): Promise<{ readonly dataref: string }> {
    return { dataref: await referenceTo(data, claims) };
  }

  const reads = (): number => jest.mocked(claims.get).mock.calls.length;

  test('gets the data that was put there', async () => {
    const plan = await stage.publish({
      id: 'single',
      input: { type: 'object', properties: { word: { type: 'string' } } },
      steps: [step('one', 'echo', { input: { word: 'input.word' } })],
    });
    const more = await byReference({
      definition: 'single',
      version: '1.0.0',
      context: { input: { word: 'hi' } },
    });
    await stage.say({ plan, saga: 's', type: sagaStarted.type, data: null, more });
    expect(outputOf(await stage.ended('s', 'one'))).toEqual({ value: { word: 'hi' } });
  });

  test('answers over the bound by reference itself', async () => {
    const plan = await stage.publish({
      id: 'single',
      steps: [step('one', 'blow', { input: { size: 300_000 } })],
    });
    await stage.begin(plan, 's');
    const end = await stage.ended('s', 'one');
    expect([end.data, isClaimed(end)]).toEqual([undefined, true]);
  });

  test('fails for good when it answers more than a saga can keep', async () => {
    const plan = await stage.publish({
      id: 'single',
      steps: [step('one', 'blow', { input: { size: 1_100_000 } })],
    });
    await stage.begin(plan, 's');
    const end = await stage.ended('s', 'one');
    expect(end).toMatchObject({
      type: stepFailed.type,
      data: { error: { code: 'OUTPUT_TOO_LARGE' }, attempts: 1 },
    });
    expect(stage.dead).toHaveLength(1);
  });

  test('is retried as its policy says while a payload is missing, and then fails with a dead letter', async () => {
    const plan = await stage.publish({
      id: 'single',
      retryPolicy,
      steps: [step('one', 'echo', { input: {} })],
    });
    const more = { dataref: NOWHERE };
    await stage.say({ plan, saga: 's', type: sagaStarted.type, data: null, more });
    await until(async () => {
      await stage.world.advance(2000);
      return stage.dead.length > 0;
    }, 'it is buried');
    const end = await stage.ended('s', 'one');
    expect(end).toMatchObject({
      type: stepFailed.type,
      data: { attempts: 2, error: { code: 'CLAIM_MISSING' }, deadLetterId: stage.dead[0]?.id },
    });
    expect(stage.dead[0]?.data).toMatchObject({ targets: ['one'], error: { code: 'CLAIM_MISSING' } });
  });

  describe('at a join', () => {
    const joined: JsonObject = {
      id: 'joined',
      retryPolicy,
      steps: [
        step('left', 'echo', { input: {} }),
        step('right', 'echo', { input: {} }),
        step('both', 'echo', {
          dependencies: ['left', 'right'],
          input: { left: 'steps.left.output.value', right: 'steps.right.output.value' },
        }),
      ],
    };

    test('is not read before the step is reached, and then with all that arrived', async () => {
      const plan = await stage.publish(joined);
      jest.spyOn(claims, 'get');
      const left = await byReference({ output: { value: 'L' } });
      await stage.say({ plan, saga: 's', step: 'left', type: 'lab.echo.done.v1', data: null, more: left });
      await stage.quiet('alpha');
      expect(reads()).toBe(0);
      const stored = await stage
        .ports('alpha')
        .fast.joins.arrive(
          stepStream({ saga: 's', run: 1, step: 'both' }),
          { dependency: 'left', value: '{}' },
          1000,
        );
      expect(JSON.parse(stored.get('left') ?? '')).toEqual({ status: 'completed', dataref: left.dataref });
      await stage.stepEnds({ plan, saga: 's' }, 'right', { value: 'R' });
      expect(outputOf(await stage.ended('s', 'both'))).toEqual({ value: { left: 'L', right: 'R' } });
    });

    test('that is skipped or runs all the same fails alone when a payload is missing', async () => {
      const plan = await stage.publish(joined);
      const more = { dataref: NOWHERE };
      await stage.say({ plan, saga: 's', step: 'left', type: 'lab.echo.done.v1', data: null, more });
      await stage.stepEnds({ plan, saga: 's' }, 'right', { value: 'R' });
      await until(async () => {
        await stage.world.advance(2000);
        return stage.dead.length > 0;
      }, 'it is buried');
      expect(await stage.ended('s', 'both')).toMatchObject({ type: stepFailed.type });
    });
  });

  test('is read for a subscription only when one is meant, and for a plan', async () => {
    jest.spyOn(claims, 'get');
    const { bus } = stage.ground;
    const event = { specversion: '1.0', id: 'e', source: '/foreign', type: 'lab.noted.v1' } as const;
    const to = [{ kind: 'queue', queue: participantQueue('alpha') }] as const;
    const claimed = { ...event, ...(await byReference({ shown: true })) };
    await bus.publish([{ event: { ...claimed, type: 'lab.other.v1' }, to }]);
    await stage.quiet('alpha');
    expect(reads()).toBe(0);
    await bus.publish([{ event: claimed, to }]);
    await until(() => seen.length === 1, 'the subscription is told');
    expect(seen[0]).toMatchObject({ id: 'e', data: { shown: true } });
    const plan = stage.compile({ id: 'late', steps: [step('one', 'echo', { input: {} })] });
    const offered = published(plan);
    const dataref = await referenceTo(offered.data as JsonValue, claims);
    await bus.publish([{ event: elsewhere(offered, dataref), to }]);
    await until(() => stage.told.some(({ type }) => type === 'ai.aura.definition.bound.v1'), 'it is bound');
    expect(offered.type).toBe(definitionPublished.type);
  });
});
