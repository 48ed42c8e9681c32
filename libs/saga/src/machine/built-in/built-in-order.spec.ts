import * as fc from 'fast-check';
import { completed, ended, failed, SagaUnderTest, testPlan } from '../../testing';
import type { SagaInput } from '../saga-input';
import { stepOf } from '../state';

const plan = testPlan([
  { id: 'a' },
  { id: 'b', dependencies: ['a'] },
  { id: 'pause', type: 'wait', wait: { for: '10s' }, dependencies: ['a', 'b'] },
  { id: 'never', type: 'wait', wait: { for: '1s' }, dependencies: ['b'], when: 'steps.a.output.by == "x"' },
  { id: 'c', dependencies: ['a', 'never'], join: 'ended', failure: { policy: 'continue', output: {} } },
  { id: 'paid', type: 'wait', wait: { on: 'com.shop.paid.v1' }, dependencies: ['c'] },
  {
    id: 'wrong',
    type: 'wait',
    wait: { until: 'steps.b.output.by' },
    dependencies: ['b'],
    failure: { policy: 'continue', output: {} },
  },
  { id: 'd', dependencies: ['wrong', 'a'] },
]);

const inputs: readonly SagaInput[] = [
  completed('a'),
  completed('b'),
  failed('c'),
  ended('d', 'skipped'),
  completed('d'),
];

/** How each step stands, whenever that was. */
function states(saga: SagaUnderTest): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    plan.plan.steps.map(({ id }) => {
      const { end, begun } = stepOf(saga.state, id);
      return [id, [end, begun?.builtIn]];
    }),
  );
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

describe('steps in the coordinator', () => {
  it('begin, end and are skipped alike for any permutation with duplicates, however it is cut into turns', () => {
    const expected = states(take(inputs, []));
    expect(expected).toMatchObject({
      pause: [undefined, { type: 'wait', forMs: 10_000 }],
      never: ['skipped', undefined],
      paid: [undefined, { type: 'wait', on: 'com.shop.paid.v1', key: 's1' }],
      wrong: ['continued', undefined],
    });
    const orders = fc
      .shuffledSubarray([...inputs, ...inputs], { minLength: inputs.length * 2 })
      .chain((order) =>
        fc.tuple(fc.constant(order), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 8 })),
      );
    fc.assert(
      fc.property(orders, ([order, sizes]) => {
        expect(states(take(order, sizes))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
