import type { TransactionDetail } from '@aura/contracts';
import {
  ack,
  ACTOR,
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
import type { TransactionInput } from './transaction-input';
import { explainTransaction, transactionDetailOf, transactionSummaryOf } from './transaction-detail';
import type { TransactionState } from './transaction-state';

function stateOf({ state }: ToldTransaction): TransactionState {
  if (state === undefined) throw new Error('nobody has begun it');
  return state;
}

function shown(told: ToldTransaction, now = told.now): TransactionDetail {
  return transactionDetailOf(stateOf(told), { now, gapSince: told.gapSince });
}

const committing = () => prepared().when(vote('outfit'));
const committed = () => committing().when(...ALL.map((id) => ack(id)));

describe('a transaction, shown to a person,', () => {
  test('while votes are waited for: who has not voted, and until when', () => {
    const told = prepared();
    expect(shown(told, told.now + 1200)).toMatchObject({
      transaction: 's1/1/reserve/1',
      sagaId: 's1',
      step: 'reserve',
      definition: 'reserve_look',
      status: 'preparing',
      startedAt: '1970-01-01T00:00:01.000Z',
      ageMs: 1200,
      run: 1,
      n: 1,
      waitsFor: ['outfit at outfit-service'],
      why: 'Transaction s1/1/reserve/1 (reserve_look) is preparing and waits for outfit at outfit-service.',
      next: 'At 1970-01-01T00:00:06.000Z it is aborted, unless all have voted yes by then.',
    });
    expect(shown(told)).not.toHaveProperty('decidedAt');
    expect(shown(told).branches.map(({ id, vote: voted, done }) => [id, voted, done])).toEqual([
      ['money', 'yes', false],
      ['stock', 'yes', false],
      ['outfit', undefined, false],
    ]);
  });

  test('while it is committed: what is still held, and when who is waited for is told again', () => {
    const held = [{ type: 'budget', id: 'anna' }];
    const told = new ToldTransaction()
      .when(begin())
      .when({ kind: 'vote', branch: 'money', vote: 'yes', held }, vote('stock'), vote('outfit'));
    expect(shown(told).branches[0]).toMatchObject({ held, done: false });
    told.after(100).when(ack('stock'), ack('outfit'));
    expect(shown(told)).toMatchObject({
      status: 'committing',
      decidedAt: '1970-01-01T00:00:01.000Z',
      waitsFor: ['money at money-service'],
      next: 'At 1970-01-01T00:00:06.000Z who is waited for is told again that it is committed.',
    });
    told.when(ack('money'));
    expect(shown(told).branches[0]).toMatchObject({ held: [], done: true });
  });

  test('aborted for want of an answer: what could not be handled, of the branch and of the whole', () => {
    const dead = { ...vote('stock', 'no'), deadLetterId: 'dead/stock/1' } as TransactionInput;
    const told = new ToldTransaction().when(begin()).when(vote('money'), dead);
    expect(shown(told)).toMatchObject({
      deadLetterId: 'dead/stock/1',
      why:
        'Transaction s1/1/reserve/1 (reserve_look) is aborting because branch stock: none left (dead letter dead/stock/1) ' +
        'and waits for money at money-service, outfit at outfit-service.',
    });
    expect(shown(told).branches.map(({ deadLetterId }) => deadLetterId)).toEqual([
      undefined,
      'dead/stock/1',
      undefined,
    ]);
    const failed = committed()
      .when(fence())
      .when({ ...undone('outfit', 'failed'), deadLetterId: 'dead/outfit/1' } as TransactionInput);
    expect(shown(failed).branches[2]).toMatchObject({ undo: 'failed', deadLetterId: 'dead/outfit/1' });
    expect(shown(failed)).not.toHaveProperty('deadLetterId');
  });

  test('while it is aborted: the reason, and nobody who said no', () => {
    const told = new ToldTransaction().when(begin()).when(vote('money'), vote('stock', 'no'));
    expect(shown(told)).toMatchObject({
      status: 'aborting',
      error: { code: 'OUT_OF_STOCK' },
      waitsFor: ['money at money-service', 'outfit at outfit-service'],
      why:
        'Transaction s1/1/reserve/1 (reserve_look) is aborting because branch stock: none left ' +
        'and waits for money at money-service, outfit at outfit-service.',
      next: 'At 1970-01-01T00:00:06.000Z who is waited for is told again that it is aborted.',
    });
    expect(shown(told).branches[1]).toMatchObject({ vote: 'no', error: NO, held: [], done: true });
  });

  test('when it has ended: that nothing happens any more, and its age stands still', () => {
    const told = committed();
    expect(shown(told, told.now + 3_600_000)).toMatchObject({
      status: 'committed',
      ageMs: 0,
      endedAt: '1970-01-01T00:00:01.000Z',
      waitsFor: [],
      why: 'Transaction s1/1/reserve/1 (reserve_look) is committed.',
      next: 'Nothing: it has ended, and can be forgotten.',
    });
  });

  test('while its branches are undone: whose turn it is, and how the others answered', () => {
    const told = committed().when(fence()).when(undone('outfit'));
    expect(shown(told)).toMatchObject({
      status: 'undoing',
      waitsFor: ['stock at stock-service'],
      next: 'At 1970-01-01T00:01:01.000Z the undo is asked for again.',
    });
    expect(shown(told).branches.map(({ undo }) => undo)).toEqual([undefined, 'asked', 'undone']);
  });

  test('when an undo has failed: that a person mends its saga', () => {
    const told = committed().when(fence()).when(undone('outfit', 'failed'));
    expect(shown(told)).toMatchObject({
      status: 'undo_failed',
      waitsFor: [],
      next: 'A person mends its saga: `aura sagas retry|skip|resolve`.',
    });
  });

  test('when a person answered for branches: who, and why', () => {
    const told = committing().when({
      kind: 'decide',
      decision: 'committed',
      actor: ACTOR,
      note: 'seen in the books',
    });
    expect(shown(told).branches[0]?.byHand).toEqual({ by: 'ada', note: 'seen in the books' });
  });

  test('when a person has forgotten it: who did', () => {
    const told = committed().when({ kind: 'forget', actor: ACTOR });
    expect(transactionSummaryOf(stateOf(told), told.now).status).toBe('forgotten');
    expect(explainTransaction(stateOf(told))).toBe(
      'Transaction s1/1/reserve/1 (reserve_look) was forgotten by ada.',
    );
  });

  test('is never younger than nothing, whatever the clock of who looks says', () => {
    expect(transactionSummaryOf(stateOf(prepared()), 0).ageMs).toBe(0);
  });

  test('aborted behind its deadline names who kept silent, and ends when all have released', () => {
    const told = prepared().after(5000).when(TIMER);
    expect(explainTransaction(stateOf(told))).toContain(
      'because nobody voted for outfit at outfit-service within 5000 ms and waits for',
    );
    told.when(...ALL.map((id) => ack(id, 'aborted')));
    expect(explainTransaction(stateOf(told))).toBe(
      'Transaction s1/1/reserve/1 (reserve_look) is aborted because ' +
        'nobody voted for outfit at outfit-service within 5000 ms.',
    );
  });
});
