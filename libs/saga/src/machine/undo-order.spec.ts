import * as fc from 'fast-check';
import { completed, failed, journalOf, SagaUnderTest, testPlan, undoAnswer } from '../testing';
import { foldRows } from './row';
import type { SagaInput } from './saga-input';
import { NO_GAP } from './gap-since';
import { waitingOf } from './waiting';

const actor = { subject: 'kim', roles: ['operator'] };

describe('giving up, whatever the order', () => {
  const plan = testPlan([
    { id: 'book' },
    { id: 'a', dependencies: ['book'] },
    { id: 'pay', dependencies: ['a'] },
    { id: 'hold', dependencies: ['a'], failure: { policy: 'continue', output: {} } },
    { id: 'b' },
  ]);
  const inputs: readonly SagaInput[] = [
    failed('b'),
    completed('book'),
    completed('a'),
    completed('pay'),
    failed('hold'),
    { kind: 'cancel', actor, reason: 'enough' },
    ...(['book', 'pay', 'hold'] as const).flatMap((step) => [
      undoAnswer(step, 'failed'),
      undoAnswer(step, step === 'hold' ? 'nothing' : 'undone'),
    ]),
  ];

  it('ends once every step is answered, undoes nothing before what is behind it, and folds to the same', () => {
    const orders = fc.shuffledSubarray([...inputs, ...inputs], { minLength: inputs.length * 2 });
    fc.assert(
      fc.property(orders, fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }), (order, sizes) => {
        let saga = new SagaUnderTest(plan);
        const rest = [...order];
        for (const size of [...sizes, rest.length]) saga = saga.when(rest.splice(0, size));
        // Whoever was asked answers in the end.
        for (let round = 0; round < 4; round++)
          for (const { step, epoch } of saga.state.undoing?.items ?? [])
            saga = saga.when([undoAnswer(step, 'undone', { epoch })]);
        expect(['compensated', 'cancelled']).toContain(saga.state.status);
        const requests = saga.told
          .flatMap(({ entries }) => entries)
          .flatMap(({ entry }) => (entry.kind === 'undoAsked' && entry.epoch === 1 ? [entry.step] : []));
        expect(requests.at(-1)).toBe('book');
        expect(new Set(requests).size).toBe(requests.length);
        expect(foldRows(plan, journalOf(saga)).at(-1)).toEqual(saga.state);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves every open saga with somebody to wait for, until when, and who acts', () => {
    const orders = fc.shuffledSubarray([...inputs], { minLength: 1 });
    fc.assert(
      fc.property(orders, (order) => {
        let saga = new SagaUnderTest(plan);
        for (const input of order) {
          saga = saga.when([input]);
          const waiting = waitingOf(plan, saga.state, NO_GAP);
          const isOver = ['compensated', 'cancelled', 'failed', 'completed'].includes(saga.state.status);
          if (isOver) expect(waiting).toBeUndefined();
          else expect(Number.isFinite(waiting?.until) && waiting?.waitingFor !== '').toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
