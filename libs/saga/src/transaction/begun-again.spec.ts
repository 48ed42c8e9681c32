import {
  ack,
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
  vote,
} from '../testing/told-transaction';
import type { TransactionInput } from './transaction-input';

describe('a transaction that is begun by a saga older than the incarnation', () => {
  const begun = (lastN = 1) => forgotten().when(begin(lastN));

  test('is decided as any other by votes that are given only now', () => {
    expect(
      begun()
        .when(...ALL.map((id) => fresh(id)))
        .when().status,
    ).toBe('committing');
    expect(begun().when(fresh('money', 'no')).status).toBe('aborting');
  });

  test.each<[string, TransactionInput[]]>([
    ['nobody votes in time', [TIMER]],
    ['its saga gives it up', [fence()]],
    ['all have voted before', ALL.map((id) => old(id))],
    ['a branch asks that was prepared before', [ask('money', 'made')]],
  ])('is unknown when %s', (_what, inputs) => {
    const told = begun()
      .after(6000)
      .when(...inputs);
    expect(told.status).toBe('unknown');
  });

  test('is aborted where one branch votes only now, although others had before; the next one may follow', () => {
    const told = begun(2).when(old('money'), fresh('stock'));
    expect(told.state).toMatchObject({
      status: 'aborting',
      isFollowed: true,
      error: { code: 'NOT_COMMITTED_BEFORE', message: expect.stringContaining('branch stock') as string },
    });
  });

  test('is not followed where its saga gave it up', () => {
    const told = begun(2).when(old('money'), fresh('stock'), fence());
    expect(told.state).toMatchObject({ status: 'aborting', fence: { answer: 'nothing' } });
    expect(told.state?.isFollowed).toBeUndefined();
  });

  test('is committed when a branch has applied it, whatever others voted', () => {
    expect(begun().when(old('money'), ack('stock')).status).toBe('committing');
  });
});

test('that a young saga begins behind the restore takes the vote of a participant that names no incarnation', () => {
  const told = restored(new ToldTransaction()).when(begin());
  expect(told.when(...ALL.map((id) => vote(id))).status).toBe('committing');
});

test('where nothing can have been lost nobody is believed who has heard a decision before it stands', () => {
  expect(prepared().when(ack('money')).status).toBe('preparing');
});
