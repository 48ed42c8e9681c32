import type { ErrorRecord } from '@aura/contracts';
import { completed, ended, failed, SagaUnderTest, testPlan } from '../testing';

const fails = (step: string, kind: ErrorRecord['kind']) =>
  ended(step, 'failed', { error: { kind, code: 'NO', message: 'no' } });

describe('a saga that gives up', () => {
  const branch = testPlan([{ id: 'a' }, { id: 'book', dependencies: ['a'] }, { id: 'b' }]);

  it('counts a stateful step that an event in flight could still trigger', () => {
    expect(new SagaUnderTest(branch).when([failed('b')]).state).toMatchObject({
      status: 'compensation_failed',
      applied: ['book'],
    });
  });

  it('does not count one that can no longer be triggered', () => {
    for (const no of [failed('a'), ended('a', 'skipped')]) {
      const saga = new SagaUnderTest(branch).when([no]).when([failed('b')]);
      expect(saga.state.status).toBe('failed');
    }
  });

  it('counts what is behind a step that nobody answered for: the answer may still come', () => {
    const plan = testPlan([
      { id: 'a', timeout: '10s', retryPolicy: { maxEpochs: 1 } },
      { id: 'book', dependencies: ['a'] },
    ]);
    const saga = new SagaUnderTest(plan).when([{ kind: 'timer', timer: 'step/a/1' }], 10_000);
    expect(saga.state).toMatchObject({ status: 'compensation_failed', applied: ['book'] });
  });

  it.each([
    ['technical', 'compensation_failed'],
    ['crash', 'compensation_failed'],
    ['business', 'failed'],
    ['condition', 'failed'],
  ] as const)('by a %s failure of the stateful step itself is %s', (kind, status) => {
    const plan = testPlan([{ id: 'a' }, { id: 'book', dependencies: ['a'] }]);
    expect(new SagaUnderTest(plan).when([completed('a'), fails('book', kind)]).state.status).toBe(status);
  });

  it('judges each kind of join by what may still arrive', () => {
    const joined = (join: string) =>
      testPlan([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'book', dependencies: ['a', 'b'], join }]);
    const status = (join: string, ...inputs: readonly ReturnType<typeof failed>[]) =>
      new SagaUnderTest(joined(join)).when([...inputs, failed('c')]).state.status;
    expect(status('any', failed('a'))).toBe('compensation_failed');
    expect(status('any', ended('a', 'skipped'), ended('b', 'skipped'))).toBe('failed');
    expect(status('ended', ended('a', 'skipped'))).toBe('compensation_failed');
    expect(status('all', ended('a', 'skipped'))).toBe('failed');
  });

  it('counts a stateful fallback that is in hand, and not one that is not needed any more', () => {
    const plan = testPlan([
      { id: 'a', failure: { policy: 'fallback', action: 'book' } },
      { id: 'b' },
      { id: 'c', dependencies: ['a', 'b'] },
      { id: 'd', dependencies: ['a', 'b'] },
      { id: 'pay', dependencies: ['c', 'd'] },
    ]);
    expect(new SagaUnderTest(plan).when([failed('b')]).state.status).toBe('failed');
    const asked = new SagaUnderTest(plan).when([failed('a')]);
    expect(asked.when([failed('b')]).state.applied).toEqual(['a.fallback']);
    expect(asked.when([completed('a')]).when([failed('b')]).state.status).toBe('failed');
    expect(asked.when([completed('b'), failed('a.fallback')]).state.applied).toEqual(['a.fallback']);
  });

  it('counts what a fallback in hand could still trigger', () => {
    const plan = testPlan([
      { id: 'a', failure: { policy: 'fallback', action: 'c' } },
      { id: 'book', dependencies: ['a'] },
      { id: 'b' },
    ]);
    const asked = new SagaUnderTest(plan).when([failed('a')]);
    expect(asked.when([failed('b')]).state.applied).toEqual(['book']);
    expect(asked.when([failed('a.fallback')]).state.status).toBe('failed');
  });
});

describe('the bound on a saga', () => {
  const large = 'x'.repeat(700_000);
  const plan = testPlan([{ id: 'a' }, { id: 'b', dependencies: ['a'] }], {
    output: { twice: ['steps.a', 'steps.a'].map((path) => `${path}.output`) },
  });

  it('makes a saga give up whose outputs grow over 1 Mi characters, and keeps its state small', () => {
    const saga = new SagaUnderTest(plan).when([completed('a', { large })]).when([completed('b', { large })]);
    expect(saga.state).toMatchObject({
      status: 'failed',
      failedStep: 'b',
      error: { code: 'SAGA_TOO_LARGE' },
    });
    expect(saga.state.steps['b']).toMatchObject({ end: 'completed' });
    expect(saga.state.steps['b']).not.toHaveProperty('output');
  });

  it('makes a saga give up whose own output would be larger', () => {
    const saga = new SagaUnderTest(plan).when([completed('a', { large }), completed('b')]);
    expect(saga.state).toMatchObject({ status: 'failed', error: { code: 'SAGA_TOO_LARGE' } });
  });

  it('keeps the end of a late step without its output', () => {
    const parallel = testPlan([{ id: 'a' }, { id: 'b' }]);
    const saga = new SagaUnderTest(parallel)
      .when([failed('a')])
      .when([completed('b', { large: large + large })]);
    expect(saga.state.steps['b']).toMatchObject({ end: 'completed' });
    expect(saga.state.status).toBe('failed');
  });
});
