import type { CloudEvent, JsonValue } from '@aura/contracts';
import { completed, ended, SagaUnderTest, testPlan } from '../testing';
import { asksForNothing, inputOf, isNews } from './input';

const plan = testPlan([{ id: 'a' }, { id: 'b', dependencies: ['a'] }]);

function read(type: string, data: JsonValue, more: Partial<CloudEvent> = {}) {
  return inputOf(
    plan,
    { specversion: '1.0', id: 'e1', source: '/aura/a-service', type, aurastep: 'a', data, ...more },
    0,
  );
}

describe('what an event says to a saga', () => {
  it('is a completion, when it is what the step emits', () => {
    expect(
      read('test.a.done.v1', { output: 3 }, { aurarun: 2, auraepoch: 4, auraattempt: 5, time: 't' }),
    ).toEqual({
      kind: 'stepEnd',
      step: 'a',
      run: 2,
      end: 'completed',
      attempts: 5,
      output: 3,
      event: { source: '/aura/a-service', id: 'e1', type: 'test.a.done.v1', time: 't', epoch: 4 },
    });
  });

  it('has a time, a run, an epoch and an attempt also when none is told', () => {
    expect(read('test.a.done.v1', {})).toMatchObject({
      run: 1,
      attempts: 1,
      event: { time: '1970-01-01T00:00:00.000Z', epoch: 1 },
    });
  });

  it.each([
    ['ai.aura.step.skipped.v1', { reason: 'why' }, { end: 'skipped', reason: 'why' }],
    [
      'ai.aura.step.failed.v1',
      { error: { kind: 'business', code: 'NO', message: 'no' }, attempts: 3, deadLetterId: 'd1' },
      {
        end: 'failed',
        attempts: 3,
        deadLetterId: 'd1',
        error: { kind: 'business', code: 'NO', message: 'no' },
      },
    ],
    ['ai.aura.step.failed.v1', { error: 'oh' }, { end: 'failed', error: { code: 'UNREADABLE_ERROR' } }],
    ['ai.aura.step.failed.v1', null, { end: 'failed', error: { code: 'UNREADABLE_ERROR' } }],
    [
      'ai.aura.step.continued.v1',
      { output: 1, error: { kind: 'timeout', code: 'T', message: 't' } },
      { end: 'continued', output: 1, error: { code: 'T' } },
    ],
    ['ai.aura.saga.timer-due.v1', { timer: 'saga' }, { kind: 'timer', timer: 'saga' }],
  ])('is read from %s with %j', (type, data, expected) => {
    expect(read(type, data as JsonValue)).toMatchObject(expected);
  });

  it.each([
    ['another event of the action', 'test.a.more.v1', {}, {}],
    ['an event of no step', 'test.a.done.v1', {}, { aurastep: 'stranger' }],
    ['an event of the step behind', 'test.b.done.v1', {}, {}],
    ['a timer without a name', 'ai.aura.saga.timer-due.v1', { timer: 3 }, {}],
  ])('is nothing for %s', (_name, type, data, more) => {
    expect(read(type, data, more)).toBeUndefined();
  });
});

describe('an answer to an undo', () => {
  const error = { kind: 'technical', code: 'NO', message: 'no' };

  it.each([
    ['ai.aura.step.undone.v1', { output: 1 }, { answer: 'undone' }],
    ['ai.aura.step.nothing-to-undo.v1', {}, { answer: 'nothing' }],
    [
      'ai.aura.step.undo-failed.v1',
      { error, deadLetterId: 'd1' },
      { answer: 'failed', error, deadLetterId: 'd1' },
    ],
    ['ai.aura.step.undo-failed.v1', { error }, { answer: 'failed', error }],
  ])('is read from %s with %j', (type, data, expected) => {
    const input = read(type, data, { aurarun: 2, auraepoch: 3 });
    expect(input).toMatchObject({ kind: 'undoAnswer', step: 'a', run: 2, ...expected });
    if (!('error' in expected)) expect(input).not.toHaveProperty('error');
    if (!('deadLetterId' in expected)) expect(input).not.toHaveProperty('deadLetterId');
  });
});

describe('news', () => {
  const tells = (saga: SagaUnderTest, type: string, more: Partial<CloudEvent> = {}): boolean =>
    isNews(plan, saga.state, {
      specversion: '1.0',
      id: 'e1',
      source: '/aura/a-service',
      type,
      aurastep: 'a',
      ...more,
    });
  const fresh = new SagaUnderTest(plan);

  it('is an end of a step that has none, or a lesser one', () => {
    expect(tells(fresh, 'test.a.done.v1')).toBe(true);
    const refused = { error: { kind: 'business', code: 'NO', message: 'no' } } as const;
    const failing = fresh.when([ended('a', 'failed', refused)]);
    expect(tells(failing, 'test.a.done.v1')).toBe(true);
    expect(tells(fresh.when([completed('a')]), 'test.a.done.v1')).toBe(false);
  });

  it('is nothing about another run, another step, or without an end', () => {
    expect(tells(fresh, 'test.a.done.v1', { aurarun: 2 })).toBe(false);
    expect(tells(fresh, 'test.a.done.v1', { aurastep: 'stranger' })).toBe(false);
    expect(tells(fresh, 'test.a.more.v1')).toBe(false);
    const nameless = { specversion: '1.0', id: 'e', source: '/x', type: 'test.a.done.v1' } as const;
    expect(isNews(plan, fresh.state, nameless)).toBe(false);
    expect(inputOf(plan, nameless, 0)).toBeUndefined();
  });
});

describe('an event that asks for nothing', () => {
  const event = (type: string, aurastep: string): CloudEvent => ({
    specversion: '1.0',
    id: 'e1',
    source: '/aura/a-service',
    type,
    aurastep,
  });

  it('completes a step that others follow, in a saga that runs', () => {
    expect(asksForNothing(plan, event('test.a.done.v1', 'a'), 'running')).toBe(true);
  });

  it.each([
    ['another end of the step', 'ai.aura.step.failed.v1', 'a', 'running'],
    ['the last step', 'test.b.done.v1', 'b', 'running'],
    ['a step that is not there', 'test.a.done.v1', 'z', 'running'],
    ['a saga that does not run', 'test.a.done.v1', 'a', 'failed'],
  ] as const)('is not %s', (_what, type, step, status) => {
    expect(asksForNothing(plan, event(type, step), status)).toBe(false);
  });

  it('is not what names no step', () => {
    const nameless = { specversion: '1.0', id: 'e', source: '/x', type: 'test.a.done.v1' } as const;
    expect(asksForNothing(plan, nameless, 'running')).toBe(false);
  });
});
