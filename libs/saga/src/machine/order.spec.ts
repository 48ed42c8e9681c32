import * as fc from 'fast-check';
import { completed, ended, failed, SagaUnderTest, testPlan } from '../testing';
import type { SagaInput } from './saga-input';
import { stepOf } from './state';

const plan = testPlan([
  { id: 'a' },
  { id: 'b', dependencies: ['a'] },
  { id: 'c', dependencies: ['a'], failure: { policy: 'continue', output: {} } },
  { id: 'd', dependencies: ['b', 'c'] },
  { id: 'e', dependencies: ['a'], join: 'any' },
]);

const inputs: readonly SagaInput[] = [
  completed('a'),
  failed('b'),
  completed('b'),
  completed('c'),
  ended('d', 'skipped'),
  completed('e'),
];

function ends(saga: SagaUnderTest): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(plan.plan.steps.map(({ id }) => [id, stepOf(saga.state, id).end]));
}

/** Takes inputs in turns of random size. */
function take(order: readonly SagaInput[], sizes: readonly number[]): SagaUnderTest {
  let saga = new SagaUnderTest(plan);
  let from = 0;
  for (const size of [...sizes, order.length]) {
    saga = saga.when(order.slice(from, from + size));
    from += size;
  }
  return saga;
}

describe('the fold', () => {
  it('gives the same step states for any permutation with duplicates, however it is cut into turns', () => {
    const expected = ends(take(inputs, []));
    const orders = fc
      .shuffledSubarray([...inputs, ...inputs], { minLength: inputs.length * 2 })
      .chain((order) =>
        fc.tuple(fc.constant(order), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 8 })),
      );
    fc.assert(
      fc.property(orders, ([order, sizes]) => {
        expect(ends(take(order, sizes))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the state that came in as it was', () => {
    const before = new SagaUnderTest(plan).when([completed('a')]);
    const copy = structuredClone(before.state);
    before.when([completed('b'), failed('c')]);
    expect(before.state).toEqual(copy);
  });
});
