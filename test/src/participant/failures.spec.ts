import type { CloudEvent, JsonObject, JsonValue } from '@aura/contracts';
import { deadLetterRecorded, stepFailed } from '@aura/contracts';
import { BusinessError, TerminalError } from '@aura/kernel';
import { until } from '@aura/messaging/testing';
import { defineAction } from '@aura/workflow';
import type { ActionContext, ActionResult, Plan } from '@aura/workflow';
import { toUint8Array } from 'js-base64';
import { z } from 'zod';
import { labAction, labParticipant, stock, takeAction } from '../lab/actions';
import { outputOf, Stage } from './stage';

const step = (id: string, action: string, more: JsonObject = {}): JsonObject => ({ id, action, ...more });
const quickly = { maxAttempts: 3, initialDelay: '1s', multiplier: 2, maxDelay: '10s' };

describe('a step that does not succeed', () => {
  let stage: Stage;
  let doing: (
    input: Readonly<Record<string, JsonValue>>,
    context: ActionContext,
  ) => Promise<JsonValue> | JsonValue;
  let raw: () => ActionResult<unknown>;
  let calls: ActionContext[];

  beforeEach(async () => {
    stage = await Stage.open();
    calls = [];
    doing = () => 'fine';
    raw = () => ({ output: {} });
    const run = (input: Readonly<Record<string, JsonValue>>, context: ActionContext) => {
      calls.push(context);
      return doing(input, context);
    };
    const strict = defineAction({
      name: 'strict',
      kind: 'pure',
      input: z.object({ n: z.number().max(9) }),
      output: z.object({ n: z.number() }),
      emits: 'lab.strict.done.v1',
      publishes: ['lab.noticed.v1'],
      run: () => raw() as ActionResult<{ n: number }>,
    });
    await stage.start(
      labParticipant('alpha', [
        labAction('work', run),
        labAction('look', run, 'reading'),
        labAction('echo', (input) => input),
        strict,
        takeAction(),
        defineAction({
          name: 'reserve',
          kind: 'stateful',
          input: z.object({}),
          output: z.object({}),
          emits: 'lab.reserve.done.v1',
          resources: [stock],
          claim: () => {
            throw new BusinessError('shop is closed', { code: 'CLOSED', help: 'Come back tomorrow.' });
          },
          outcome: () => ({ output: {} }),
          undo: { name: 'undo-reserve' },
        }),
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

  const failureOf = ({ data }: CloudEvent) => stepFailed.data.parse(data);

  test('because the action refuses fails at once: no retry, no dead letter', async () => {
    doing = () => {
      throw new BusinessError('no credit', { code: 'NO_CREDIT', help: 'Pay first.' });
    };
    const plan = await publish('refusing', step('one', 'work'));
    await stage.begin(plan, 's1');
    const end = await stage.ended('s1', 'one');
    expect(failureOf(end)).toEqual({
      error: { kind: 'business', code: 'NO_CREDIT', message: 'no credit', help: 'Pay first.' },
      attempts: 1,
    });
    await climb();
    expect([calls.length, stage.dead.length, stage.tracked.length]).toEqual([1, 0, 1]);
  });

  test('because a resource refuses, or the action before it claims, fails at once', async () => {
    const plan = await publish(
      'empty',
      step('one', 'take', { input: { amount: 11 } }),
      step('two', 'reserve'),
    );
    await stage.begin(plan, 's1');
    expect(failureOf(await stage.ended('s1', 'one'))).toMatchObject({
      error: { kind: 'business', code: 'OUT_OF_STOCK', help: 'Want less.' },
      attempts: 1,
    });
    expect(failureOf(await stage.ended('s1', 'two'))).toMatchObject({
      error: { kind: 'business', code: 'CLOSED', message: 'shop is closed', help: 'Come back tomorrow.' },
    });
  });

  test('climbs the ladder of its retry policy; attempts stand in the end', async () => {
    doing = (_input, { attempt }) => {
      if (attempt < 3) throw new Error(`attempt ${attempt}`);
      return 'at last';
    };
    const plan = await publish('flaky', step('one', 'work'));
    await stage.begin(plan, 's1');
    await climb(2);
    const end = await stage.ended('s1', 'one');
    expect(outputOf(end)).toEqual({ value: 'at last' });
    expect(end.auraattempt).toBe(3);
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  test('at the end of the ladder is a dead letter, and a failure that knows it', async () => {
    doing = () => {
      throw Object.assign(new Error('cable cut'), { code: 'ECONNRESET' });
    };
    const plan = await publish('broken', step('one', 'work'));
    await stage.begin(plan, 's1');
    await climb(2);
    const failure = failureOf(await stage.ended('s1', 'one'));
    await until(() => stage.dead.length === 1, 'the dead letter');
    const letter = deadLetterRecorded.data.parse(stage.dead[0]?.data);
    expect(failure).toEqual({
      error: { kind: 'technical', code: 'ECONNRESET', message: 'cable cut' },
      attempts: 3,
      deadLetterId: letter.deadLetterId,
    });
    expect(letter).toMatchObject({ attempts: 3, targets: ['one'], consumer: 'alpha' });
    expect(letter.error.stack).toContain('failures.spec');
    expect(stage.dead[0]).toMatchObject({
      correlationid: 's1',
      causationid: 's1/1/start/ai.aura.saga.started.v1',
    });
    const envelope = JSON.parse(new TextDecoder().decode(toUint8Array(letter.body))) as CloudEvent;
    expect(envelope).toMatchObject({ id: 's1/1/start/ai.aura.saga.started.v1', auraplan: plan.digest });
    expect(calls).toHaveLength(3);
  });

  test('because it can never work goes to the dead letters at once', async () => {
    doing = () => {
      throw new TerminalError('no such model', { code: 'NO_MODEL', help: 'Install it.' });
    };
    const plan = await publish('terminal', step('one', 'work'));
    await stage.begin(plan, 's1');
    expect(failureOf(await stage.ended('s1', 'one'))).toMatchObject({
      error: { code: 'NO_MODEL', help: 'Install it.' },
      attempts: 1,
      deadLetterId: expect.stringContaining('one') as string,
    });
  });

  test('because its input is not what the action takes goes to the dead letters at once', async () => {
    const plan = await publish('input', step('one', 'strict', { input: { n: 'input.n' } }));
    await stage.begin(plan, 's1', { n: 12 });
    const { error } = failureOf(await stage.ended('s1', 'one'));
    expect(error).toMatchObject({ code: 'INVALID_STEP_INPUT' });
    expect(error.message).toMatch(/^step one got an input that strict refuses: n: Too big/);
  });

  test.each([
    [
      'its output is not what it declares',
      { output: { n: 'seven' } },
      'INVALID_STEP_OUTPUT',
      /answered what its schema refuses: n: /,
    ],
    ['its output is nothing', { output: undefined }, 'INVALID_STEP_OUTPUT', /\(all of it\): /],
    [
      'it returns an event that it does not declare',
      { output: { n: 1 }, events: [{ type: 'lab.secret.v1', data: 1 }] },
      'UNDECLARED_EVENT',
      /returned an event lab\.secret\.v1/,
    ],
  ])('because %s goes to the dead letters at once', async (_what, result, code, message) => {
    raw = () => result;
    const plan = await publish('output', step('one', 'strict', { input: { n: 1 } }));
    await stage.begin(plan, 's1');
    const { error, attempts } = failureOf(await stage.ended('s1', 'one'));
    expect([error.code, attempts]).toEqual([code, 1]);
    expect(error.message).toMatch(message);
  });
});
