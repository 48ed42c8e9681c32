import type { JsonObject, JsonValue } from '@aura/contracts';
import { stepFailed } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import { until } from '@aura/messaging/testing';
import type { ActionContext, Plan } from '@aura/workflow';
import { labAction, labParticipant } from '../lab/actions';
import { outputOf, Stage } from './stage';

const step = (id: string, action: string, more: JsonObject = {}): JsonObject => ({ id, action, ...more });
const quickly = { maxAttempts: 3, initialDelay: '1s', multiplier: 2, maxDelay: '10s' };

describe('a step that does not succeed', () => {
  let stage: Stage;
  let doing: (
    input: Readonly<Record<string, JsonValue>>,
    context: ActionContext,
  ) => Promise<JsonValue> | JsonValue;
  let calls: ActionContext[];

  beforeEach(async () => {
    stage = await Stage.open();
    calls = [];
    doing = () => 'fine';
    const run = (input: Readonly<Record<string, JsonValue>>, context: ActionContext) => {
      calls.push(context);
      return doing(input, context);
    };
    await stage.start(
      labParticipant('alpha', [
        labAction('work', run),
        labAction('look', run, 'reading'),
        labAction('echo', (input) => input),
      ]),
    );
  });
  afterEach(() => stage.close());

  const publish = (id: string, ...steps: readonly JsonObject[]): Promise<Plan> =>
    stage.publish({
      id,
      input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
      retryPolicy: quickly,
      steps,
    });

  /** Lets the longest wait of a ladder pass, and waits until its delivery was handled. */
  async function climb(times = 1): Promise<void> {
    for (let n = 0; n < times; n++) {
      await stage.quiet('alpha');
      await stage.world.advance(12_500);
    }
    await stage.quiet('alpha');
  }

  test('within its time limit is aborted, and tried again', async () => {
    doing = (_input, { signal, attempt }) =>
      attempt === 1
        ? new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          )
        : 'in time';
    const plan = await publish('slow', step('one', 'work', { timeout: '2s' }));
    await stage.begin(plan, 's1');
    await until(() => calls.length === 1, 'it runs');
    await stage.world.advance(2000);
    await climb();
    expect(outputOf(await stage.ended('s1', 'one'))).toEqual({ value: 'in time' });
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  test('because a store is away waits for it alone, on the same attempt, beside steps that go on', async () => {
    let isAway = true;
    doing = () => {
      if (isAway) throw new StoreUnavailableError('no database');
      return 'back';
    };
    const plan = await publish('away', step('one', 'work'), step('two', 'echo'));
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'two');
    await climb(6);
    isAway = false;
    await climb();
    expect((await stage.ended('s1', 'one')).auraattempt).toBeUndefined();
    expect(stage.endsOf('s1', 'two')).toHaveLength(1);
    expect(stage.dead).toHaveLength(0);
  });

  test('because its join cannot be remembered waits alone, too', async () => {
    const { fast } = stage.ports('beta');
    let isAway = true;
    const joins: typeof fast.joins = {
      drop: (names) => fast.joins.drop(names),
      arrive: (...arrival) =>
        isAway ? Promise.reject(new StoreUnavailableError('no Redis')) : fast.joins.arrive(...arrival),
    };
    const beta = labParticipant('beta', [labAction('join', () => 'joined'), labAction('next', () => 'next')]);
    await stage.start(beta, { ports: { fast: { ...fast, joins } } });
    const plan = await publish(
      'joining',
      step('a', 'echo'),
      step('b', 'echo'),
      step('both', 'join', { dependencies: ['a', 'b'] }),
      step('after_a', 'next', { dependencies: ['a'] }),
    );
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'after_a');
    await stage.quiet('alpha', 'beta');
    isAway = false;
    await stage.world.advance(1000);
    await stage.ended('s1', 'both');
    expect(stage.endsOf('s1', 'after_a')).toHaveLength(1);
  });

  test('is tried again alone when others of the participant reacted to the same event', async () => {
    doing = (_input, { step: id, attempt }) => {
      if (id === 'two' && attempt < 3) throw new Error('not yet');
      return id;
    };
    const plan = await publish('several', ...['one', 'two', 'three'].map((id) => step(id, 'work')));
    await stage.begin(plan, 's1');
    await climb(2);
    await stage.ended('s1', 'two');
    expect(calls.map(({ step: id, attempt }) => `${id}${attempt}`).sort()).toEqual([
      'one1',
      'three1',
      'two1',
      'two2',
      'two3',
    ]);
    expect(stage.tracked).toHaveLength(3);
  });

  test.each([
    ['continue', { policy: 'continue', output: { value: 'default' } }],
    ['fallback', { policy: 'fallback', output: { value: 'default' } }],
  ])(
    'for good under the policy %s is recorded: a later trigger says the same again, byte for byte',
    async (id, failure) => {
      doing = () => {
        throw new Error('broken');
      };
      const plan = await publish(id, step('one', 'work', { failure }));
      await stage.begin(plan, 's1');
      await climb(2);
      const first = await stage.ended('s1', 'one');
      doing = () => 'too late';
      await stage.world.advance(60_000);
      await stage.begin(plan, 's1', {}, { headers: { targets: ['one'], epoch: 2 } });
      expect(JSON.stringify(await stage.ended('s1', 'one', 2))).toBe(JSON.stringify(first));
      expect(calls).toHaveLength(3);
    },
  );

  test('for good under compensate is not recorded: a later epoch may still complete it', async () => {
    doing = () => {
      throw new Error('broken');
    };
    const plan = await publish('later', step('one', 'look'));
    await stage.begin(plan, 's1');
    await climb(2);
    expect((await stage.ended('s1', 'one')).type).toBe(stepFailed.type);
    doing = () => 'after all';
    await stage.begin(plan, 's1', {}, { headers: { targets: ['one'], epoch: 2 } });
    expect(await stage.ended('s1', 'one', 2)).toMatchObject({
      id: 's1/1/one/2/lab.look.done.v1',
      data: { output: { value: 'after all' } },
    });
  });

  test('does not fail what another trigger has completed meanwhile', async () => {
    let release: (error: Error) => void = () => undefined;
    doing = (_input, { epoch }) =>
      epoch === 1 ? new Promise((_resolve, reject) => (release = reject)) : 'completed';
    const plan = await publish('overtaken', step('one', 'look'));
    await stage.begin(plan, 's1', {}, { headers: { attempt: 3 } });
    await until(() => calls.length === 1, 'the first epoch is in hand');
    await stage.begin(plan, 's1', {}, { headers: { targets: ['one'], epoch: 2 } });
    await stage.ended('s1', 'one');
    release(new Error('too late to matter'));
    expect((await stage.ended('s1', 'one', 2)).type).toBe('lab.look.done.v1');
  });
});
