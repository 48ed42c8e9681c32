import type { CloudEvent, JsonObject } from '@aura/contracts';
import { isAboutTransaction, transactionDelivery } from './transaction-delivery';

const BRANCH = { transaction: 's1/1/reserve/1', branch: 'stock' };
const ERROR = { kind: 'business', code: 'OUT_OF_STOCK', message: 'none left' };

function event(type: string, data: JsonObject, more: Partial<CloudEvent> = {}): CloudEvent {
  return {
    specversion: '1.0',
    id: 'told/1',
    source: '/aura/stock-service',
    type: `ai.aura.${type}.v1`,
    data,
    ...more,
  };
}

const named = (input: JsonObject) => ({ kind: 'named', transaction: 's1/1/reserve/1', input });

describe('a delivery about a transaction', () => {
  test.each<[string, CloudEvent, JsonObject]>([
    [
      'a yes, with what is held and what its action answers',
      event('transaction.voted', {
        ...BRANCH,
        vote: 'yes',
        output: { held: 2 },
        held: [{ type: 'stock', id: 'coat' }],
      }),
      named({
        kind: 'vote',
        branch: 'stock',
        vote: 'yes',
        output: { held: 2 },
        held: [{ type: 'stock', id: 'coat' }],
      }),
    ],
    [
      'a no, with its reason',
      event('transaction.voted', { ...BRANCH, vote: 'no', error: ERROR }),
      named({ kind: 'vote', branch: 'stock', vote: 'no', error: ERROR, held: [] }),
    ],
    [
      'an acknowledgement',
      event('transaction.acknowledged', { ...BRANCH, decision: 'aborted' }),
      named({ kind: 'acknowledge', branch: 'stock', decision: 'aborted' }),
    ],
    [
      'an acknowledgement of a commit, with what its action answers',
      event('transaction.acknowledged', { ...BRANCH, decision: 'committed', output: { held: 1 } }),
      named({ kind: 'acknowledge', branch: 'stock', decision: 'committed', output: { held: 1 } }),
    ],
    [
      'a question for the decision',
      event('transaction.decision-requested', BRANCH),
      named({ kind: 'ask', branch: 'stock', participant: 'stock-service', held: [] }),
    ],
    [
      'a vote that another incarnation of the store asked for',
      event('transaction.voted', { ...BRANCH, vote: 'read-only', incarnation: 'made' }),
      named({ kind: 'vote', branch: 'stock', vote: 'read-only', held: [], incarnation: 'made' }),
    ],
    [
      'a question for what another incarnation may have decided, with what is held',
      event('transaction.decision-requested', {
        ...BRANCH,
        held: [{ type: 'stock', id: 'coat' }],
        incarnation: 'made',
      }),
      named({
        kind: 'ask',
        branch: 'stock',
        participant: 'stock-service',
        held: [{ type: 'stock', id: 'coat' }],
        incarnation: 'made',
      }),
    ],
    [
      'a timer',
      event('transaction.timer-due', { transaction: BRANCH.transaction, until: 5000 }),
      named({ kind: 'timer' }),
    ],
    [
      'the answer to an undo; its epoch is the last part of its id, not that of the asking before it',
      event(
        'transaction.branch-undone',
        { ...BRANCH, effect: 'undone' },
        { id: 's1/1/reserve/1/stock/3', auraepoch: 1 },
      ),
      named({ kind: 'undone', branch: 'stock', epoch: 3, answer: 'undone' }),
    ],
    [
      'the answer to an undo whose id names no epoch, with that of the asking',
      event('transaction.branch-undone', { ...BRANCH, effect: 'nothing' }, { id: 'answer', auraepoch: 2 }),
      named({ kind: 'undone', branch: 'stock', epoch: 2, answer: 'nothing' }),
    ],
    [
      'an undo that failed, of the first epoch where none is said',
      event('transaction.branch-undo-failed', { ...BRANCH, error: ERROR, attempts: 3 }, { id: 'answer' }),
      named({ kind: 'undone', branch: 'stock', epoch: 1, answer: 'failed', error: ERROR }),
    ],
    [
      'a step that is to be undone, whatever its transaction is',
      event('step.undo-requested', { action: 'transaction', undo: 'transaction', error: ERROR }),
      { kind: 'fence', mode: 'undo', error: ERROR },
    ],
    [
      'a step that is asked how it ended',
      event('step.end-requested', { action: 'transaction', error: ERROR }),
      { kind: 'fence', mode: 'ask', error: ERROR },
    ],
  ])('is read: %s', (_what, told, expected) => {
    expect(isAboutTransaction(told)).toBe(true);
    expect(transactionDelivery(told)).toMatchObject(expected);
  });

  test('is nothing where it is news for others', () => {
    expect(transactionDelivery(event('transaction.committed', {}))).toBeUndefined();
    expect(isAboutTransaction(event('step.completed', {}))).toBe(false);
  });

  test('is refused with the event and the member where its data is broken, and says what to do', () => {
    const read = () => transactionDelivery(event('transaction.voted', { ...BRANCH, vote: 'perhaps' }));
    expect(read).toThrow(
      /the data of ai\.aura\.transaction\.voted\.v1 told\/1 is not what it should be[^]*vote/,
    );
    expect(read).toThrow(
      expect.objectContaining({ code: 'INVALID_EVENT_DATA', help: expect.stringContaining('same version') }),
    );
  });
});
