import type { ErrorRecord } from '@aura/contracts';
import { completed, ended, failed, SagaUnderTest, testPlan } from '../testing';

const fails = (step: string, kind: ErrorRecord['kind']) =>
  ended(step, 'failed', { error: { kind, code: 'NO', message: 'no' } });

/** What a saga fences that gives up. */
function fenced({ state }: SagaUnderTest): readonly string[] {
  return state.undoing?.items.map(({ step }) => step) ?? [];
}

describe('a saga that gives up', () => {
  const branch = testPlan([{ id: 'a' }, { id: 'book', dependencies: ['a'] }, { id: 'b' }]);

  it('fences a stateful step that an event in flight could still trigger', () => {
    expect(fenced(new SagaUnderTest(branch).when([failed('b')]))).toEqual(['book']);
  });

  it('fences two in a row behind a slow one, the last one first', () => {
    const plan = testPlan([
      { id: 'hold' },
      { id: 'book', dependencies: ['hold'] },
      { id: 'pay', dependencies: ['book'] },
      { id: 'b' },
    ]);
    expect(fenced(new SagaUnderTest(plan).when([failed('b')]))).toEqual(['pay', 'book', 'hold']);
  });

  it('does not fence one that can no longer be triggered', () => {
    for (const no of [fails('a', 'business'), ended('a', 'skipped')]) {
      const saga = new SagaUnderTest(branch).when([no]).when([failed('b')]);
      expect(saga.state.status).toBe('failed');
    }
    const skipped = new SagaUnderTest(branch).when([ended('book', 'skipped'), failed('b')]);
    expect(skipped.state.status).toBe('failed');
  });

  it('fences what is behind a step that will be skipped: a skip travels on as an end does', () => {
    const plan = testPlan([
      { id: 'a' },
      { id: 'c', dependencies: ['a'] },
      { id: 'd', dependencies: ['c'] },
      { id: 'book', dependencies: ['a', 'd'], join: 'ended' },
      { id: 'pay', dependencies: ['d'] },
      { id: 'b' },
    ]);
    const saga = new SagaUnderTest(plan).when([ended('a', 'skipped')]).when([failed('b')]);
    expect(fenced(saga)).toEqual(['book']);
  });

  it('fences what is behind a failure that a duplicate in flight may still make a success', () => {
    expect(fenced(new SagaUnderTest(branch).when([failed('a')]))).toEqual(['book']);
    expect(fenced(new SagaUnderTest(branch).when([fails('a', 'crash')]))).toEqual(['book']);
    const recorded = testPlan([
      { id: 'a', failure: { policy: 'fallback', action: 'c' } },
      { id: 'book', dependencies: ['a'] },
    ]);
    const failing = new SagaUnderTest(recorded).when([failed('a')]).when([fails('a.fallback', 'business')]);
    expect(failing.state.status).toBe('failed');
  });

  it('fences what is behind a step that nobody answered for: the answer may still come', () => {
    const plan = testPlan([
      { id: 'a', timeout: '10s', retryPolicy: { maxEpochs: 1 } },
      { id: 'book', dependencies: ['a'] },
    ]);
    expect(fenced(new SagaUnderTest(plan).when([{ kind: 'timer', timer: 'step/a/1' }], 10_000))).toEqual([
      'book',
    ]);
  });

  it.each([
    ['technical', ['book']],
    ['crash', ['book']],
    ['condition', ['book']],
    ['business', []],
  ] as const)('by a %s failure of the stateful step itself fences %j', (kind, steps) => {
    const plan = testPlan([{ id: 'a' }, { id: 'book', dependencies: ['a'] }]);
    expect(fenced(new SagaUnderTest(plan).when([completed('a'), fails('book', kind)]))).toEqual(steps);
  });

  it('judges each kind of join by what may still arrive', () => {
    const joined = (join: string) =>
      testPlan([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'book', dependencies: ['a', 'b'], join }]);
    const status = (join: string, ...inputs: readonly ReturnType<typeof failed>[]) =>
      new SagaUnderTest(joined(join)).when([...inputs, failed('c')]).state.status;
    expect(status('any', fails('a', 'business'))).toBe('compensating');
    expect(status('any', ended('a', 'skipped'), ended('b', 'skipped'))).toBe('failed');
    expect(status('ended', ended('a', 'skipped'))).toBe('compensating');
    expect(status('all', ended('a', 'skipped'))).toBe('failed');
  });

  it('fences a stateful fallback that is in hand, and not one that is not needed any more', () => {
    const plan = testPlan([
      { id: 'a', failure: { policy: 'fallback', action: 'book' } },
      { id: 'b' },
      { id: 'c', dependencies: ['a', 'b'] },
      { id: 'd', dependencies: ['a', 'b'] },
      { id: 'pay', dependencies: ['c', 'd'] },
    ]);
    const no = fails('b', 'business');
    expect(new SagaUnderTest(plan).when([no]).state.status).toBe('failed');
    const asked = new SagaUnderTest(plan).when([failed('a')]);
    expect(fenced(asked.when([no]))).toEqual(['a.fallback']);
    expect(asked.when([completed('a')]).when([no]).state.status).toBe('failed');
    expect(fenced(asked.when([completed('b'), failed('a.fallback')]))).toEqual(['pay', 'a.fallback']);
  });

  it('fences what a fallback in hand could still trigger', () => {
    const plan = testPlan([
      { id: 'a', failure: { policy: 'fallback', action: 'c' } },
      { id: 'book', dependencies: ['a'] },
      { id: 'b' },
    ]);
    const asked = new SagaUnderTest(plan).when([failed('a')]);
    expect(fenced(asked.when([failed('b')]))).toEqual(['book']);
    expect(asked.when([fails('a.fallback', 'business')]).state.status).toBe('failed');
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
