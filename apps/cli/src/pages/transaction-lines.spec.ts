import { transactionLine, transactionLines } from './transaction-lines';

const summary = {
  transaction: 's1/1/reserve/1',
  sagaId: 's1',
  step: 'reserve',
  definition: 'reserve_look',
  status: 'committing' as const,
  startedAt: '2030-01-01T00:00:00.000Z',
  ageMs: 61_200,
  waitsFor: ['money at bank'],
};

describe('the lines of a transaction', () => {
  it('say on the board who is waited for', () => {
    expect(transactionLine(summary)).toBe(
      's1/1/reserve/1  reserve_look  committing  61.2 s, waits for money at bank',
    );
    expect(transactionLine({ ...summary, waitsFor: [] })).toBe(
      's1/1/reserve/1  reserve_look  committing  61.2 s',
    );
  });

  it('say of each branch how it voted, what it holds, and who answered for it', () => {
    const lines = transactionLines({
      ...summary,
      run: 1,
      n: 1,
      why: 'It waits.',
      next: 'It is told again.',
      branches: [
        {
          id: 'money',
          participant: 'bank',
          action: 'hold',
          vote: 'yes',
          held: [{ type: 'account', id: 'a' }],
          done: false,
        },
        {
          id: 'stock',
          participant: 'shop',
          action: 'hold',
          held: [],
          done: true,
          byHand: { by: 'ada', note: 'seen' },
        },
        {
          id: 'outfit',
          participant: 'closet',
          action: 'save',
          vote: 'no',
          held: [],
          done: true,
          error: { kind: 'business', code: 'NO', message: 'full' },
          deadLetterId: 'dead/q/1',
          undo: 'undone',
        },
      ],
    });
    expect(lines).toEqual([
      'It waits.',
      '  money  hold at bank: voted yes; holds account/a',
      '  stock  hold at shop: no vote yet; done; by hand of ada: seen',
      "  outfit  save at closet: voted no; full; dead letter, see aura why 'dead/q/1'; done; undo undone",
      'next  It is told again.',
    ]);
  });
});
