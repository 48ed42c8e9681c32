import { hasEnded } from '@aura/contracts';
import type { CompiledPlan } from '@aura/workflow';
import * as fc from 'fast-check';
import { completed, ended, failed, SagaUnderTest, STARTED_AT, testPlan } from '../testing';
import type { SagaInput } from './saga-input';
import { nextTimer, timersOf } from './timers';
import { NO_GAP } from './gap-since';
import { explain, waitingOf } from './waiting';

const plans = [
  testPlan([
    { id: 'a' },
    { id: 'b', dependencies: ['a'], failure: { policy: 'fallback', action: 'f' } },
    { id: 'c', dependencies: ['a'], failure: { policy: 'continue', output: {} } },
    { id: 'd', dependencies: ['b', 'c'], join: 'any' },
    { id: 'e', dependencies: ['d', 'c'], join: 'ended' },
  ]),
  testPlan([{ id: 'a' }, { id: 'book', dependencies: ['a'] }, { id: 'b', dependencies: ['book'] }]),
  testPlan([{ id: 'a', failure: { policy: 'suspend' } }, { id: 'b' }, { id: 'c', dependencies: ['a', 'b'] }]),
];

const ids = ['a', 'b', 'c', 'd', 'e', 'book', 'b.fallback'];
const anEnd: fc.Arbitrary<SagaInput> = fc
  .tuple(fc.constantFrom(...ids), fc.constantFrom('completed', 'skipped', 'failed'))
  .map(([id, end]) =>
    end === 'completed' ? completed(id) : end === 'failed' ? failed(id) : ended(id, 'skipped'),
  );
const aTimer: fc.Arbitrary<SagaInput> = fc
  .tuple(fc.constantFrom('step', 'join'), fc.constantFrom(...ids), fc.integer({ min: 1, max: 3 }))
  .map(([kind, id, n]) => ({
    kind: 'timer',
    timer: kind === 'step' ? `step/${id}/${n}` : `join/${id}/${n}/0`,
  }));
const turns = fc.array(
  fc.tuple(fc.array(fc.oneof(anEnd, aTimer), { maxLength: 3 }), fc.integer({ min: 0, max: 60_000 })),
  { maxLength: 8 },
);

function expectWaiting(plan: CompiledPlan, { state }: SagaUnderTest): void {
  const waiting = waitingOf(plan, state, NO_GAP);
  if (hasEnded(state.status)) return expect(waiting).toBeUndefined();
  expect(waiting?.waitingFor).toMatch(/\w/);
  expect(waiting?.owner).toMatch(/^operators$|^coordinator, partition 3$/);
  expect(waiting?.until).toBeGreaterThan(STARTED_AT);
  if (state.status === 'running')
    expect(nextTimer(timersOf(plan, state, NO_GAP))?.until).toBe(waiting?.until);
}

describe('liveness', () => {
  it.each(plans.map((plan, n) => [n, plan] as const))(
    'whatever has not ended says what it waits for, until when, and who acts then: plan %i',
    (_n, plan) => {
      fc.assert(
        fc.property(turns, (script) => {
          let saga = new SagaUnderTest(plan);
          let now = 0;
          for (const [inputs, passed] of script) saga = saga.when(inputs, (now += passed));
          expectWaiting(plan, saga);
          expect(explain(plan, saga.state, NO_GAP)).toMatch(/^Saga s1 \(test_flow 1\.0\.0\) is .+\.$/);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('ends or waits for a person when nobody ever answers and each timer comes when it is due', () => {
    for (const plan of plans) {
      let saga = new SagaUnderTest(plan);
      for (let turn = 0; turn < 100 && saga.state.status === 'running'; turn++) {
        const next = nextTimer(timersOf(plan, saga.state, NO_GAP));
        if (next === undefined) throw new Error('a running saga has no timer');
        saga = saga.when([{ kind: 'timer', timer: next.id }], next.until - STARTED_AT);
      }
      expect(saga.state.status).not.toBe('running');
    }
  });

  it('a saga that runs with nothing awaited waits for the end of the step before', () => {
    const saga = new SagaUnderTest(testPlan([{ id: 'a' }, { id: 'b', dependencies: ['a'] }])).when([
      completed('b'),
    ]);
    expect(waitingOf(saga.compiled, saga.state, NO_GAP)?.waitingFor).toBe('the end of the step before');
  });

  it('a saga that is being undone waits for that', () => {
    const { compiled, state } = new SagaUnderTest(testPlan([{ id: 'book' }, { id: 'b' }])).when([
      failed('b'),
    ]);
    expect(waitingOf(compiled, state, NO_GAP)).toEqual({
      waitingFor: 'undo of book (undo-book at book-service)',
      until: STARTED_AT + 30_000,
      owner: 'coordinator, partition 3',
    });
    expect(explain(compiled, state, NO_GAP)).toContain('it waits for undo of book');
  });
});
