import { completed, ended, failed, SagaUnderTest, testPlan, undoAnswer } from '../testing';
import { mendProblem } from './mend';
import type { MendInput } from './saga-input';
import { timersOf } from './timers';
import { NO_GAP } from './gap-since';
import { waitingOf } from './waiting';

const actor = { subject: 'kim', roles: ['operator'] };
const timer = (id: string) => ({ kind: 'timer', timer: id }) as const;
const mend = (command: MendInput['command'], more: Partial<MendInput> = {}): MendInput => ({
  kind: 'mend',
  command,
  actor,
  reason: 'as agreed',
  ...more,
});
const refused = (step: string) =>
  ended(step, 'failed', { error: { kind: 'business', code: 'NO', message: 'no' } });

/** The requests of the last turn: `<what> <step>/<epoch>`. */
function asked({ last }: SagaUnderTest): readonly string[] {
  return last.messages
    .filter(({ event }) => /requested/.test(event.type))
    .map(({ event, to }) => {
      const [where] = to;
      const key = where?.kind === 'exchange' ? where.key : '';
      return `${key.replace('ai.aura.step.', '').replace('-requested.v1', '')} ${event.aurastep}/${event.auraepoch}`;
    });
}

const types = ({ last }: SagaUnderTest) => last.messages.map(({ event }) => event.type);

describe('undoing a saga', () => {
  const chain = testPlan([
    { id: 'book' },
    { id: 'pay', dependencies: ['book'] },
    { id: 'b', dependencies: ['pay'] },
  ]);
  const given = (saga = new SagaUnderTest(chain)) =>
    saga.when([completed('book'), completed('pay')]).when([failed('b')]);

  it('says why and what will be undone, and asks in reverse order, one behind the other', () => {
    const saga = given();
    expect(types(saga)[0]).toBe('ai.aura.saga.compensating.v1');
    expect(saga.last.messages[0]?.event.data).toMatchObject({
      plan: ['pay', 'book'],
      error: { message: 'b is broken' },
    });
    expect(asked(saga)).toEqual(['undo.pay-service pay/1']);
    const next = saga.when([undoAnswer('pay', 'undone')]);
    expect(asked(next)).toEqual(['undo.book-service book/1']);
    const over = next.when([undoAnswer('book', 'undone')]);
    expect(over.state).toMatchObject({ status: 'compensated', failedStep: 'b' });
    expect(types(over)).toEqual(['ai.aura.saga.compensated.v1']);
  });

  it('takes nothing for the output of a step that a person resumes without one', () => {
    const plan = testPlan([{ id: 'a', failure: { policy: 'suspend' } }]);
    const suspended = new SagaUnderTest(plan).when([failed('a')]);
    expect(suspended.state.status).toBe('suspended');
    expect(suspended.when([mend('resume')]).state).toMatchObject({ status: 'completed' });
  });

  it('names no step when the time of the saga is over', () => {
    const slow = testPlan([{ id: 'book' }, { id: 'b', dependencies: ['book'] }]);
    const late = new SagaUnderTest(slow).when([completed('book')]).when([timer('saga')], 100_000_000);
    expect(late.state.status).toBe('compensating');
    const over = late.when([undoAnswer('book', 'undone')]);
    expect(over.state.status).toBe('compensated');
    expect(over.last.messages[0]?.event.data).not.toHaveProperty('failedStep');
  });

  it('says what it can of a failure that tells nothing', () => {
    const stuck = given().when([undoAnswer('pay', 'failed')]);
    expect(stuck.state).toMatchObject({ status: 'compensation_failed', failedStep: 'pay' });
    expect(stuck.state.error?.message).toContain('pay');
  });

  it('keeps partial results', () => {
    const over = given()
      .when([undoAnswer('pay', 'undone'), undoAnswer('book', 'undone')])
      .when([undoAnswer('book', 'undone')]);
    expect(over.last.messages[0]?.event.data).toMatchObject({
      results: { book: { by: 'book' }, pay: { by: 'pay' } },
    });
  });

  it('asks independent branches at once', () => {
    const fork = testPlan([
      { id: 'book' },
      { id: 'pay', dependencies: ['book'] },
      { id: 'hold', dependencies: ['book'] },
      { id: 'b', dependencies: ['book'] },
    ]);
    const saga = new SagaUnderTest(fork).when([completed('book')]).when([failed('b')]);
    expect(asked(saga)).toEqual(['undo.hold-service hold/1', 'undo.pay-service pay/1']);
    const half = saga.when([undoAnswer('pay', 'nothing')]);
    expect(asked(half)).toEqual([]);
    expect(asked(half.when([undoAnswer('hold', 'nothing')]))).toEqual(['undo.book-service book/1']);
  });

  it('ends as failed where nothing was there to undo, and only behind every answer', () => {
    const saga = new SagaUnderTest(chain).when([timer('saga')], 3_600_000);
    expect(saga.state).toMatchObject({ status: 'compensating', error: { code: 'SAGA_TIMEOUT' } });
    const half = saga.when([undoAnswer('pay', 'nothing')]);
    expect(half.state.status).toBe('compensating');
    const over = half.when([undoAnswer('book', 'nothing')]);
    expect(over.state).toMatchObject({ status: 'failed', error: { code: 'SAGA_TIMEOUT' } });
    expect(types(over)).toEqual(['ai.aura.saga.failed.v1']);
  });

  it('takes an answer once, and ends that come late change nothing of the plan', () => {
    const saga = given().when([undoAnswer('pay', 'undone')]);
    const again = saga.when([undoAnswer('pay', 'undone'), undoAnswer('pay', 'failed'), completed('b')]);
    expect(again.state.undoing).toEqual(saga.state.undoing);
    expect(asked(again)).toEqual([]);
    expect(saga.when([undoAnswer('book', 'undone', { run: 2 })]).last.entries).toEqual([]);
    expect(saga.when([undoAnswer('a', 'undone')]).last.entries).toEqual([]);
  });

  it('asks again when nobody answers, with a new epoch, and in the end waits for a person', () => {
    let saga = given();
    for (const epoch of [1, 2]) {
      saga = saga.when([timer(`undo/pay/1/${epoch}`)], 30_000 * epoch);
      expect(asked(saga)).toEqual([`undo.pay-service pay/${epoch + 1}`]);
    }
    expect(saga.when([timer('undo/pay/1/3')], 60_001).last.entries).toEqual([]);
    const over = saga.when([timer('undo/pay/1/3')], 90_000);
    expect(over.state).toMatchObject({
      status: 'compensation_failed',
      failedStep: 'pay',
      applied: ['pay', 'book'],
      error: { code: 'UNDO_TIMEOUT' },
    });
    expect(types(over)).toEqual(['ai.aura.saga.compensation-failed.v1']);
    expect(waitingOf(chain, over.state, NO_GAP)).toMatchObject({
      waitingFor: 'a person',
      owner: 'operators',
    });
    const healed = over.when([undoAnswer('pay', 'undone')], 90_010);
    expect(healed.state).toMatchObject({ status: 'compensating', failedStep: 'b' });
    expect(asked(healed)).toEqual(['undo.book-service book/1']);
  });

  it('goes on with independent branches while one has failed', () => {
    const fork = testPlan([{ id: 'book' }, { id: 'pay' }, { id: 'b' }]);
    const saga = new SagaUnderTest(fork).when([failed('b')]).when([undoAnswer('pay', 'failed')]);
    expect(saga.state).toMatchObject({ status: 'compensation_failed', applied: ['pay', 'book'] });
    expect(timersOf(fork, saga.state, NO_GAP).map(({ id }) => id)).toEqual(['undo/book/1/1']);
    const half = saga.when([undoAnswer('book', 'undone')]);
    expect(half.state.status).toBe('compensation_failed');
    expect(half.when([mend('skip')]).state.status).toBe('compensated');
  });

  it('is fenced once: a failure of an epoch before is no news', () => {
    const saga = given().when([timer('undo/pay/1/1')], 30_000);
    expect(saga.when([undoAnswer('pay', 'failed')]).last.entries).toEqual([]);
    expect(saga.when([undoAnswer('pay', 'failed', { epoch: 2 })]).state.status).toBe('compensation_failed');
  });

  it('counts time in which the participant had paused as nobody’s', () => {
    const saga = given();
    const gap = (_since: number, participant?: string) => (participant === 'pay-service' ? 20_000 : 0);
    expect(saga.when([timer('undo/pay/1/1')], 30_000, gap).last.entries).toEqual([]);
    expect(asked(saga.when([timer('undo/pay/1/1')], 50_000, gap))).toEqual(['undo.pay-service pay/2']);
  });

  it('undoes a fallback before what it stands for depends on, and behind what came after it', () => {
    const plan = testPlan([
      { id: 'book' },
      { id: 'a', dependencies: ['book'], failure: { policy: 'fallback', action: 'hold' } },
      { id: 'pay', dependencies: ['a'] },
      { id: 'b', dependencies: ['pay'] },
    ]);
    const saga = new SagaUnderTest(plan)
      .when([completed('book'), refused('a')])
      .when([{ ...completed('a.fallback'), event: completed('hold').event }, completed('pay')])
      .when([failed('b')]);
    expect(saga.state.undoing?.items.map(({ step }) => step)).toEqual(['pay', 'a.fallback', 'book']);
  });
});

describe('what a person can do', () => {
  const plan = testPlan([{ id: 'book' }, { id: 'pay' }, { id: 'b' }]);
  const stuck = new SagaUnderTest(plan)
    .when([failed('b')])
    .when([undoAnswer('pay', 'failed'), undoAnswer('book', 'failed')]);

  it('retries every undo that failed, or one, with a new epoch; who and why stand in the journal', () => {
    const one = stuck.when([mend('retry', { step: 'pay' })]);
    expect(asked(one)).toEqual(['undo.pay-service pay/2']);
    expect(one.last.entries[0]?.entry).toEqual({
      kind: 'mended',
      command: 'retry',
      actor,
      reason: 'as agreed',
      steps: ['pay'],
    });
    expect(types(one)[0]).toBe('ai.aura.saga.mended.v1');
    expect(one.state.status).toBe('compensation_failed');
    const all = stuck.when([mend('retry')]);
    expect(asked(all)).toEqual(['undo.pay-service pay/2', 'undo.book-service book/2']);
    expect(types(all)).toContain('ai.aura.saga.compensating.v1');
    expect(all.state.status).toBe('compensating');
  });

  it('resolves by hand or leaves what cannot be undone, and the saga ends', () => {
    const half = stuck.when([mend('resolve', { step: 'pay', reason: 'paid back in cash' })]);
    expect(half.state.undoing?.items[0]).toMatchObject({ answer: 'resolved', note: 'paid back in cash' });
    expect(half.when([mend('skip')]).state.status).toBe('compensated');
  });

  it('is refused where it makes no sense', () => {
    for (const no of [mend('resume'), mend('retry', { step: 'b' })])
      expect(stuck.when([no]).last.entries).toEqual([]);
    expect(new SagaUnderTest(plan).when([mend('retry')]).last.entries).toEqual([]);
    const mended = stuck.when([mend('skip')]);
    expect(mended.when([mend('skip'), undoAnswer('pay', 'undone')]).last.entries).toEqual([]);
  });

  describe('about a step that suspended the saga', () => {
    const suspending = testPlan([
      { id: 'a', failure: { policy: 'suspend' } },
      { id: 'b', dependencies: ['a'], input: { from: 'steps.a.output.by' } },
    ]);
    const suspended = new SagaUnderTest(suspending).when([failed('a')]);

    it('has it tried again; the failure from before is no news any more', () => {
      const saga = suspended.when([mend('retry')]);
      expect(saga.state.status).toBe('running');
      expect(saga.last.messages.map(({ headers }) => headers)).toContainEqual({ targets: ['a'], epoch: 2 });
      expect(saga.when([failed('a')]).last.entries).toEqual([]);
      const again = saga.when([{ ...failed('a'), event: { ...failed('a').event, epoch: 2 } }]);
      expect(again.state.status).toBe('suspended');
      expect(saga.when([completed('a')]).state.steps['a']).toMatchObject({ end: 'completed' });
    });

    it('hears that it refused meanwhile, by a trigger from before that was on its way still', () => {
      const saga = suspended.when([mend('retry')]).when([refused('a')]);
      expect(saga.state).toMatchObject({
        status: 'suspended',
        steps: { a: { error: { kind: 'business' } } },
      });
      expect(mendProblem(saga.state, mend('retry'))).toMatch(/would answer the same again/);
    });

    it('gives its output by hand, which travels on as the step would have said it', () => {
      const saga = suspended.when([mend('resume', { output: { by: 'kim' } })]);
      expect(saga.state).toMatchObject({ status: 'running', steps: { a: { output: { by: 'kim' } } } });
      expect(saga.last.messages.find(({ event }) => event.type === 'test.a.done.v1')?.event).toMatchObject({
        data: { output: { by: 'kim' } },
        aurastep: 'a',
      });
      expect(saga.when([completed('b')]).state.status).toBe('completed');
    });

    it('goes on with what the step brought after all, and gives no other output for it', () => {
      const late = suspended.when([completed('a', { by: 'a itself' })]);
      expect(late.state.status).toBe('suspended');
      expect(late.when([mend('resume', { output: { by: 'kim' } })]).last.entries).toEqual([]);
      expect(mendProblem(late.state, mend('resume'))).toBe(
        'step a has completed after all, and what it brought stands: retry, which goes on with it, or cancel',
      );
      const on = late.when([mend('retry')]);
      expect(on.state).toMatchObject({ status: 'running', steps: { a: { output: { by: 'a itself' } } } });
      expect(on.last.entries.map(({ entry: { kind } }) => kind)).toEqual(['mended', 'resumed']);
      expect(on.when([completed('b')]).state.status).toBe('completed');
    });

    it('cannot leave or resolve it, retry a refusal, or name another step', () => {
      for (const no of [mend('skip'), mend('resolve'), mend('retry', { step: 'b' })])
        expect(suspended.when([no]).last.entries).toEqual([]);
      const no = new SagaUnderTest(suspending).when([refused('a')]);
      expect(no.when([mend('retry')]).last.entries).toEqual([]);
    });
  });
});
