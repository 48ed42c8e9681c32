import { arrived, begunSaga, completed, ended, failed, SagaUnderTest, undoAnswer } from './given-saga';
import { FAMILY_STORIES } from './family-stories';
import { testPlan } from './plans';

const cancel = { kind: 'cancel', actor: { subject: 'kim', roles: [] }, reason: 'wrong picture' } as const;
const timer = (id: string) => ({ kind: 'timer', timer: id }) as const;

const chain = testPlan(
  [{ id: 'a' }, { id: 'b', dependencies: ['a'], input: { from: 'steps.a.output.by' } }],
  {
    output: { last: 'steps.b.output.by' },
  },
);
const join4 = testPlan([
  { id: 'a' },
  { id: 'b', dependencies: ['a'] },
  { id: 'c', dependencies: ['a'] },
  { id: 'd', dependencies: ['b', 'c'], input: { all: ['steps.a.output.by', 'steps.c.output.by'] } },
]);
const fallbackNode = testPlan([
  { id: 'a' },
  { id: 'b', dependencies: ['a'], failure: { policy: 'fallback', action: 'c' } },
  { id: 'd', dependencies: ['b'], input: { from: 'steps.b.output.by' } },
]);
const patient = testPlan([{ id: 'a', timeout: '10s', retryPolicy: { maxEpochs: 2 } }], { timeout: '5m' });

const operator = { actor: { subject: 'kim', roles: ['operator'] }, reason: 'as agreed' } as const;
const bookings = testPlan([
  { id: 'book' },
  { id: 'a', dependencies: ['book'] },
  { id: 'pay', dependencies: ['a'] },
  { id: 'hold', dependencies: ['a'] },
  { id: 'b', dependencies: ['a'] },
]);
const shipping = testPlan(
  [
    { id: 'book' },
    { id: 'ship', dependencies: ['book'] },
    { id: 'c', dependencies: ['ship'], failure: { policy: 'continue', output: {} } },
  ],
  { timeout: '5m' },
);
const careful = testPlan([{ id: 'book', failure: { policy: 'fallback', action: 'pay' } }]);

const waiting = testPlan([
  { id: 'a' },
  { id: 'pause', type: 'wait', wait: { for: '10s' }, dependencies: ['a'] },
  { id: 'b', dependencies: ['pause'], input: { since: 'steps.pause.output.until' } },
]);
const forPayment = {
  id: 'paid',
  type: 'wait',
  wait: { on: 'com.shop.paid.v1', correlate: 'event.data.order', match: 'input.order' },
  timeout: '1m',
} as const;
const paying = testPlan([
  { id: 'a' },
  { ...forPayment, dependencies: ['a'] },
  { id: 'b', dependencies: ['paid'], input: { by: 'steps.paid.output.by' } },
]);
const dated = testPlan([{ id: 'noon', type: 'wait', wait: { until: 'input.at' } }]);

/** Lives of sagas, turn by turn, by what they show. */
export const STORIES: Readonly<Record<string, () => SagaUnderTest>> = {
  'happy-chain': () => new SagaUnderTest(chain).when([completed('a')], 10).when([completed('b')], 20),
  'late-first-step': () => new SagaUnderTest(chain).when([completed('b')], 10).when([completed('a')], 20),
  'lost-join': () =>
    new SagaUnderTest(join4)
      .when([completed('a'), completed('b')], 10)
      .when([completed('c')], 20)
      .when([timer('join/d/1/0')], 2020)
      .when([timer('join/d/1/1')], 6020)
      .when([completed('d')], 6030),
  'step-timeout': () =>
    new SagaUnderTest(patient).when([timer('step/a/1')], 10_000).when([timer('step/a/2')], 20_000),
  'step-answers-late': () =>
    new SagaUnderTest(patient)
      .when([timer('step/a/1')], 10_000)
      .when([completed('a')], 12_000)
      .when([ended('a', 'completed', { epoch: 2 })], 12_100),
  continue: () =>
    new SagaUnderTest(
      testPlan([
        { id: 'a', failure: { policy: 'continue', output: { by: 'default' } } },
        { id: 'b', dependencies: ['a'] },
      ]),
    )
      .when([failed('a')], 10)
      .when([completed('b')], 20),
  'fallback-by-output': () =>
    new SagaUnderTest(
      testPlan([
        { id: 'a', failure: { policy: 'fallback', output: { by: 'default' } } },
        { id: 'b', dependencies: ['a'] },
      ]),
    )
      .when([failed('a')], 10)
      .when([completed('b')], 20),
  'fallback-by-node': () =>
    new SagaUnderTest(fallbackNode)
      .when([completed('a')], 10)
      .when([failed('b')], 20)
      .when([timer('step/b.fallback/1')], 60_020)
      .when([{ ...completed('b.fallback', { by: 'c' }), event: completed('c').event }], 60_030)
      .when([completed('d')], 60_040),
  'fallback-fails-too': () =>
    new SagaUnderTest(fallbackNode)
      .when([completed('a'), failed('b')], 10)
      .when([failed('b.fallback', 'ALSO_BROKEN')], 20),
  suspend: () =>
    new SagaUnderTest(
      testPlan([{ id: 'a' }, { id: 'b', dependencies: ['a'], failure: { policy: 'suspend' } }]),
    )
      .when([completed('a')], 10)
      .when([failed('b')], 20),
  compensated: () =>
    new SagaUnderTest(bookings)
      .when([completed('book'), completed('a'), completed('pay')], 10)
      .when([failed('hold'), failed('b')], 20)
      .when([undoAnswer('hold', 'nothing'), undoAnswer('pay', 'undone')], 30)
      .when([undoAnswer('book', 'undone')], 40),
  'compensation-failed': () =>
    new SagaUnderTest(testPlan([{ id: 'book' }, { id: 'b', dependencies: ['book'] }]))
      .when([completed('book')], 10)
      .when([failed('b')], 20)
      .when([undoAnswer('book', 'failed')], 30)
      .when([{ ...operator, kind: 'mend', command: 'retry' }], 40)
      .when([timer('undo/book/1/2')], 30_040)
      .when([undoAnswer('book', 'failed', { epoch: 3 })], 30_050)
      .when([{ ...operator, kind: 'mend', command: 'resolve', step: 'book' }], 30_060),
  'cancelled-behind-effects': () =>
    new SagaUnderTest(bookings)
      .when([completed('book')], 10)
      .when([{ ...operator, kind: 'cancel' }], 20)
      .when([undoAnswer('hold', 'nothing'), undoAnswer('pay', 'nothing')], 30)
      .when([undoAnswer('book', 'undone')], 40),
  'nothing-to-undo': () =>
    new SagaUnderTest(testPlan([{ id: 'a' }, { id: 'book', dependencies: ['a'] }]))
      .when([failed('a')], 10)
      .when([undoAnswer('book', 'nothing')], 20),
  'pivot-applied': () =>
    new SagaUnderTest(shipping)
      .when([completed('book')], 10)
      .when([timer('saga')], 300_000)
      .when([completed('ship')], 300_010)
      .when([completed('c')], 300_020),
  'pivot-refused': () =>
    new SagaUnderTest(shipping)
      .when([completed('book')], 10)
      .when([timer('saga')], 300_000)
      .when([undoAnswer('ship', 'nothing')], 300_010)
      .when([undoAnswer('book', 'undone')], 300_020),
  'asks-before-fallback': () =>
    new SagaUnderTest(careful).when([failed('book')], 10).when([undoAnswer('book', 'undone')], 20),
  'asks-and-was-applied': () =>
    new SagaUnderTest(careful).when([failed('book')], 10).when([completed('book')], 20),
  'suspended-and-retried': () =>
    new SagaUnderTest(
      testPlan([
        { id: 'a', failure: { policy: 'suspend' } },
        { id: 'b', dependencies: ['a'] },
      ]),
    )
      .when([failed('a')], 10)
      .when([{ ...operator, kind: 'mend', command: 'retry' }], 20)
      .when([ended('a', 'completed', { epoch: 2, output: { by: 'a' } })], 30),
  'rerun-behind-effects': () =>
    new SagaUnderTest(bookings)
      .when(
        ['book', 'a', 'pay', 'hold', 'b'].map((id) => completed(id)),
        10,
      )
      .when([{ ...operator, kind: 'rerun', from: 'a' }], 20)
      .when([undoAnswer('hold', 'undone'), undoAnswer('pay', 'undone')], 30)
      .when([completed('b')], 35)
      .when(
        ['a', 'pay', 'hold', 'b'].map((id) => ended(id, 'completed', { run: 2 })),
        40,
      ),
  'rerun-carries-a-late-end': () =>
    new SagaUnderTest(
      testPlan([
        { id: 'a', failure: { policy: 'suspend' } },
        { id: 'b' },
        { id: 'c', dependencies: ['a', 'b'] },
      ]),
    )
      .when([failed('a')], 10)
      .when([{ ...operator, kind: 'rerun', from: 'a' }], 20)
      .when([ended('a', 'completed', { run: 2 })], 30)
      .when([completed('b')], 40)
      .when([{ kind: 'timer', timer: 'join/c/1/0' }], 2040)
      .when([ended('c', 'completed', { run: 2 })], 2050),
  'saga-timeout': () => new SagaUnderTest(patient).when([timer('saga')], 300_000),
  criteria: () =>
    new SagaUnderTest(testPlan([{ id: 'a' }], { successCriteria: ['steps.a.output.count > 2'] })).when(
      [completed('a', { count: 1 })],
      10,
    ),
  cancelled: () =>
    new SagaUnderTest(chain)
      .when([completed('a')], 10)
      .when([cancel], 20)
      .when([completed('b')], 30),
  'waits-for-a-time': () =>
    new SagaUnderTest(waiting)
      .when([completed('a')], 10)
      .when([timer('wait/pause/1')], 10_009)
      .when([timer('wait/pause/1'), timer('wait/pause/1')], 10_010)
      .when([completed('b')], 10_020),
  'waits-from-the-start': () =>
    begunSaga(dated, { at: '2023-11-14T22:14:00Z' }).when([timer('wait/noon/1')], 40_000),
  'wait-cannot-be-read': () => begunSaga(dated, { at: 'soon' }),
  'waits-for-an-event': () =>
    begunSaga(paying, { order: 'o7' })
      .when([completed('a')], 10)
      .when([arrived('paid', 'e1'), arrived('paid', 'e1')], 20)
      .when([arrived('paid', 'e2')], 30)
      .when([completed('b')], 40),
  'event-does-not-come': () =>
    begunSaga(paying, { order: 'o7' })
      .when([completed('a')], 10)
      .when([timer('wait/paid/1')], 60_010)
      .when([arrived('paid', 'e1')], 60_020),
  'waits-again-in-a-new-run': () =>
    new SagaUnderTest(waiting)
      .when([completed('a')], 10)
      .when([timer('wait/pause/1')], 10_010)
      .when([completed('b')], 10_020)
      .when([{ ...operator, kind: 'rerun', from: 'pause' }], 20_000)
      .when([timer('wait/pause/1')], 30_000)
      .when([ended('b', 'completed', { run: 2, output: { by: 'b' } })], 30_010),
  'waits-again-for-a-person': () =>
    begunSaga(testPlan([{ ...forPayment, failure: { policy: 'suspend' } }]), { order: 'o7' })
      .when([timer('wait/paid/1')], 60_000)
      .when([{ ...operator, kind: 'mend', command: 'retry' }], 70_000)
      .when([arrived('paid', 'e1')], 80_000),
  'wait-skipped': () =>
    begunSaga(
      testPlan([
        { id: 'pause', type: 'wait', wait: { for: '10s' }, when: 'input.patient' },
        { id: 'more', type: 'wait', wait: { for: '20s' }, dependencies: ['pause'] },
        { id: 'a', dependencies: ['more'], join: 'ended' },
      ]),
      { patient: false },
    ).when([completed('a')], 10),
  skipped: () =>
    new SagaUnderTest(
      testPlan([
        { id: 'a' },
        { id: 'b', dependencies: ['a'], when: 'steps.a.output.by == "nobody"' },
        { id: 'c', dependencies: ['a', 'b'], join: 'ended' },
      ]),
    )
      .when([completed('a')], 10)
      .when([ended('b', 'skipped', { reason: 'its condition is false: steps.a.output.by == "nobody"' })], 20)
      .when([timer('join/c/1/0')], 2020)
      .when([completed('c')], 2030),
  ...FAMILY_STORIES,
};
