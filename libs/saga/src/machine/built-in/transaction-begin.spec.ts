import { transactionBeginRequested } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { completed, failed, SagaUnderTest, testPlan } from '../../testing';

const kim = { subject: 'kim', roles: ['operator'] };
const branches = ['left', 'right'].map((id) => ({ id, action: 'hold', input: {} }));

/** `all` is a transaction behind `a`; `b` beside them suspends the saga. */
const plan = testPlan([
  { id: 'a' },
  { id: 'b', failure: { policy: 'suspend' } },
  { id: 'all', type: 'transaction', transaction: { prepareTimeout: '5s', branches }, dependencies: ['a'] },
]);

function begun({ last }: SagaUnderTest): CloudEvent | undefined {
  return last.messages.find(({ event }) => event.type === transactionBeginRequested.type)?.event;
}

describe('the transaction of a step', () => {
  const stopped = new SagaUnderTest(plan).when([failed('b')], 10);
  const again = stopped.when([{ kind: 'rerun', from: 'b', actor: kim, reason: 'open again' }], 20);

  it('is of the run that its step belongs to, which a rerun beside it leaves as it is', () => {
    expect(again.state).toMatchObject({ status: 'running', run: 2 });
    const began = again.when([completed('a')], 30);
    expect(begun(began)).toMatchObject({ aurarun: 1, data: { transaction: 's1/1/all/1' } });
    const given = began.when([{ kind: 'cancel', actor: kim, reason: 'no' }], 40);
    expect(given.state.undoing?.items).toMatchObject([{ step: 'all', run: 1 }]);
  });
});
