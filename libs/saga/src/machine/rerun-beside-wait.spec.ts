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

/** `book` may be gone on without, and `pay` stands beside it. */
const beside = testPlan([
  { id: 'a' },
  { id: 'book', dependencies: ['a'], failure: { policy: 'continue', output: {} } },
  { id: 'pay', dependencies: ['a'], failure: { policy: 'suspend' } },
]);

describe('a rerun beside a step whose undo a person skipped', () => {
  const stopped = begunSaga(beside)
    .when([ended('a', 'completed', { output: {} })], 10)
    .when([{ kind: 'cancel', actor: kim, reason: 'no' }], 20)
    .when([undoAnswer('book', 'failed'), undoAnswer('pay', 'nothing')], 30);
  const again = stopped
    .when([{ kind: 'mend', command: 'skip', step: 'book', actor: kim, reason: 'leave it' }], 40)
    .when([undoAnswer('a', 'failed')], 50)
    .when([{ kind: 'mend', command: 'skip', step: 'a', actor: kim, reason: 'leave it' }], 60)
    .when([{ ...rerun, from: 'pay' }], 70);

  it('asks how that one ended when it fails yet, and goes on without it', () => {
    expect(again.state).toMatchObject({ status: 'running', run: 2 });
    const failing = again.when([ended('book', 'failed', { error: { ...error, kind: 'technical' } })], 80);
    expect(failing.last.entries.map(({ entry }) => entry)).toMatchObject([
      { kind: 'stepEnded', step: 'book', end: 'failed' },
      { kind: 'endAsked', step: 'book', epoch: 2 },
    ]);
    const refused = failing.when([undoAnswer('book', 'nothing', { epoch: 2 })], 90);
    expect(refused.state.steps['book']).toMatchObject({ end: 'continued' });
  });
});
