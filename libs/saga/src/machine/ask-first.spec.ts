import { completed, ended, failed, SagaUnderTest, testPlan, undoAnswer } from '../testing';
import type { MendInput } from './saga-input';
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

describe('going on without a stateful step', () => {
  const optional = testPlan([
    { id: 'book', failure: { policy: 'continue', output: { by: 'default' } } },
    { id: 'b', dependencies: ['book'] },
  ]);

  it('asks first how it ended; a refusal lets the saga go on', () => {
    const saga = new SagaUnderTest(optional).when([failed('book')]);
    expect(asked(saga)).toEqual(['end.book-service book/1']);
    expect(saga.state.steps['book']).toMatchObject({ end: 'failed' });
    expect(waitingOf(optional, saga.state, NO_GAP)?.waitingFor).toContain('how step book ended');
    const on = saga.when([undoAnswer('book', 'nothing')]);
    expect(on.state.steps['book']).toMatchObject({ end: 'continued', output: { by: 'default' } });
    expect(on.when([failed('b')]).state.status).toBe('failed');
  });

  it('takes “applied” for its end, and drops the default', () => {
    const saga = new SagaUnderTest(optional).when([failed('book')]).when([completed('book')]);
    expect(saga.state.steps['book']).toMatchObject({ end: 'completed', output: { by: 'book' } });
    expect(saga.when([undoAnswer('book', 'nothing')]).state.steps['book']).toMatchObject({
      end: 'completed',
    });
  });

  it('does not ask where the participant itself refused', () => {
    expect(asked(new SagaUnderTest(optional).when([refused('book')]))).toEqual([]);
  });

  it('asks again when nobody answers, and in the end gives the saga up', () => {
    let saga = new SagaUnderTest(optional).when([failed('book')]);
    for (const epoch of [1, 2]) {
      saga = saga.when([timer(`ask/book/${epoch}`)], 30_000 * epoch);
      expect(asked(saga)).toEqual([`end.book-service book/${epoch + 1}`]);
    }
    saga = saga.when([timer('ask/book/3')], 90_000);
    expect(saga.state).toMatchObject({ status: 'compensating', error: { code: 'END_UNKNOWN' } });
    expect(asked(saga)).toEqual(['undo.book-service book/4']);
    expect(saga.when([undoAnswer('book', 'nothing', { epoch: 2 })]).state.status).toBe('failed');
  });

  it('does not take the failed question, told once more, for a failed undo that is not asked for yet', () => {
    const plan = testPlan([
      { id: 'book', failure: { policy: 'continue', output: { by: 'default' } } },
      { id: 'pay', dependencies: ['book'] },
    ]);
    const answer = undoAnswer('book', 'failed');
    const given = new SagaUnderTest(plan).when([failed('book')]).when([answer]);
    expect(asked(given)).toEqual(['undo.pay-service pay/1']);
    expect(given.when([answer]).last.entries).toEqual([]);
    const on = given.when([undoAnswer('pay', 'nothing')]);
    expect(asked(on)).toEqual(['undo.book-service book/2']);
    expect(on.when([undoAnswer('book', 'failed', { epoch: 2 })]).state.status).toBe('compensation_failed');
  });

  it('gives the saga up when it could not be refused', () => {
    const saga = new SagaUnderTest(optional).when([failed('book')]).when([undoAnswer('book', 'failed')]);
    expect(saga.state).toMatchObject({ status: 'compensating', error: { code: 'STUCK' } });
    expect(asked(saga)).toEqual(['undo.book-service book/2']);
  });
});

describe('a pivot', () => {
  const plan = testPlan([
    { id: 'book' },
    { id: 'ship', dependencies: ['book'] },
    { id: 'c', dependencies: ['ship'], failure: { policy: 'continue', output: {} } },
  ]);
  const timedOut = new SagaUnderTest(plan).when([completed('book')]).when([timer('saga')], 3_600_000);
  const cancel = { kind: 'cancel', actor, reason: 'changed my mind' } as const;

  it('is asked before anything is undone', () => {
    expect(asked(timedOut)).toEqual(['end.ship-service ship/1']);
    expect(waitingOf(plan, timedOut.state, NO_GAP)?.waitingFor).toContain('how step ship ended');
    expect(asked(timedOut.when([undoAnswer('ship', 'nothing')]))).toEqual(['undo.book-service book/1']);
  });

  it('that is applied makes the saga complete, whatever it was given up for', () => {
    for (const given of [timedOut, new SagaUnderTest(plan).when([completed('book')]).when([cancel])]) {
      const on = given.when([completed('ship')], 3_600_010);
      expect(on.state).toMatchObject({ status: 'running' });
      expect(on.state).not.toHaveProperty('undoing');
      expect(types(on)).toEqual(['ai.aura.saga.resumed.v1']);
      expect(on.when([timer('saga')], 7_200_000).last.entries).toEqual([]);
      expect(on.when([cancel]).last.entries).toEqual([]);
      expect(on.when([completed('c')]).state.status).toBe('completed');
    }
  });

  it('that was skipped is as good as refused', () => {
    const on = timedOut.when([ended('ship', 'skipped')]);
    expect(asked(on)).toEqual(['undo.book-service book/1']);
  });

  it('that is applied in a saga that cannot complete waits for a person', () => {
    const large = testPlan([{ id: 'ship' }], {
      output: { twice: ['steps.ship.output', 'steps.ship.output'] },
    });
    const saga = new SagaUnderTest(large).when([completed('ship', { large: 'x'.repeat(700_000) })]);
    expect(saga.state).toMatchObject({ status: 'compensation_failed', error: { code: 'NO_UNDO' } });
    expect(saga.when([mend('resolve')]).state).toMatchObject({
      status: 'compensated',
      error: { code: 'SAGA_TOO_LARGE' },
    });
  });
});
