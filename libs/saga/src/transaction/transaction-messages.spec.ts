import {
  ack,
  ALL,
  begin,
  fence,
  NO,
  prepared,
  TIMER,
  ToldTransaction,
  undone,
  vote,
} from '../testing/told-transaction';
import { completedMessage, decisionAnswer, failedMessage, fenceAnswerMessage } from './transaction-messages';
import type { TransactionInput } from './transaction-input';
import type { TransactionState } from './transaction-state';

function stateOf({ state }: ToldTransaction): TransactionState {
  if (state === undefined) throw new Error('nobody has begun it');
  return state;
}

const committed = () =>
  prepared()
    .when(vote('outfit'))
    .when(...ALL.map((id) => ack(id)));
const refused = () => new ToldTransaction().when(begin()).when(vote('stock', 'no'));

describe('what a transaction says', () => {
  test('of its end is the same event when it is made again, however late', () => {
    const told = committed();
    const said = told.said.at(-1);
    expect(completedMessage(stateOf(told))).toEqual(said);
    told.after(60_000).when(fence('ask'));
    expect(completedMessage(stateOf(told)).event.id).toBe(said?.event.id);
  });

  test('of its failure is the same event when it is made again, with the reason', () => {
    const told = refused();
    const said = told.said.at(-1);
    expect(failedMessage(stateOf(told))).toEqual(said);
    expect(said?.event.data).toMatchObject({ error: { code: 'OUT_OF_STOCK' }, attempts: 1 });
  });

  test('of its failure names what could not be handled, as often as it is made', () => {
    const dead = { ...vote('stock', 'no'), deadLetterId: 'dead/stock/1' } as TransactionInput;
    const told = new ToldTransaction().when(begin()).when(dead);
    const said = told.said.at(-1);
    expect(said?.event.data).toMatchObject({ error: { code: 'OUT_OF_STOCK' }, deadLetterId: 'dead/stock/1' });
    expect(failedMessage(stateOf(told))).toEqual(said);
  });

  test('of a branch without output is null: its saga gets one output of each branch', () => {
    const told = prepared()
      .when({ kind: 'vote', branch: 'outfit', vote: 'read-only', held: [] })
      .when(ack('money'), ack('stock'));
    expect(told.said.at(-1)?.event.data).toEqual({
      output: { money: { held: 'money' }, stock: { held: 'stock' }, outfit: null },
    });
  });

  test('carries the trace and the person of its step on every message', () => {
    const told = new ToldTransaction(1, {
      userId: 'anna',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
    told.when(begin()).when(...ALL.map((id) => vote(id)));
    expect(told.said.length).toBeGreaterThan(ALL.length);
    for (const { event } of told.said)
      expect(event).toMatchObject({ subject: 'anna', traceparent: expect.stringContaining('aaaa') });
  });

  test.each([
    ['commit', committed, 'commit-requested'],
    ['abort', refused, 'abort-requested'],
  ] as const)('to a branch that asks for the decision is to %s, and names its asking', (what, told, type) => {
    const asked = { id: 'asked/1', branch: 'money', participant: 'money-service', nowMs: 9000 };
    expect(decisionAnswer(stateOf(told()), asked)).toMatchObject({
      event: {
        id: expect.stringMatching(new RegExp(`^asked/1/answer/${what}`)) as string,
        type: `ai.aura.transaction.${type}.v1`,
        time: '1970-01-01T00:00:09.000Z',
        data: { transaction: 's1/1/reserve/1', branch: 'money' },
      },
      to: [{ key: `ai.aura.transaction.${type}.v1.money-service` }],
    });
  });

  test('to a fence is said once more with the same id, and nothing before it is known', () => {
    const asked = prepared().when(vote('outfit')).when(fence());
    expect(fenceAnswerMessage(stateOf(asked))).toBeUndefined();
    expect(fenceAnswerMessage(stateOf(committed()))).toBeUndefined();
    const told = refused().when(fence('undo', 4));
    const said = told.said.at(-1)?.event;
    expect(said).toMatchObject({ type: 'ai.aura.step.nothing-to-undo.v1', auraepoch: 4 });
    expect(fenceAnswerMessage(stateOf(told))?.event).toMatchObject({ id: said?.id, type: said?.type });
  });

  test('to a fence keeps why the undo failed when it is said once more', () => {
    const dead = { ...undone('outfit', 'failed'), deadLetterId: 'dead/outfit/1' } as TransactionInput;
    const told = committed().when(fence()).when(dead);
    expect(told.said.at(-1)?.event.data).toMatchObject({ error: NO, deadLetterId: 'dead/outfit/1' });
    expect(fenceAnswerMessage(stateOf(told))?.event.data).toEqual(told.said.at(-1)?.event.data);
  });

  test('asks a branch for its undo with the reason for which its saga was given up', () => {
    const told = committed().when(fence());
    expect(told.said.at(-1)?.event).toMatchObject({
      type: 'ai.aura.transaction.undo-requested.v1',
      auraepoch: 1,
      data: { branch: 'outfit', error: { code: 'NO', message: 'given up' } },
    });
  });

  test('reminds of an abort as of a commit, each time as a message of its own', () => {
    const told = refused();
    const before = told.said.length;
    told.after(5000).when(TIMER).after(10_000).when(TIMER);
    expect(told.saidFrom(before)).toEqual([
      'transaction.abort-requested money',
      'transaction.abort-requested outfit',
      'transaction.abort-requested money',
      'transaction.abort-requested outfit',
      'transaction.in-doubt',
    ]);
    expect(told.said.at(-1)?.event.data).toMatchObject({ waitsFor: ['money', 'outfit'] });
    expect(new Set(told.said.map(({ event }) => event.id)).size).toBe(told.said.length);
  });
});
