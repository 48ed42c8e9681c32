import {
  childEnded,
  completed,
  ended,
  failed,
  SagaUnderTest,
  STARTED_AT,
  STAY,
  testPlan,
  undoAnswer,
} from '../testing';
import { stepOf } from './state';
import type { StepState } from './state';
import { explain, waitingOf } from './waiting';
import { NO_GAP } from './gap-since';
import { timersOf } from './timers';

const quick = { timeout: '10s', retryPolicy: { maxEpochs: 1 } };
const going = { ...quick, failure: { policy: 'continue', output: { by: 'default' } } };
const timer = (id: string) => ({ kind: 'timer', timer: id }) as const;
const ASKED_AT = 10_000;
const OVER_AT = ASKED_AT + 10_000;

/** `a` is optional; `b` is behind it, and `hold` behind that. */
const chained = [
  { id: 'a', ...going },
  { id: 'b', dependencies: ['a'], input: { from: 'steps.a.output.by' } },
  { id: 'hold', dependencies: ['b'] },
];
const chain = testPlan(chained);

/** A saga whose step `a` nobody answers for: it is asked how it ended. */
function silent(plan = chain, before: Parameters<SagaUnderTest['when']>[0] = []): SagaUnderTest {
  const begun = before.length === 0 ? new SagaUnderTest(plan) : new SagaUnderTest(plan).when(before, 10);
  return begun.when([timer('step/a/1')], ASKED_AT);
}

/** What the last turn said, `<type> <step>/<run>`, and to whom it was said past the exchanges. */
function told({ last }: SagaUnderTest): readonly string[] {
  return last.messages.map(({ event, to, headers }) => {
    const what = `${event.type.replace('ai.aura.', '').replace('.v1', '')}`;
    const where = event.aurastep === undefined ? '' : ` ${event.aurastep}/${event.aurarun}`;
    const queues = to.flatMap((one) => (one.kind === 'queue' ? [one.queue] : []));
    const only = headers?.targets === undefined ? '' : ` only ${headers.targets.join()} ${queues.join()}`;
    return `${what}${where}${only}`;
  });
}

function step(saga: SagaUnderTest, id: string): StepState {
  return stepOf(saga.state, id);
}

describe('a step that nobody answers for, and that the saga can go on without', () => {
  it('is asked for its end first: a failure that its participant did not record is not the last word', () => {
    const saga = silent();
    expect(told(saga)).toEqual(['step.end-requested a/1']);
    expect(step(saga, 'a')).toMatchObject({ end: 'failed', error: { code: 'STEP_TIMEOUT' } });
    expect(waitingOf(chain, saga.state, NO_GAP)).toMatchObject({
      waitingFor: 'how step a ended (a at a-service)',
      until: STARTED_AT + OVER_AT,
    });
  });

  it('is not asked where its participant recorded the failure', () => {
    const saga = new SagaUnderTest(chain).when([failed('a')], 10);
    expect(told(saga)).toEqual(['step.continued a/1']);
  });

  it('is asked where the coordinator says that its participant crashed of it', () => {
    const crash = failed('a');
    const event = { ...crash.event, source: '/aura/coordinator' };
    expect(told(new SagaUnderTest(chain).when([{ ...crash, event }], 10))).toEqual([
      'step.end-requested a/1',
    ]);
  });

  it('ends as it ended there, and nothing else is told to anybody', () => {
    const saga = silent().when([completed('a')], ASKED_AT + 10);
    expect(step(saga, 'a')).toMatchObject({ end: 'completed', output: { by: 'a' } });
    expect(told(saga)).toEqual([]);
    expect(saga.when([undoAnswer('a', 'nothing')], ASKED_AT + 20).state.steps['a']?.end).toBe('completed');
  });

  it('continues in the same run once it is refused there', () => {
    const saga = silent().when([undoAnswer('a', 'nothing')], ASKED_AT + 10);
    expect(told(saga)).toEqual(['step.continued a/1']);
    expect(step(saga, 'a')).toMatchObject({ end: 'continued', output: { by: 'default' } });
    expect(saga.state.run).toBe(1);
  });

  it('is left behind when nobody answers: what could take effect behind it is fenced, and goes on in a run of its own', () => {
    const saga = silent().when([timer('ask/a/1')], OVER_AT);
    expect(told(saga)).toEqual(['saga.compensating', 'step.undo-requested hold/1']);
    expect(saga.state.error?.message).toBe(
      'coordinator runs it again from step a: nobody says how step a ended',
    );
    const on = saga.when([undoAnswer('hold', 'nothing')], OVER_AT + 10);
    expect(told(on)).toEqual(['saga.rerun', 'step.continued a/2']);
    expect(step(on, 'a')).toMatchObject({ run: 2, end: 'continued', output: { by: 'default' } });
    const over = on.when(
      [ended('b', 'completed', { run: 2, output: {} }), ended('hold', 'completed', { run: 2, output: {} })],
      OVER_AT + 20,
    );
    expect(over.state).toMatchObject({ status: 'completed', run: 2 });
  });

  it('whose word comes late says nothing to the run that goes on without it, nor does what that word set off', () => {
    const on = silent()
      .when([timer('ask/a/1')], OVER_AT)
      .when([undoAnswer('hold', 'nothing')], OVER_AT + 10);
    const late = on.when([completed('a'), completed('b'), undoAnswer('a', 'nothing')], OVER_AT + 20);
    expect(late.last.entries).toEqual([]);
    expect(told(late)).toEqual([]);
  });

  it('whose word comes while what is behind it is fenced is carried over like any other', () => {
    const saga = silent()
      .when([timer('ask/a/1')], OVER_AT)
      .when([completed('a')], OVER_AT + 5);
    const on = saga.when([undoAnswer('hold', 'nothing')], OVER_AT + 10);
    expect(told(on)).toEqual(['saga.rerun', 'test.a.done a/2 only b aura.participant.b-service']);
    expect(step(on, 'a')).toMatchObject({ end: 'completed', output: { by: 'a' } });
    expect(step(on, 'a').run).toBeUndefined();
  });

  it('gives the saga no more time than it had', () => {
    const on = silent(
      testPlan(
        [
          { id: 'a', ...going },
          { id: 'b', dependencies: ['a'] },
        ],
        { timeout: '5m' },
      ),
    ).when([timer('ask/a/1')], OVER_AT);
    expect(on.state.run).toBe(2);
    const limit = timersOf(on.compiled, on.state, NO_GAP).find(({ kind }) => kind === 'saga');
    expect(limit?.until).toBe(STARTED_AT + 300_000);
  });

  it('falls back in the new run, to an action as well as to an output', () => {
    const byNode = testPlan([
      { id: 'a', ...quick, failure: { policy: 'fallback', action: 'c' } },
      { id: 'b', dependencies: ['a'] },
    ]);
    const saga = silent(byNode).when([timer('ask/a/1')], OVER_AT);
    expect(told(saga)).toEqual(['saga.rerun', 'step.fallback-requested a.fallback/2']);
    const byOutput = testPlan([
      { id: 'a', ...quick, failure: { policy: 'fallback', output: { by: 'default' } } },
      { id: 'b', dependencies: ['a'] },
    ]);
    expect(told(silent(byOutput).when([timer('ask/a/1')], OVER_AT))).toEqual([
      'saga.rerun',
      'test.a.done a/2',
    ]);
  });

  it('is left behind together with all that nobody answers for', () => {
    const two = testPlan([
      { id: 'a', ...going },
      { id: 'b', ...going },
      { id: 'c', dependencies: ['a', 'b'] },
    ]);
    const saga = new SagaUnderTest(two)
      .when([timer('step/a/1'), timer('step/b/1')], ASKED_AT)
      .when([timer('ask/a/1')], OVER_AT);
    expect(told(saga)).toEqual(['saga.rerun', 'step.continued a/2', 'step.continued b/2']);
  });

  it('is waited for where a step behind it has seen its end, which stands at its participant', () => {
    const seen = silent(chain, []).when([completed('b')], ASKED_AT + 10);
    const again = seen.when([timer('ask/a/1')], OVER_AT);
    expect(told(again)).toEqual(['step.end-requested a/1']);
    expect(again.state.status).toBe('running');
    expect(explain(chain, again.state, NO_GAP)).toContain('how step a ended (a at a-service)');
    const deep = silent(chain, []).when([completed('hold')], ASKED_AT + 10);
    expect(told(deep.when([timer('ask/a/1')], OVER_AT))).toEqual(['step.end-requested a/1']);
  });

  it('is asked for ever more rarely while that is waited for, and at least every 64 time limits', () => {
    let saga = silent(testPlan(chained, { timeout: '24h' })).when(
      [completed('b'), completed('hold')],
      ASKED_AT + 10,
    );
    const waits = Array.from({ length: 9 }, (_, n) => {
      const due = timersOf(saga.compiled, saga.state, NO_GAP).find(({ kind }) => kind === 'ask');
      expect(due?.id).toBe(`ask/a/${n + 1}`);
      const { askedAt = 0 } = step(saga, 'a').asking ?? {};
      const until = due?.until ?? 0;
      saga = saga.when([timer(`ask/a/${n + 1}`)], until - STARTED_AT);
      expect(told(saga)).toEqual(['step.end-requested a/1']);
      return (until - askedAt) / 10_000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
  });

  it('gives the saga up where its end stands at its participant and cannot be had', () => {
    const seen = silent(chain, []).when([completed('b')], ASKED_AT + 10);
    const given = seen.when([undoAnswer('a', 'failed')], ASKED_AT + 20);
    expect(given.state).toMatchObject({ status: 'compensating', error: { code: 'STUCK' }, failedStep: 'a' });
    expect(told(silent().when([undoAnswer('a', 'failed')], ASKED_AT + 20))).toEqual([
      'saga.compensating',
      'step.undo-requested hold/1',
    ]);
  });

  describe('in front of a join of kind any', () => {
    const race = (failure: (typeof going)['failure'] | { policy: 'fallback'; action: string }) =>
      testPlan([
        { id: 'a', ...quick, failure },
        { id: 'c' },
        { id: 'read', dependencies: ['a', 'c'], join: 'any' },
        { id: 'd', dependencies: ['a'] },
        { id: 'e', dependencies: ['a', 'read'] },
      ]);

    it('that has gone on already leaves it as it is, and is told to the others alone', () => {
      const plan = race(going.failure);
      const saga = silent(plan, [completed('c'), completed('read')]).when([timer('ask/a/1')], OVER_AT);
      expect(told(saga)).toEqual([
        'saga.rerun',
        'test.read.done read/2 only e aura.participant.e-service',
        'step.continued a/2',
        'step.continued a/2 only d aura.participant.d-service',
        'step.continued a/2 only e aura.participant.e-service',
      ]);
      expect(step(saga, 'read').run).toBeUndefined();
    });

    it('that has not gone on goes on in the new run', () => {
      const saga = silent(race(going.failure), [completed('c')]).when([timer('ask/a/1')], OVER_AT);
      expect(step(saga, 'read')).toMatchObject({ run: 2 });
      expect(told(saga)).toContain('step.continued a/2');
    });

    it('that has gone on already keeps a step waiting whose fallback would be told to it', () => {
      const plan = race({ policy: 'fallback', action: 'b' });
      const saga = silent(plan, [completed('c'), completed('read')]).when([timer('ask/a/1')], OVER_AT);
      expect(told(saga)).toEqual(['step.end-requested a/1']);
    });

    describe('that is a step in the coordinator', () => {
      const begun = (stay: Parameters<typeof testPlan>[0][number]) =>
        testPlan(
          [
            { id: 'a', ...going },
            { id: 'c' },
            { ...stay, dependencies: ['a', 'c'], join: 'any' },
            { id: 'd', dependencies: ['a', stay.id] },
          ],
          {},
          [STAY],
        );

      it('a sub-saga that runs goes on in its run, and its end is told to those of the new one', () => {
        const plan = begun({ id: 'stay', type: 'saga', saga: { workflow: 'stay', input: {} } });
        const saga = silent(plan, [completed('c')]);
        const before = step(saga, 'stay');
        expect(before.begun?.builtIn).toMatchObject({ type: 'saga', iteration: 1 });
        const on = saga.when([timer('ask/a/1')], OVER_AT);
        expect(told(on)).toEqual([
          'saga.rerun',
          'step.continued a/2',
          'step.continued a/2 only d aura.participant.d-service',
        ]);
        expect(step(on, 'stay')).toEqual(before);
        const over = on.when([childEnded('stay', 'completed', { output: {} })], OVER_AT + 10);
        expect(step(over, 'stay')).toMatchObject({ end: 'completed' });
        expect(step(over, 'd').run).toBe(2);
        expect(told(over).filter((one) => one.includes('only d'))).toHaveLength(1);
        expect(
          over.when([ended('d', 'completed', { run: 2, output: {} })], OVER_AT + 20).state,
        ).toMatchObject({
          status: 'completed',
          run: 2,
        });
      });

      it('a wait that has begun is not begun again', () => {
        const saga = silent(begun({ id: 'pause', type: 'wait', wait: { for: '5m' } }), [completed('c')]);
        const before = step(saga, 'pause');
        expect(before.begun?.builtIn).toEqual({ type: 'wait', forMs: 300_000 });
        expect(step(saga.when([timer('ask/a/1')], OVER_AT), 'pause')).toEqual(before);
      });

      it('one that has not begun begins in the new run', () => {
        const saga = silent(begun({ id: 'pause', type: 'wait', wait: { for: '5m' } }));
        expect(step(saga, 'pause').begun).toBeUndefined();
        const on = saga.when([timer('ask/a/1')], OVER_AT);
        expect(step(on, 'pause')).toMatchObject({ run: 2, begun: { at: STARTED_AT + OVER_AT } });
      });
    });
  });
});
