import { ack, ALL, fence, prepared, undone, vote } from '../testing/told-transaction';
import type { ToldTransaction } from '../testing/told-transaction';
import { NO_GAP } from '../machine/gap-since';
import { transactionStanding } from './transaction-standing';
import type { TransactionState } from './transaction-state';

const standing = ({ state }: ToldTransaction) => transactionStanding(state as TransactionState, NO_GAP);
const committed = () =>
  prepared()
    .when(vote('outfit'))
    .when(...ALL.map((id) => ack(id)));

describe('a transaction that has not ended', () => {
  test('says which votes it waits for, until when, and that the coordinator acts then', () => {
    expect(standing(prepared())).toEqual({
      kind: 'transaction',
      id: 's1/1/reserve/1',
      waitingFor: 'outfit at outfit-service',
      until: '1970-01-01T00:00:06.000Z',
      owner: 'coordinator',
      why:
        'Transaction s1/1/reserve/1 (reserve_look) is preparing and waits for outfit at outfit-service; ' +
        'at 1970-01-01T00:00:06.000Z it is aborted, unless all have voted yes by then.',
    });
  });

  test('says who has not done what was decided, and when he is told again', () => {
    const told = prepared().when(vote('outfit')).when(ack('money')).after(2000).when(ack('stock'));
    expect(standing(told)).toMatchObject({
      waitingFor: 'outfit at outfit-service',
      until: '1970-01-01T00:00:06.000Z',
      why: expect.stringMatching(
        /; at 1970-01-01T00:00:06.000Z who is waited for is told again that it is committed\.$/,
      ),
    });
  });

  test('says whose undo it waits for', () => {
    expect(standing(committed().after(1000).when(fence()))).toMatchObject({
      waitingFor: 'outfit at outfit-service',
      until: '1970-01-01T00:01:02.000Z',
    });
  });

  test('waits for a person for a day where an undo has failed', () => {
    const told = committed().after(1000).when(fence()).when(undone('outfit', 'failed'));
    expect(standing(told)).toMatchObject({
      waitingFor: 'a person',
      until: '1970-01-02T00:00:02.000Z',
      owner: 'operators',
      why: expect.stringMatching(
        /is undo_failed; a person mends its saga: `aura sagas retry\|skip\|resolve`\.$/,
      ),
    });
  });

  test('is none once it has ended', () => {
    expect(standing(committed())).toBeUndefined();
    expect(
      standing(
        prepared()
          .when(fence())
          .when(...ALL.map((id) => ack(id, 'aborted'))),
      ),
    ).toBeUndefined();
  });
});
