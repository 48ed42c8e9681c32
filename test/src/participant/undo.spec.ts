import { stepEndRequested, stepFailed, stepNothingToUndo, stepUndone, stepUndoFailed } from '@aura/contracts';
import type { JsonObject } from '@aura/contracts';
import { BusinessError, TerminalError } from '@aura/kernel';
import { until } from '@aura/messaging/testing';
import { defineAction } from '@aura/workflow';
import type { ActionContext, ParticipantDefinition, UndoCall } from '@aura/workflow';
import { z } from 'zod';
import { labAction, labParticipant, takeAction } from '../lab/actions';
import { Stage } from './stage';

const amount = z.object({ cents: z.number().default(5) });
const retryPolicy = { maxAttempts: 2, initialDelay: '10ms', maxDelay: '10ms' };

describe('a participant that is asked to undo a step', () => {
  let stage: Stage;
  let calls: (readonly [UndoCall<unknown, unknown>, ActionContext])[];
  let charged: string[];
  let refunding: () => Promise<void> | void;
  let shop: ParticipantDefinition;

  beforeEach(async () => {
    stage = await Stage.open();
    calls = [];
    charged = [];
    refunding = () => undefined;
    const charge = defineAction({
      name: 'charge',
      kind: 'stateful',
      input: amount,
      output: z.object({ receipt: z.string() }),
      emits: 'lab.charged.v1',
      run: (_input, { operation }) => {
        charged.push(operation);
        if (charged.length === 1) return { output: { receipt: operation } };
        throw new BusinessError('twice', { code: 'TWICE', help: 'Once.' });
      },
      undo: {
        name: 'refund',
        run: async (call, context) => {
          calls.push([call, context]);
          await refunding();
        },
      },
    });
    const final = defineAction({
      name: 'ship',
      kind: 'stateful',
      input: z.object({}),
      output: z.object({}),
      emits: 'lab.shipped.v1',
      run: () => ({ output: {} }),
    });
    shop = labParticipant('shop', [takeAction(), charge, final, labAction('think', () => 1)]);
    await stage.start(shop);
  });
  afterEach(() => stage.close());

  const publish = (steps: readonly JsonObject[]) => stage.publish({ id: 'shopping', steps: [...steps] });
  const TAKE: JsonObject = { id: 'hold', action: 'take', input: { amount: 3 } };
  const CHARGE: JsonObject = { id: 'pay', action: 'charge', undo: { timeout: '1s', retryPolicy } };
  const types = (saga: string, step: string) => stage.endsOf(saga, step).map(({ type }) => type);
  /** Lets the wait of the ladder pass. */
  async function climb(): Promise<void> {
    await stage.quiet('shop');
    await stage.world.advance(100);
  }

  const stock = async () => {
    const rows = await stage.ports('shop').journal.read('stock/thing');
    return rows.flatMap(({ body }) => Object.values((JSON.parse(body) as { changes: object }).changes));
  };

  test('reverses what its action did to resources, and tells the tracker once, however often it is asked', async () => {
    const plan = await publish([TAKE]);
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'hold');
    await stage.ask({ plan, saga: 's1' }, 'hold');
    const answer = await stage.ended('s1', 'hold', 2);
    expect(answer).toMatchObject({
      type: stepUndone.type,
      id: `s1/1/hold/1/${stepUndone.type}`,
      source: '/aura/shop',
      auraepoch: 1,
      data: { undo: 'undo-take' },
    });
    expect(await stock()).toEqual([-3, 3]);
    await stage.ask({ plan, saga: 's1' }, 'hold', { epoch: 2 });
    expect(await stage.ended('s1', 'hold', 3)).toEqual(answer);
    expect(await stock()).toEqual([-3, 3]);
  });

  test('refuses the action that comes later, silently', async () => {
    const plan = await publish([TAKE]);
    await stage.ask({ plan, saga: 's1' }, 'hold');
    expect((await stage.ended('s1', 'hold')).type).toBe(stepNothingToUndo.type);
    await stage.begin(plan, 's1');
    await stage.quiet('shop');
    expect(types('s1', 'hold')).toEqual([stepNothingToUndo.type]);
    expect(await stock()).toEqual([]);
  });

  test('calls the undo of a foreign store with input, output and the key of the operation', async () => {
    const plan = await publish([CHARGE]);
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'pay');
    await stage.ask({ plan, saga: 's1' }, 'pay');
    expect((await stage.ended('s1', 'pay', 2)).data).toEqual({ undo: 'refund' });
    expect(calls).toMatchObject([
      [
        { input: { cents: 5 }, output: { receipt: 'step/s1/1/pay' } },
        { operation: 'step/s1/1/pay', saga: 's1', attempt: 1 },
      ],
    ]);
    expect(charged).toEqual(['step/s1/1/pay']);
  });

  test('retries an undo on a ladder of its own, and then says that it failed; the next one goes on', async () => {
    const plan = await publish([CHARGE]);
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'pay');
    refunding = () => {
      throw new Error('bank is closed');
    };
    await stage.ask({ plan, saga: 's1' }, 'pay');
    await climb();
    const failed = await stage.ended('s1', 'pay', 2);
    expect(failed).toMatchObject({
      type: stepUndoFailed.type,
      data: { error: { kind: 'technical', message: 'bank is closed' }, attempts: 2 },
    });
    expect(stage.dead).toHaveLength(1);
    refunding = () => undefined;
    await stage.ask({ plan, saga: 's1' }, 'pay', { epoch: 2 });
    expect((await stage.ended('s1', 'pay', 3)).type).toBe(stepUndone.type);
  });

  test.each([
    ['refuses', () => new BusinessError('no refunds', { code: 'NO_REFUND', help: 'Ask.' }), 'business'],
    ['can never work', () => new TerminalError('gone', { code: 'GONE', help: 'Ask.' }), 'technical'],
  ] as const)('does not try again what %s', async (_what, error, kind) => {
    const plan = await publish([CHARGE]);
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'pay');
    refunding = () => Promise.reject(error());
    await stage.ask({ plan, saga: 's1' }, 'pay');
    expect(await stage.ended('s1', 'pay', 2)).toMatchObject({
      type: stepUndoFailed.type,
      data: { error: { kind }, attempts: 1 },
    });
  });

  test('has a time limit for each attempt', async () => {
    const plan = await publish([CHARGE]);
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'pay');
    refunding = () => new Promise(() => undefined);
    await stage.ask({ plan, saga: 's1' }, 'pay');
    await until(() => calls.length === 1, 'the first attempt');
    await stage.world.advance(1000);
    await climb();
    await until(() => calls.length === 2, 'the second attempt');
    await stage.world.advance(1000);
    expect((await stage.ended('s1', 'pay', 2)).data).toMatchObject({ error: { code: 'TIME_LIMIT' } });
  });

  test('asked only how a step ended, says its end again, or refuses it from now on', async () => {
    const plan = await publish([TAKE, { id: 'send', action: 'ship', dependencies: ['hold'] }]);
    const type = stepEndRequested.type;
    await stage.begin(plan, 's1');
    const end = await stage.ended('s1', 'hold');
    await stage.ended('s1', 'send');
    await stage.ask({ plan, saga: 's1' }, 'hold', { type });
    expect(await stage.ended('s1', 'hold', 2)).toEqual(end);
    await stage.ask({ plan, saga: 's2' }, 'send', { type });
    expect((await stage.ended('s2', 'send')).type).toBe(stepNothingToUndo.type);
    await stage.begin(plan, 's2');
    await stage.ended('s2', 'hold');
    await stage.quiet('shop');
    expect(types('s2', 'send')).toEqual([stepNothingToUndo.type]);
  });

  test('says nothing of a technical failure that comes after the fence', async () => {
    const plan = await publish([{ ...TAKE, input: { amount: 3, item: 'input.item' } }]);
    await stage.ask({ plan, saga: 's1' }, 'hold');
    await stage.ended('s1', 'hold');
    await stage.begin(plan, 's1', { item: 'other' });
    await stage.quiet('shop');
    expect(types('s1', 'hold')).not.toContain(stepFailed.type);
  });

  test('leaves alone what is not its own, and buries what has no effect', async () => {
    const plan = await publish([TAKE, { id: 'thought', action: 'think' }]);
    await stage.ask({ plan, saga: 's1' }, 'thought');
    await until(() => stage.dead.length === 1, 'it is buried');
    expect(stage.dead[0]?.data).toMatchObject({ error: { code: 'NOTHING_TO_UNDO' } });
    await stage.ask(
      { plan: { ...plan, steps: [{ ...plan.steps[0]!, id: 'stranger' }] }, saga: 's1' },
      'stranger',
    );
    await stage.quiet('shop');
    expect(stage.tracked).toEqual([]);
  });
});
