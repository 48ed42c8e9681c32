import {
  ack,
  ACTOR,
  ALL,
  ask,
  begin,
  fence,
  forgotten,
  fresh,
  old,
  prepared,
  restored,
  TIMER,
  ToldTransaction,
  undone,
  vote,
} from '../testing/told-transaction';
import { foldTransaction } from './transaction-row';
import type { TransactionInput } from './transaction-input';

const byHand = (decision: 'committed' | 'aborted'): TransactionInput => ({
  kind: 'decide',
  decision,
  actor: ACTOR,
  note: 'seen in the books',
});

describe('a transaction that stood undecided when the store was set back', () => {
  test.each<[string, TransactionInput[]]>([
    ['its deadline', [TIMER]],
    ['the vote that was missing, given before', [old('outfit')]],
    ['a question of a branch', [ask('money', 'made')]],
    ['a fence of its saga', [fence()]],
    ['nothing at all', []],
  ])('is unknown, and never decided by %s', (_what, inputs) => {
    const told = restored(prepared())
      .after(6000)
      .when(...inputs);
    expect(told.status).toBe('unknown');
    expect(told.kinds).not.toContain('aborted');
    expect(told.kinds).not.toContain('committed');
    expect(told.after(60_000).when(TIMER).status).toBe('unknown');
    expect(foldTransaction(told.rows).at(-1)).toEqual(told.state);
  });

  test('says so once, and asks every branch again what stands there, in the name of the new incarnation', () => {
    const told = prepared();
    const from = told.said.length;
    restored(told).when(TIMER).when(TIMER);
    expect(told.saidFrom(from)).toEqual([
      'transaction.unknown',
      ...ALL.map((id) => `transaction.prepare-requested ${id}`),
    ]);
    expect(told.said.slice(from).map(({ event }) => event.data)).toMatchObject([
      { incarnation: 'restored', transaction: 's1/1/reserve/1', branches: ALL },
      ...ALL.map((id) => ({ incarnation: 'restored', input: { of: id }, waitMs: 5000 })),
    ]);
  });

  test('is committed when a branch says that it has applied it: that was decided', () => {
    const told = restored(prepared()).when(ack('money'));
    expect(told.kinds.slice(-2)).toEqual(['heard', 'committed']);
    expect(told.saidFrom(-3)).toEqual(ALL.map((id) => `transaction.commit-requested ${id}`));
    told.when(...ALL.map((id) => ack(id)));
    expect(told.status).toBe('committed');
  });

  test('has the outputs of all who had applied it, also of those whose votes it had lost', () => {
    const told = restored(new ToldTransaction().when(begin()));
    for (const id of ALL) told.when(old(id)).when(ack(id));
    // Who proved it is asked as all are, and says it again.
    told.when(ack('money'));
    expect(told.status).toBe('committed');
    expect(told.said.at(-1)?.event.data).toEqual({
      output: Object.fromEntries(ALL.map((id) => [id, { held: id }])),
    });
    expect(foldTransaction(told.rows).at(-1)).toEqual(told.state);
    const refusing = restored(prepared()).when(ack('money'));
    const before = refusing.rows.length;
    expect(refusing.when(old('outfit', 'no')).rows).toHaveLength(before);
  });

  test('has the output of a branch whose acknowledgement overtakes the vote that was lost', () => {
    const told = restored(new ToldTransaction().when(begin())).when(ack('stock'));
    expect(told.kinds.slice(-2)).toEqual(['heard', 'committed']);
    for (const id of ALL) told.when(ack(id));
    expect(told.status).toBe('committed');
    expect(told.said.at(-1)?.event.data).toEqual({
      output: Object.fromEntries(ALL.map((id) => [id, { held: id }])),
    });
    const before = told.rows.length;
    expect(told.when(...ALL.map((id) => old(id))).rows).toHaveLength(before);
    expect(foldTransaction(told.rows).at(-1)).toEqual(told.state);
  });

  describe.each([
    ['yes, given before', old('outfit')],
    ['yes, given only now', fresh('outfit')],
    ['yes, by who names no incarnation', vote('outfit')],
    ['that it changes nothing', old('outfit', 'read-only')],
    ['no', old('outfit', 'no')],
  ])('is not changed by a vote behind an acknowledgement that proves it: %s', (_what, late) => {
    test.each(['committed', 'aborted'] as const)('%s', (decision) => {
      const proof = ack('money', decision);
      const apart = restored(new ToldTransaction().when(begin())).when(proof).when(late);
      const together = restored(new ToldTransaction().when(begin())).when(proof, late);
      expect(together.state).toEqual(apart.state);
      expect(apart.kinds.slice(-2)).toEqual(['heard', decision]);
      // Whose vote was lost is told what was decided, and says then what it answers.
      const request = decision === 'committed' ? 'commit-requested' : 'abort-requested';
      expect(together.saidFrom()).toContain(`transaction.${request} outfit`);
      for (const id of ALL) together.when(ack(id, decision));
      expect(together.status).toBe(decision);
      if (decision === 'committed')
        expect(together.said.at(-1)?.event.data).toMatchObject({ output: { outfit: { held: 'outfit' } } });
    });
  });

  test('is aborted when a branch says that it was told so: no next transaction is lost by that', () => {
    const told = new ToldTransaction().when(begin(2), vote('money'));
    restored(told).when(ack('stock', 'aborted'));
    expect(told.state).toMatchObject({
      status: 'aborting',
      isFollowed: true,
      error: {
        code: 'ABORTED_BEFORE',
        message: 'branch stock at stock-service was told so before the store was restored',
      },
    });
  });

  test('is aborted by a branch that votes only now: without its vote nothing was committed', () => {
    const told = restored(prepared()).when(fresh('outfit'));
    expect(told.state).toMatchObject({ status: 'aborting', error: { code: 'NOT_COMMITTED_BEFORE' } });
  });

  test('is aborted by a no, whenever it was said', () => {
    expect(restored(prepared()).when(old('outfit', 'no')).state).toMatchObject({
      status: 'aborting',
      error: { code: 'OUT_OF_STOCK' },
    });
  });

  test('takes no proof for news twice, nor from a branch that is none', () => {
    const told = restored(prepared()).when(TIMER);
    const before = told.rows.length;
    told.when(ack('nobody'), old('money'), ask('stock', 'made'));
    expect(told.rows).toHaveLength(before);
  });

  test('is decided by a person, whose word and name stand in its journal', () => {
    const told = restored(prepared()).when(old('outfit'));
    const from = told.said.length;
    told.when(byHand('committed'));
    expect(told.kinds.slice(-2)).toEqual(['settled', 'committed']);
    expect(told.saidFrom(from)).toEqual([
      'transaction.settled-by-hand',
      'transaction.committed',
      ...ALL.map((id) => `transaction.commit-requested ${id}`),
    ]);
    told.when(...ALL.map((id) => ack(id)));
    expect(told.status).toBe('committed');
    expect(told.said.at(-1)?.event.data).toEqual({
      output: Object.fromEntries(ALL.map((id) => [id, { held: id }])),
    });
  });

  test('is not committed by a person while a vote is missing, but can be aborted', () => {
    const told = restored(prepared()).when(TIMER);
    expect(told.when(byHand('committed')).status).toBe('unknown');
    told.when(byHand('aborted'));
    expect(told.state).toMatchObject({ status: 'aborting', error: { code: 'ABORTED_BY_HAND' } });
    told.when(...ALL.map((id) => ack(id, 'aborted')));
    expect(told.status).toBe('aborted');
    expect(told.kinds.filter((kind) => kind === 'settled')).toHaveLength(1);
  });

  test('answers its saga, which gave it up meanwhile, only once it is decided', () => {
    const told = restored(prepared()).when(old('outfit'), fence());
    expect(told.kinds).not.toContain('answered');
    told.when(byHand('committed')).when(...ALL.map((id) => ack(id)));
    expect(told.status).toBe('undoing');
    for (const id of [...ALL].reverse()) told.when(undone(id));
    expect(told.status).toBe('undone');
    const aborted = restored(prepared()).when(fence()).when(byHand('aborted'));
    expect(aborted.kinds.slice(-2)).toEqual(['aborted', 'answered']);
  });

  test('is not touched where it was decided before: the store had not lost that', () => {
    const told = prepared().when(vote('outfit'));
    restored(told).when(TIMER, ...ALL.map((id) => ack(id)));
    expect(told.status).toBe('committed');
    expect(told.kinds).not.toContain('unknown');
  });
});

describe('a transaction that the store has no record of', () => {
  const asked = () => restored(new ToldTransaction()).when(ask('money', 'made'), ask('stock', 'made'));

  test('is aborted when it was asked for by the very incarnation that knows nothing of it', () => {
    const told = restored(new ToldTransaction()).when(ask('money', 'restored'));
    expect(told.kinds).toEqual(['opened', 'aborted']);
  });

  test('is unknown when a branch asks that another incarnation had asked to prepare; who asks is prepared', () => {
    const told = asked();
    expect(told.kinds).toEqual(['opened', 'unknown', 'asked', 'asked']);
    expect(told.state).toMatchObject({
      status: 'unknown',
      branches: [
        { id: 'money', participant: 'money-service', vote: 'yes', held: [{ type: 'thing', id: 'money' }] },
        { id: 'stock', vote: 'yes', isOldVote: true },
      ],
    });
    expect(told.saidFrom()).toEqual(['transaction.unknown']);
  });

  test('is unknown when a store that was lost altogether is asked: it is another one', () => {
    const told = new ToldTransaction();
    told.incarnation = { id: 'made anew', isFirst: true };
    expect(told.when(ask('money', 'made')).status).toBe('unknown');
  });

  test('takes a question without incarnation for one of the first', () => {
    expect(new ToldTransaction().when(ask('money')).kinds).toEqual(['opened', 'aborted']);
    expect(restored(new ToldTransaction()).when(ask('money')).status).toBe('unknown');
  });

  test.each(['committed', 'aborted'] as const)(
    'is %s by a person: whoever asked is told, and no step is, because none has begun it',
    (decision) => {
      const told = asked();
      const from = told.said.length;
      told.when(byHand(decision)).when(ack('money', decision), ack('stock', decision));
      const what = decision === 'committed' ? 'commit' : 'abort';
      expect(told.saidFrom(from)).toEqual([
        'transaction.settled-by-hand',
        `transaction.${decision}`,
        `transaction.${what}-requested money`,
        `transaction.${what}-requested stock`,
      ]);
      expect(told.status).toBe(decision);
    },
  );

  test('is not committed by a person while no branch is known, as where only its saga gave it up', () => {
    const told = forgotten().when(fence());
    expect(told.kinds).toEqual(['opened', 'unknown', 'fenced']);
    expect(told.when(byHand('committed')).status).toBe('unknown');
    expect(told.when(byHand('aborted')).kinds.slice(-2)).toEqual(['aborted', 'answered']);
  });

  test('keeps what branches said when its step is reached, and asks all of them for their outputs', () => {
    const told = asked();
    const from = told.said.length;
    told.when(begin());
    expect(told.saidFrom(from)).toEqual(ALL.map((id) => `transaction.prepare-requested ${id}`));
    expect(told.state?.branches).toMatchObject([
      { id: 'money', action: 'hold-money', input: { of: 'money' }, vote: 'yes' },
      { id: 'stock', vote: 'yes' },
      { id: 'outfit' },
    ]);
    told.when(...ALL.map((id) => old(id)));
    expect(told.status).toBe('unknown');
    told.when(byHand('committed')).when(...ALL.map((id) => ack(id)));
    expect(told.said.at(-1)?.event.data).toMatchObject({ output: { money: { held: 'money' } } });
  });

  test('that a person committed before its step was reached is told to the others, and ends the step', () => {
    const told = asked().when(byHand('committed')).when(ack('money'), ack('stock'));
    const from = told.said.length;
    told.when(begin());
    expect(told.status).toBe('committing');
    expect(told.saidFrom(from)).toEqual(['transaction.commit-requested outfit']);
    told.when(ack('outfit'));
    expect(told.saidFrom(from).at(-1)).toBe('step.completed');
    expect(told.said.at(-1)?.event.data).toEqual({
      output: Object.fromEntries(ALL.map((id) => [id, { held: id }])),
    });
    const all = restored(new ToldTransaction())
      .when(...ALL.map((id) => ask(id, 'made')))
      .when(byHand('committed'))
      .when(...ALL.map((id) => ack(id)));
    expect(all.when(begin()).saidFrom(-1)).toEqual(['step.completed']);
  });

  test('is not begun behind a fence, nor where a person aborted it', () => {
    expect(forgotten().when(fence()).when(begin()).kinds).not.toContain('begun');
    expect(asked().when(byHand('aborted')).when(begin()).kinds).not.toContain('begun');
  });
});
