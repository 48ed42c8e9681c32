import { arrived, begunSaga, completed, failed, testPlan } from '../testing';
import { waitViews } from './wait-views';

const wait = (id: string, more: object = {}) => ({
  id,
  type: 'wait',
  wait: { on: 'com.shop.paid.v1' },
  ...more,
});

const plan = testPlan([
  wait('paid'),
  { id: 'a', failure: { policy: 'suspend' } },
  wait('packed', { dependencies: ['a'] }),
]);

const shown = (saga: ReturnType<typeof begunSaga>) =>
  waitViews(saga.compiled, saga.state).map(({ id, fields, body }) => [
    id,
    fields.isOpen,
    (JSON.parse(body) as { cause: { id: string } | null }).cause?.id,
  ]);

describe('the waits of a saga for whoever brings events', () => {
  it('are those that have begun, by the saga’s id where nothing else is their key', () => {
    const [first, ...more] = waitViews(plan, begunSaga(plan).state);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      id: 's1/paid',
      version: 1,
      fields: { type: 'com.shop.paid.v1', key: 's1', place: 'test_flow/paid', saga: 's1', partition: 3 },
    });
  });

  it('are closed by their event, which they name', () => {
    const saga = begunSaga(plan).when([completed('a')], 10);
    expect(shown(saga)).toEqual([
      ['s1/paid', 1, undefined],
      ['s1/packed', 1, undefined],
    ]);
    expect(shown(saga.when([arrived('paid', 'e1')], 20))).toEqual([
      ['s1/paid', 0, 'e1'],
      ['s1/packed', 1, undefined],
    ]);
  });

  it('stay open while the saga is suspended, as it may go on, and are closed when it ends', () => {
    const suspended = begunSaga(plan).when([failed('a')], 10);
    expect(suspended.state.status).toBe('suspended');
    expect(shown(suspended)).toEqual([['s1/paid', 1, undefined]]);
    const cancel = { kind: 'cancel', actor: { subject: 'kim', roles: [] }, reason: 'no' } as const;
    expect(shown(suspended.when([cancel], 20))).toEqual([['s1/paid', 0, undefined]]);
  });

  it('say nothing of steps that wait for a time', () => {
    const timed = testPlan([{ id: 'pause', type: 'wait', wait: { for: '10s' } }]);
    expect(waitViews(timed, begunSaga(timed).state)).toEqual([]);
  });
});
