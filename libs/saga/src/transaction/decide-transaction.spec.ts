import { foldTransaction, transactionEntries } from './transaction-row';
import { transactionMessages } from './transaction-messages';
import type { TransactionState } from './transaction-state';
import { NO_GAP } from '../machine/gap-since';
import { transactionDueAt } from './transaction-timers';
import {
  ack,
  ask,
  ALL,
  begin,
  fence,
  prepared,
  TIMER,
  ToldTransaction,
  vote,
} from '../testing/told-transaction';

describe('a transaction', () => {
  test('asks all branches to prepare, with their inputs and how long it waits', () => {
    const told = new ToldTransaction().when(begin());
    expect(told.saidFrom()).toEqual(ALL.map((id) => `transaction.prepare-requested ${id}`));
    expect(told.said[0]).toMatchObject({
      event: {
        correlationid: 's1',
        aurastep: 'reserve',
        data: { transaction: 's1/1/reserve/1', action: 'hold-money', input: { of: 'money' }, waitMs: 5000 },
      },
      to: [{ key: 'ai.aura.transaction.prepare-requested.v1.money-service' }],
    });
    expect(transactionDueAt(told.state as TransactionState, NO_GAP)).toBe(6000);
  });

  test('is committed by the last yes, in the journal before anybody hears of it', () => {
    const told = prepared();
    const before = told.said.length;
    expect(told.status).toBe('preparing');
    told.when(vote('outfit'));
    expect(told.status).toBe('committing');
    expect(told.kinds.slice(-2)).toEqual(['voted', 'committed']);
    expect(told.saidFrom(before)).toEqual([
      'transaction.committed',
      ...ALL.map((id) => `transaction.commit-requested ${id}`),
    ]);
  });

  test('ends its step when every branch has acknowledged, with the outputs of all', () => {
    const told = prepared().when(vote('outfit')).when(ack('money'), ack('stock'));
    const before = told.said.length;
    told.when(ack('outfit'));
    expect(told.status).toBe('committed');
    expect(told.said.slice(before)).toMatchObject([
      {
        event: {
          type: 'ai.aura.step.completed.v1',
          id: 'tx/s1/1/reserve/1/completed',
          source: '/aura/coordinator/transactions',
          data: {
            output: { money: { held: 'money' }, stock: { held: 'stock' }, outfit: { held: 'outfit' } },
          },
        },
        to: [{ queue: 'aura.tracker.3' }],
      },
    ]);
    expect(transactionDueAt(told.state as TransactionState, NO_GAP)).toBeUndefined();
  });

  test('does not wait for the acknowledgement of who changes nothing', () => {
    const told = new ToldTransaction().when(begin()).when(...ALL.map((id) => vote(id, 'read-only')));
    expect(told.status).toBe('committed');
    expect(told.saidFrom(3)).toEqual(['transaction.committed', 'step.completed']);
  });

  test('is aborted by a no: whoever may hold something is told, and its step fails with the reason', () => {
    const told = new ToldTransaction().when(begin()).when(vote('money'));
    const before = told.said.length;
    told.when(vote('stock', 'no'));
    expect(told.status).toBe('aborting');
    expect(told.saidFrom(before)).toEqual([
      'transaction.aborted',
      'transaction.abort-requested money',
      'transaction.abort-requested outfit',
      'step.failed',
    ]);
    expect(told.said.at(-1)?.event.data).toMatchObject({
      error: { kind: 'business', code: 'OUT_OF_STOCK', message: 'branch stock: none left' },
    });
    told.when(ack('money', 'aborted'), ack('outfit', 'aborted'));
    expect(told.status).toBe('aborted');
  });

  test('is aborted by a no without a reason, and says who gave none', () => {
    const told = new ToldTransaction()
      .when(begin())
      .when({ kind: 'vote', branch: 'stock', vote: 'no', held: [] });
    expect(told.state?.error).toEqual({
      kind: 'technical',
      code: 'VOTED_NO',
      message: 'branch stock at stock-service voted no and gave no reason',
    });
  });

  test('is aborted when somebody has not voted in time, and not a moment before', () => {
    const told = prepared().after(4999).when(TIMER);
    expect(told.status).toBe('preparing');
    told.after(1).when(TIMER);
    expect(told.state?.error).toMatchObject({ code: 'PREPARE_TIMEOUT' });
    expect(told.state?.error?.message).toBe('nobody voted for outfit at outfit-service within 5000 ms');
  });

  test('does not count the time in which there was no coordinator that could have heard a vote', () => {
    const told = prepared().after(60_000);
    told.gapSince = (since) => (since === 1000 ? 57_000 : 0);
    told.when(TIMER);
    expect(told.status).toBe('preparing');
    told.after(1999).when(TIMER);
    expect(told.status).toBe('preparing');
    told.after(1).when(TIMER);
    expect(told.state?.error).toMatchObject({ code: 'PREPARE_TIMEOUT' });
  });

  test('hears no vote behind its decision, and no acknowledgement of another one', () => {
    const told = new ToldTransaction().when(begin()).when(vote('stock', 'no'));
    const rows = told.rows.length;
    told.when(vote('money'), ack('money', 'committed'));
    expect(told.rows).toHaveLength(rows);
    expect(told.state?.branches.find(({ id }) => id === 'money')?.vote).toBeUndefined();
  });

  test('commits what has every yes, even where the last one comes behind the deadline: nothing had been decided', () => {
    const told = prepared().after(60_000).when(vote('outfit'));
    expect(told.status).toBe('committing');
  });

  test('whoever asks behind the deadline gets a decision', () => {
    const told = prepared().when(ask('money'));
    expect(told.status).toBe('preparing');
    told.after(5000).when(ask('money'));
    expect(told.status).toBe('aborting');
  });

  test('asked for by a branch before anybody began it, is recorded as aborted, and is not begun any more', () => {
    const told = new ToldTransaction().when(ask('money'));
    expect(told.kinds).toEqual(['opened', 'aborted']);
    expect(told.saidFrom()).toEqual([]);
    told.when(begin(), vote('money'), vote('stock'), vote('outfit'));
    expect(told.status).toBe('aborted');
    expect(told.rows).toHaveLength(1);
  });

  test('is followed by the next one when it was aborted for a technical reason, and only then', () => {
    const timedOut = new ToldTransaction().when(begin(2)).after(5000).when(TIMER);
    expect(timedOut.state?.isFollowed).toBe(true);
    expect(timedOut.saidFrom().at(-1)).toBe('transaction.begin-requested');
    expect(timedOut.saidFrom()).not.toContain('step.failed');
    expect(timedOut.said.at(-1)?.event.data).toMatchObject({ transaction: 's1/1/reserve/2' });
    const refused = new ToldTransaction().when(begin(2)).when(vote('money', 'no'));
    expect(refused.state?.isFollowed).toBeUndefined();
    expect(refused.saidFrom()).toContain('step.failed');
    const last = new ToldTransaction(2).when(begin(2)).after(5000).when(TIMER);
    expect(last.saidFrom()).toContain('step.failed');
  });

  test('reminds those who have not done what was decided, with growing waits, and tells when it is in doubt', () => {
    const told = prepared().when(vote('outfit')).when(ack('money'));
    const before = told.said.length;
    const dues: number[] = [];
    for (let round = 0; round < 6; round++) {
      const due = transactionDueAt(told.state as TransactionState, NO_GAP) as number;
      dues.push(due - told.now);
      told.after(due - told.now).when(TIMER);
    }
    expect(dues).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    const said = told.saidFrom(before);
    expect(said.filter((text) => text === 'transaction.in-doubt')).toHaveLength(1);
    expect(said.filter((text) => text === 'transaction.commit-requested stock')).toHaveLength(6);
    expect(said).not.toContain('transaction.commit-requested money');
    expect(new Set(told.said.map(({ event }) => event.id)).size).toBe(told.said.length);
  });

  test('reminds in time where the clock was set back since it had told, and no later for time that was lost', () => {
    const told = prepared().when(vote('outfit')).when(ack('money'));
    const toldAt = told.now;
    const dueIn = (lost: number): number =>
      (transactionDueAt(told.state as TransactionState, () => lost) ?? 0) - toldAt;
    expect([dueIn(-3_600_000), dueIn(0), dueIn(40_000)]).toEqual([5000 - 3_600_000, 5000, 5000]);
  });

  test('is the same when it is folded again, and its rows say the same again', () => {
    const told = prepared()
      .when(vote('outfit'))
      .when(ack('stock'), ack('money'), ack('outfit'))
      .when(fence());
    const states = foldTransaction(told.rows);
    expect(states.at(-1)).toEqual(told.state);
    const again = told.rows.flatMap((row, n) =>
      transactionMessages(states[n] as TransactionState, { entries: transactionEntries(row), at: row.at }),
    );
    expect(again).toEqual(told.said);
  });

  test('a journal that does not begin with its opening is refused', () => {
    const row = { stream: 'tx/x', seq: 1, at: 0, operations: [], body: '[{"kind":"committed"}]' };
    expect(() => foldTransaction([row])).toThrow('does not begin with its opening');
  });
});
