import * as fc from 'fast-check';
import { MOST_STATE_CHARACTERS } from '@aura/kernel';
import {
  begunSaga,
  childEnded,
  completed,
  failed,
  SagaUnderTest,
  STARTED_AT,
  STAY,
  testPlan,
  tripPlan,
  undoAnswer,
} from '../../testing';
import { appliedOf } from '../applied';
import { inputOf, isNews, isOfOthers } from '../input';
import { isInFlight } from '../in-flight';
import { mendProblem } from '../mend';
import type { SagaInput } from '../saga-input';
import { nodeOf } from '../progress';
import { stepOf } from '../state';
import { timersOf } from '../timers';
import { sagaKind } from './saga-kind';
import { sagaStepOf } from './saga-step';

const kim = { who: 'kim' };
const booked = { book: { by: 'book' } };
const nobody = { book: { by: 'nobody' } };
const twice = { repeat: { until: 'output.book.by == "book"', max: 2 } };
const timer = (id: string) => ({ kind: 'timer', timer: id }) as const;
const operator = { actor: { subject: 'kim', roles: ['operator'] }, reason: 'as agreed' } as const;

function stayOf(saga: SagaUnderTest): ReturnType<typeof stepOf> {
  return stepOf(saga.state, 'stay');
}

/** What was asked of sub-sagas, by the last turn. */
function asked(saga: SagaUnderTest): readonly unknown[] {
  return saga.last.messages.flatMap(({ event }) =>
    event.type.startsWith('ai.aura.sub-saga.') ? [event.data] : [],
  );
}

describe('a step that a sub-saga performs', () => {
  it('is not taken for a step that something else performs', () => {
    const { compiled } = begunSaga(tripPlan(), kim);
    const other = nodeOf(compiled, 'b');
    expect(() => sagaStepOf(other)).toThrow('step b is performed by no sub-saga');
    const waiting = { at: 0, epoch: 1, builtIn: { type: 'wait' } } as const;
    expect(() => sagaKind.waitsFor(other, waiting, 0)).toThrow('no sub-saga');
    expect(() => sagaKind.timers(other, waiting, () => 0, 0)).toThrow('a step of type wait has no sub-saga');
  });

  it('is only waited for: what its sub-saga does counts there; and may be applied once it has begun', () => {
    const saga = begunSaga(tripPlan(), kim);
    expect(isInFlight(saga.compiled, saga.state)).toBe(false);
    const behind = saga.when([childEnded('stay', 'completed', { output: booked })], 10);
    expect(isInFlight(saga.compiled, behind.state)).toBe(true);
    expect(appliedOf(saga.compiled, saga.state)).toEqual(['stay']);
  });

  it('gives a participant that has paused below it the time back: its own, its undo and the saga stand still too', () => {
    const paused = (_since: number, participant?: string): number =>
      participant === 'book-service' ? 5000 : 0;
    const due = (saga: SagaUnderTest) =>
      timersOf(saga.compiled, saga.state, paused).map(({ kind, until }) => [kind, until - STARTED_AT]);
    const begun = begunSaga(tripPlan(), kim);
    expect(due(begun)).toEqual([
      ['builtIn', 605_000],
      ['builtIn', 30_000],
      ['saga', 3_605_000],
    ]);
    const given = begun.when([{ kind: 'cancel', ...operator }], 10);
    expect(due(given)).toEqual([['undo', 65_010]]);
  });

  it('takes a completion that comes late, when it is known that it stands', () => {
    const going = tripPlan({ failure: { policy: 'continue', output: {} } });
    const late = begunSaga(going, kim).when([timer('saga/stay/1')], 600_000);
    expect(asked(late)).toMatchObject([{ mode: 'ask', epoch: 1 }]);
    const told = late.when([childEnded('stay', 'completed', { output: booked })], 600_010);
    expect(stayOf(told)).toMatchObject({ end: 'completed', output: booked });
    const refused = late.when([undoAnswer('stay', 'nothing')], 600_010);
    expect(stayOf(refused)).toMatchObject({ end: 'continued' });
    expect(refused.when([childEnded('stay', 'completed', { output: booked })], 600_020).last.entries).toEqual(
      [],
    );
  });

  it('that is repeated is undone when it fails, and takes no completion any more', () => {
    const going = tripPlan({ failure: { policy: 'continue', output: {} } }, twice);
    const late = begunSaga(going, kim).when([timer('saga/stay/1')], 600_000);
    expect(asked(late)).toMatchObject([{ mode: 'undo', epoch: 1 }]);
    const told = late.when([childEnded('stay', 'completed', { output: booked })], 600_010);
    expect(told.last.entries).toEqual([]);
  });

  it('fails when what its sub-saga gives makes the saga too large', () => {
    const output = { book: 'x'.repeat(MOST_STATE_CHARACTERS) };
    const saga = begunSaga(tripPlan(), kim).when([childEnded('stay', 'completed', { output })], 10);
    expect(stayOf(saga)).toMatchObject({ end: 'failed', error: { code: 'SAGA_TOO_LARGE' } });
  });

  it('takes null where its sub-saga says nothing', () => {
    const saga = begunSaga(tripPlan(), kim).when([childEnded('stay', 'completed')], 10);
    expect(stayOf(saga)).toMatchObject({ end: 'completed', output: null });
  });

  it('hears nothing of another run, of one before, or of a step that never began', () => {
    const saga = begunSaga(tripPlan({}, twice), kim).when(
      [childEnded('stay', 'completed', { output: nobody })],
      10,
    );
    for (const end of [
      childEnded('stay', 'completed', { output: booked, run: 2, iteration: 2 }),
      childEnded('stay', 'completed', { output: booked }),
      childEnded('stay', 'failed'),
      childEnded('b', 'completed', { output: booked }),
    ])
      expect(saga.when([end], 20).last.entries).toEqual([]);
    const other = { ...childEnded('b', 'completed') };
    expect(new SagaUnderTest(tripPlan()).when([{ ...other, step: 'stay' }], 1).last.entries).toEqual([]);
  });

  it('begins no other round once the saga is given up', () => {
    const saga = begunSaga(tripPlan({}, twice), kim)
      .when([{ kind: 'cancel', ...operator }], 10)
      .when([childEnded('stay', 'completed', { output: nobody })], 20);
    expect(saga.last.entries).toEqual([]);
    expect(saga.state.status).toBe('compensating');
    expect(saga.when([undoAnswer('stay', 'undone')], 30).state.status).toBe('cancelled');
  });

  it('records a completion that comes while it is being undone, and tells nobody behind', () => {
    const saga = begunSaga(tripPlan(), kim)
      .when([{ kind: 'cancel', ...operator }], 10)
      .when([childEnded('stay', 'completed', { output: booked })], 20);
    expect(stayOf(saga)).toMatchObject({ end: 'completed' });
    expect(saga.last.messages).toEqual([]);
  });

  it('goes on with the next one when a person has it tried again', () => {
    const suspending = tripPlan({ failure: { policy: 'suspend' } }, twice);
    const saga = begunSaga(suspending, kim)
      .when([childEnded('stay', 'completed', { output: nobody })], 10)
      .when([childEnded('stay', 'compensated', { iteration: 2 })], 20);
    expect(saga.state).toMatchObject({ status: 'suspended' });
    const again = saga.when([{ kind: 'mend', command: 'retry', ...operator }], 30);
    expect(stayOf(again).begun?.builtIn).toMatchObject({ iteration: 3, completed: 1 });
    const ended = again.when([childEnded('stay', 'completed', { iteration: 3, output: booked })], 40);
    expect(stayOf(ended)).toMatchObject({ end: 'completed' });
  });

  it('is not asked for again where a person only tries it again', () => {
    const suspending = tripPlan({ failure: { policy: 'suspend' } });
    const again = begunSaga(suspending, kim)
      .when([childEnded('stay', 'failed')], 10)
      .when([{ kind: 'mend', command: 'retry', ...operator }], 20);
    expect(asked(again)).toMatchObject([{ parent: { iteration: 2 } }]);
  });

  describe('whose time is over, and whose sub-saga still goes on', () => {
    const late = begunSaga(tripPlan({ failure: { policy: 'suspend' } }), kim).when(
      [timer('saga/stay/1')],
      600_000,
    );

    it('waits for the same one again when a person has it tried again: there are never two', () => {
      expect(late.state).toMatchObject({ status: 'suspended' });
      const again = late.when([{ kind: 'mend', command: 'retry', ...operator }], 600_010);
      expect(asked(again)).toMatchObject([{ parent: { iteration: 1 } }]);
      expect(timersOf(again.compiled, again.state, () => 0)[0]?.until).toBe(STARTED_AT + 1_200_010);
      const told = again.when([childEnded('stay', 'completed', { output: booked })], 600_020);
      expect(stayOf(told)).toMatchObject({ end: 'completed', output: booked });
    });

    it('takes no output of a person, which nobody would hear the other one contradict', () => {
      const resume = { kind: 'mend', command: 'resume', output: booked, ...operator } as const;
      expect(mendProblem(late.state, resume)).toContain('still goes on: retry');
      expect(late.when([resume], 600_010).last.entries).toEqual([]);
      const failed = begunSaga(tripPlan({ failure: { policy: 'suspend' } }), kim).when(
        [childEnded('stay', 'failed')],
        10,
      );
      expect(stayOf(failed.when([resume], 20))).toMatchObject({ end: 'completed', output: booked });
    });
  });

  it('is asked for soon again in the next round, however long the one before took', () => {
    const saga = begunSaga(tripPlan({}, twice), kim)
      .when([timer('saga/stay/1/1/0')], 30_000)
      .when([timer('saga/stay/1/1/1')], 90_000)
      .when([childEnded('stay', 'completed', { output: nobody })], 100_000);
    expect(timersOf(saga.compiled, saga.state, () => 0)[1]).toMatchObject({
      id: 'saga/stay/1/2/0',
      until: STARTED_AT + 130_000,
    });
  });

  it('tells those behind it how it ended while another branch is undone to be run again', () => {
    const stay = { id: 'stay', type: 'saga', saga: { workflow: 'stay', input: { for: 'input.who' } } };
    const steps = [
      stay,
      { id: 'b', dependencies: ['stay'] },
      { id: 'book' },
      { id: 'c', dependencies: ['book'], failure: { policy: 'suspend' } },
    ];
    const rerunning = begunSaga(testPlan(steps, {}, [STAY]), kim)
      .when([completed('book'), failed('c')], 10)
      .when([{ kind: 'rerun', from: 'book', ...operator }], 20);
    expect(rerunning.state.status).toBe('compensating');
    const told = rerunning.when([childEnded('stay', 'completed', { output: booked })], 30);
    expect(told.last.messages.map(({ event }) => event.aurastep)).toEqual(['stay']);
  });

  it('asks what was never begun to stop, when the step failed before', () => {
    const broken = tripPlan({ when: 'input.who' }, {});
    const saga = begunSaga(broken, kim);
    expect(stayOf(saga)).toMatchObject({ end: 'failed' });
    expect(asked(saga)).toEqual([expect.objectContaining({ mode: 'undo' })]);
  });

  it('stands alike for any order of what is heard, with duplicates', () => {
    const plan = tripPlan({}, twice);
    const inputs: readonly SagaInput[] = [
      childEnded('stay', 'completed', { output: nobody }),
      childEnded('stay', 'completed', { output: nobody, run: 2 }),
      childEnded('stay', 'failed', { run: 2 }),
      childEnded('b', 'failed'),
      completed('b'),
    ];
    const orders = fc.shuffledSubarray([...inputs, ...inputs], { minLength: inputs.length * 2 });
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 4 }), (order, size) => {
        let saga = begunSaga(plan, kim);
        for (let from = 0; from < order.length; from += size)
          saga = saga.when(order.slice(from, from + size));
        expect(stayOf(saga).begun?.builtIn).toMatchObject({ iteration: 2, completed: 1 });
        expect(stepOf(saga.state, 'b').end).toBe('completed');
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is said of a sub-saga', () => {
  const { compiled, state } = begunSaga(tripPlan(), kim);
  const event = {
    specversion: '1.0',
    id: 'e1',
    source: '/aura/coordinator',
    type: 'ai.aura.sub-saga.ended.v1',
    aurastep: 'stay',
    data: { child: 'c1', iteration: 1, status: 'completed', output: booked },
  } as const;

  it('is read with its run, and not read when it is something else', () => {
    expect(inputOf(compiled, event, STARTED_AT)).toMatchObject({ kind: 'childEnd', run: 1, output: booked });
    expect(inputOf(compiled, { ...event, data: {} }, STARTED_AT)).toBeUndefined();
    const stop = { ...event, type: 'ai.aura.sub-saga.stop-requested.v1' };
    expect(inputOf(compiled, stop, STARTED_AT)).toBeUndefined();
  });

  it('is news until the step has completed', () => {
    expect(isNews(compiled, state, event)).toBe(true);
    const ended = begunSaga(tripPlan(), kim).when([childEnded('stay', 'completed')], 10);
    expect(isNews(compiled, ended.state, event)).toBe(false);
  });

  it('may be of a run, or a round, that another instance has begun', () => {
    expect(isOfOthers(state, childEnded('stay', 'completed', { run: 2 }))).toBe(true);
    expect(isOfOthers(state, childEnded('stay', 'completed'))).toBe(true);
  });
});
