import { MOST_STATE_CHARACTERS } from '@aura/kernel';
import type { JsonValue } from '@aura/contracts';
import { arrived, begunSaga, completed, SagaUnderTest, STARTED_AT, testPlan } from '../../testing';
import { appliedOf } from '../applied';
import { inputOf, asksForNothing, isNews } from '../input';
import { isInFlight } from '../in-flight';
import { stepOf } from '../state';
import { timersOf } from '../timers';

const dated = testPlan([{ id: 'noon', type: 'wait', wait: { until: 'input.at' } }]);
const paying = testPlan([
  {
    id: 'paid',
    type: 'wait',
    wait: { on: 'com.shop.paid.v1', correlate: 'event.data.order', match: 'input.order' },
  },
]);
const timer = (id: string) => ({ kind: 'timer', timer: id }) as const;

function errorOf(plan: typeof dated, input: JsonValue): string | undefined {
  return stepOf(begunSaga(plan, input).state, plan.plan.steps[0]?.id ?? '').error?.message;
}

describe('a wait', () => {
  it.each([
    ['soon', 'until gives "soon", which is no time'],
    [7, 'until gives 7, which is no time'],
    [undefined, 'until gives nothing, which is no time'],
    ['2030-01-31', 'until gives "2030-01-31", which is no time'],
    ['2030-01-31T12:00:00', 'until gives "2030-01-31T12:00:00", which is no time'],
    ['2030-13-31T12:00:00Z', 'until gives "2030-13-31T12:00:00Z", which is no time'],
  ])('until %p fails', (at, message) => {
    expect(errorOf(dated, at === undefined ? {} : { at })).toContain(message);
  });

  it.each([
    ['', 'match gives "", which is no key'],
    [true, 'match gives true, which is no key'],
    [undefined, 'match gives nothing, which is no key'],
  ])('for the key %p fails', (order, message) => {
    expect(errorOf(paying, order === undefined ? {} : { order })).toContain(message);
  });

  it('takes a number for a key', () => {
    expect(stepOf(begunSaga(paying, { order: 7 }).state, 'paid').begun?.builtIn).toEqual({
      type: 'wait',
      on: 'com.shop.paid.v1',
      key: '7',
    });
  });

  it('for a span is moved by time that was nobody’s fault, until a date is not', () => {
    const pausing = testPlan([{ id: 'pause', type: 'wait', wait: { for: '10s' } }]);
    const lost = () => 60_000;
    const due = (saga: SagaUnderTest) =>
      timersOf(saga.compiled, saga.state, lost).map(({ id, until }) => [id, until - STARTED_AT]);
    expect(due(begunSaga(pausing))[0]).toEqual(['wait/pause/1', 70_000]);
    expect(due(begunSaga(dated, { at: new Date(STARTED_AT + 5000).toISOString() }))[0]).toEqual([
      'wait/noon/1',
      5000,
    ]);
  });

  it('for a time that has passed ends at the first look', () => {
    const saga = begunSaga(dated, { at: '2001-01-01T00:00:00+01:00' }).when([timer('wait/noon/1')], 1);
    expect(saga.state).toMatchObject({
      status: 'completed',
      output: { noon: { until: '2000-12-31T23:00:00.000Z' } },
    });
  });

  it('takes no event of another type or run, and none when the saga goes no further', () => {
    const saga = begunSaga(paying, { order: 'o1' });
    const other = {
      ...arrived('paid', 'e1'),
      event: { source: '/shop', id: 'e1', type: 'com.shop.other.v1' },
    };
    expect(saga.when([other, arrived('paid', 'e1', {}, 2)], 10).last.entries).toEqual([]);
    const cancel = { kind: 'cancel', actor: { subject: 'kim', roles: [] }, reason: 'no' } as const;
    const stopped = saga.when([cancel], 10).when([arrived('paid', 'e1')], 20);
    expect(stopped.state.status).toBe('cancelled');
    expect(stopped.last.entries).toEqual([]);
  });

  it('takes no event for a time, and none that the saga cannot keep', () => {
    const pausing = begunSaga(testPlan([{ id: 'pause', type: 'wait', wait: { for: '10s' } }]));
    expect(pausing.when([arrived('pause', 'e1')], 10).last.entries).toEqual([]);
    const large = begunSaga(paying, { order: 'o1' }).when(
      [arrived('paid', 'e1', 'x'.repeat(MOST_STATE_CHARACTERS))],
      10,
    );
    expect(large.state).toMatchObject({ status: 'failed', error: { code: 'SAGA_TOO_LARGE' } });
  });

  it('hears of its event as it comes from the ingress, and of nothing that is not one', () => {
    const { state, compiled } = begunSaga(paying, { order: 'o1' });
    const event = {
      specversion: '1.0',
      id: 'x',
      source: '/aura/coordinator',
      type: 'ai.aura.step.event-arrived.v1',
      aurastep: 'paid',
      data: { event: { source: '/shop', id: 'e1', type: 'com.shop.paid.v1' }, data: { by: 'kim' } },
    } as const;
    expect(inputOf(compiled, event, 0)).toEqual(arrived('paid', 'e1'));
    expect(inputOf(compiled, { ...event, data: { event: 'e1' } }, 0)).toBeUndefined();
    expect(isNews(compiled, state, event)).toBe(true);
    const over = new SagaUnderTest(compiled, state).when([arrived('paid', 'e1')], 10).state;
    expect(isNews(compiled, over, event)).toBe(false);
  });

  it('of a saga is no work in flight; anything beside it is', () => {
    const beside = testPlan([{ id: 'a' }, { id: 'pause', type: 'wait', wait: { for: '10s' } }]);
    const saga = begunSaga(beside);
    expect(isInFlight(beside, saga.state)).toBe(true);
    const alone = saga.when([completed('a')], 10);
    expect(isInFlight(beside, alone.state)).toBe(false);
    expect(isInFlight(beside, alone.when([timer('wait/pause/1')], 10_000).state)).toBe(false);
  });

  it('keeps nobody waiting behind it for what lingers', () => {
    const behind = testPlan([
      { id: 'a' },
      { id: 'pause', type: 'wait', wait: { for: '1s' }, dependencies: ['a'] },
    ]);
    const event = {
      specversion: '1.0',
      id: 'x',
      source: '/a',
      type: 'test.a.done.v1',
      aurastep: 'a',
    } as const;
    expect(asksForNothing(behind, event, 'running')).toBe(false);
  });

  it('keeps what stands behind it from being reached by an event in flight', () => {
    const booking = testPlan([
      { id: 'a' },
      { id: 'pause', type: 'wait', wait: { for: '10s' }, dependencies: ['a'] },
      { id: 'book', dependencies: ['pause'] },
    ]);
    const saga = new SagaUnderTest(booking).when([completed('a')], 10);
    expect(appliedOf(booking, saga.state)).toEqual([]);
    expect(appliedOf(booking, saga.when([timer('wait/pause/1')], 10_010).state)).toEqual(['book']);
  });

  it('fails when its condition has no answer', () => {
    const plan = testPlan([{ id: 'pause', type: 'wait', wait: { for: '1s' }, when: 'input.gone == 1' }]);
    expect(begunSaga(plan).state).toMatchObject({ status: 'failed', error: { code: 'CONDITION_ERROR' } });
  });
});
