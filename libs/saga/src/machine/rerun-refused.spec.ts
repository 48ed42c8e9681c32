import { completed, ended, failed, SagaUnderTest, testPlan, undoAnswer } from '../testing';
import { rerunPlanOf } from './rerun';

const kim = { subject: 'kim', roles: ['operator'] };
const rerun = (from: string) => ({ kind: 'rerun', from, actor: kim, reason: 'open again' }) as const;

/** `book` and `a` begin; `pay` stands behind `book`, `b` behind `a`, and `c` behind both. */
const two = testPlan([
  { id: 'book' },
  { id: 'a' },
  { id: 'pay', dependencies: ['book'], failure: { policy: 'suspend' } },
  { id: 'b', dependencies: ['a'] },
  { id: 'c', dependencies: ['pay', 'b'] },
]);

const done = new SagaUnderTest(two).when(
  ['book', 'a', 'pay', 'b', 'c'].map((id) => completed(id)),
  10,
);

describe('a rerun is refused', () => {
  const refusal = (saga: SagaUnderTest, from: string) => rerunPlanOf(saga, from).refusal;
  const running = new SagaUnderTest(two).when([completed('book')], 10);
  const giving = running.when([{ kind: 'cancel', actor: kim, reason: 'no' }], 20);

  it.each([
    ['while the saga runs', running, 'book', 'saga s1 is running: let it end, or cancel it first'],
    [
      'while it is being undone',
      giving,
      'book',
      'saga s1 is compensating: what it did is being undone; let it end first',
    ],
    [
      'from a step that is not there',
      done,
      'nope',
      'test_flow 1.0.0 has no step "nope"; it has: book, a, pay, b, c',
    ],
  ])('%s', (_when, saga, from, why) => {
    expect(refusal(saga, from)).toBe(why);
    expect(saga.when([rerun(from)], 30).last.entries).toEqual([]);
  });

  it('while something could not be undone', () => {
    const stopped = giving.when([undoAnswer('pay', 'nothing')], 30).when([undoAnswer('book', 'failed')], 40);
    expect(refusal(stopped, 'book')).toContain('mend what could not be undone first');
    const skipped = stopped.when([{ kind: 'mend', command: 'skip', actor: kim, reason: 'leave it' }], 50);
    expect(skipped.state.status).toBe('cancelled');
    expect(refusal(skipped, 'book')).toContain('the undo of step book was skipped');
    expect(refusal(skipped, 'b')).toBeUndefined();
  });

  it('not beside an effect that a person left; the epochs of its undo go on, should it come to that', () => {
    const cancel = { kind: 'cancel', actor: kim, reason: 'once more' } as const;
    const skip = { kind: 'mend', command: 'skip', actor: kim, reason: 'leave it' } as const;
    const left = giving
      .when([undoAnswer('pay', 'nothing')], 30)
      .when([undoAnswer('book', 'failed')], 40)
      .when([skip], 50);
    const again = left.when([rerun('b')], 60);
    expect(again.state).toMatchObject({ status: 'running', run: 2 });
    const given = again.when([cancel], 70).when([undoAnswer('pay', 'nothing', { run: 2 })], 80);
    const asked = given.last.entries.map(({ entry }) => entry).filter(({ kind }) => kind === 'undoAsked');
    expect(asked).toMatchObject([{ step: 'book', run: 1, epoch: 2 }]);
  });

  it('when a step without undo is applied', () => {
    const shipped = new SagaUnderTest(testPlan([{ id: 'a' }, { id: 'ship', dependencies: ['a'] }])).when(
      [completed('a'), completed('ship')],
      10,
    );
    expect(refusal(shipped, 'a')).toBe('step ship is applied and has no undo: it cannot be run again');
  });

  it('from a fallback, whose step it names', () => {
    const fallen = new SagaUnderTest(testPlan([{ id: 'a', failure: { policy: 'fallback', action: 'b' } }]))
      .when([failed('a')], 10)
      .when([ended('a.fallback', 'completed', { output: {} })], 20);
    expect(refusal(fallen, 'a.fallback')).toBe(
      'a.fallback is a fallback: run the step again that it stands for, a',
    );
    const again = fallen.when([rerun('a')], 30).when([ended('a', 'failed', { run: 2 })], 40);
    const [request] = again.last.messages.filter(({ event }) => event.aurastep === 'a.fallback');
    expect(request?.event).toMatchObject({ aurarun: 2, id: 'saga/s1/fallback/a.fallback/2' });
  });
});
