import { completed, failed, SagaUnderTest, undoAnswer } from '../testing/given-saga';
import { testPlan } from '../testing/plans';

describe('a failed step whose end is seen before that of the step before it', () => {
  it('asks for its fallback node only when all that it may read has come', () => {
    const plan = testPlan([
      { id: 'a' },
      {
        id: 'b',
        dependencies: ['a'],
        failure: { policy: 'fallback', action: 'c', input: { x: 'steps.a.output.x' } },
      },
    ]);
    const saga = new SagaUnderTest(plan).when([failed('b')]);
    expect(saga.last.messages).toEqual([]);
    expect(saga.when([completed('a', { x: 1 })]).last.messages).toMatchObject([
      { event: { aurastep: 'b.fallback', data: { context: { steps: { a: { output: { x: 1 } } } } } } },
    ]);
  });

  it.each([
    { policy: 'continue', output: { by: 'default' } },
    { policy: 'fallback', output: { by: 'default' } },
  ])('ends by a default output ($policy) only when what it carries on has come', (failure) => {
    const plan = testPlan([
      { id: 'a' },
      { id: 'b', dependencies: ['a'], failure },
      { id: 'c', dependencies: ['b'], input: { x: 'steps.a.output.x' } },
    ]);
    const saga = new SagaUnderTest(plan).when([failed('b')]);
    expect(saga.last.messages).toEqual([]);
    expect(saga.when([completed('a', { x: 1 })]).last.messages).toMatchObject([
      { event: { aurastep: 'b', data: { context: { steps: { a: { output: { x: 1 } } } } } } },
    ]);
  });
});

describe('a step that its fallback ended', () => {
  it('is not undone when it had been refused before: its fallback is', () => {
    const plan = testPlan([
      { id: 'pay' },
      { id: 'book', dependencies: ['pay'], failure: { policy: 'fallback', action: 'b' } },
      { id: 'c', dependencies: ['book'] },
    ]);
    const saga = new SagaUnderTest(plan)
      .when([completed('pay'), failed('book')])
      .when([undoAnswer('book', 'nothing')])
      .when([completed('book.fallback')])
      .when([failed('c')]);
    expect(saga.state.undoing?.items.map(({ step }) => step)).toEqual(['pay']);
  });
});

describe('a failed step behind a join of kind any', () => {
  it('is answered once it is known what it had seen', () => {
    const plan = testPlan([
      { id: 'a' },
      { id: 'b' },
      { id: 'c', dependencies: ['a', 'b'], join: 'any', failure: { policy: 'fallback', action: 'd' } },
    ]);
    const failing = new SagaUnderTest(plan).when([failed('c')], 10);
    expect(failing.last.entries.map(({ entry }) => entry.kind)).toEqual(['stepEnded']);
    const known = failing.when([completed('b')], 20);
    expect(known.last.entries.map(({ entry }) => entry.kind)).toEqual(['stepEnded', 'fallbackAsked']);
  });
});
