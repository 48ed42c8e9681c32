import { begunSaga, ended, testPlan, undoAnswer } from '../testing';
import { rerunPlanOf } from './rerun';

const kim = { subject: 'kim', roles: [] };
const rerun = { kind: 'rerun', from: 'pay', actor: kim, reason: 'open again' } as const;
const error = { kind: 'business', code: 'NO', message: 'no' } as const;

/** `book` joins by `any` what `pay` brings and the end of a wait, which keeps its run when `pay` runs again. */
const plan = testPlan([
  { id: 'pay', failure: { policy: 'suspend' } },
  { id: 'pause', type: 'wait', wait: { for: '1h' } },
  { id: 'book', dependencies: ['pay', 'pause'], join: 'any' },
]);

describe('a rerun beside a wait that has not ended', () => {
  const suspended = begunSaga(plan).when([ended('pay', 'failed', { error })], 10);

  it('fences what the end of the wait would trigger in the run before', () => {
    expect(rerunPlanOf(suspended, 'pay')).toMatchObject({
      again: ['pay', 'book'],
      undo: [{ step: 'book', run: 1 }],
    });
    const asked = suspended.when([rerun], 20);
    expect(asked.state).toMatchObject({ status: 'compensating', run: 1 });
    const again = asked.when([undoAnswer('book', 'nothing')], 30);
    expect(again.state).toMatchObject({ status: 'running', run: 2 });
  });
});
