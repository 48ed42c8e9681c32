import { completed, ended, failed, SagaUnderTest, startedSaga, testPlan } from '../testing';

const chain = testPlan([{ id: 'a' }, { id: 'b', dependencies: ['a'] }], {
  output: { first: 'steps.a.output.by', last: 'steps.b.output.by' },
});

function lastTypes(saga: SagaUnderTest): readonly string[] {
  return saga.last.messages.map(({ event }) => event.type);
}

describe('a saga that goes well', () => {
  it('waits while a step is open', () => {
    const saga = new SagaUnderTest(chain).when([completed('a')]);
    expect(saga.state.status).toBe('running');
    expect(saga.last.messages).toEqual([]);
  });

  it('completes with its output when every step has ended', () => {
    const saga = new SagaUnderTest(chain).when([completed('a')]).when([completed('b')]);
    expect(saga.state).toMatchObject({ status: 'completed', output: { first: 'a', last: 'b' } });
    expect(lastTypes(saga)).toEqual(['ai.aura.saga.completed.v1']);
  });

  it('takes the end of a later step before that of an earlier one', () => {
    const saga = new SagaUnderTest(chain).when([completed('b')]).when([completed('a')]);
    expect(saga.state.status).toBe('completed');
  });

  it('takes both ends in one turn as one row', () => {
    const saga = new SagaUnderTest(chain).when([completed('b'), completed('a')]);
    expect(saga.state).toMatchObject({ status: 'completed', seq: 2, sequence: 4 });
  });

  it('completes when a step was skipped', () => {
    const saga = new SagaUnderTest(chain).when([completed('a'), ended('b', 'skipped')]);
    expect(saga.state.output).toEqual({ first: 'a' });
  });
});

describe('an input that changes nothing', () => {
  const once = new SagaUnderTest(chain).when([completed('a')]);

  it.each([
    ['a duplicate', completed('a')],
    ['an end of another run', ended('b', 'completed', { run: 2 })],
    ['an end of a step that the plan does not have', completed('stranger')],
    ['a failure behind a success', failed('a')],
    ['a timer that is not due', { kind: 'timer', timer: 'step/b/1' } as const],
    ['a timer of a step that has ended', { kind: 'timer', timer: 'step/a/1' } as const],
    ['a timer that nobody set', { kind: 'timer', timer: 'nonsense' } as const],
  ])('makes no row: %s', (_name, input) => {
    expect(once.when([input]).last.entries).toEqual([]);
  });
});

describe('a step that fails', () => {
  it('makes the saga fail, when nothing was applied, with partial results', () => {
    const saga = new SagaUnderTest(chain).when([completed('a')]).when([failed('b')]);
    expect(saga.state).toMatchObject({ status: 'failed', failedStep: 'b', error: { code: 'BROKEN' } });
    expect(saga.last.messages[0]?.event.data).toMatchObject({ results: { a: { by: 'a' } }, failedStep: 'b' });
  });

  it('goes on with the default output under `continue`', () => {
    const plan = testPlan([
      { id: 'a', failure: { policy: 'continue', output: { by: 'default' } } },
      { id: 'b', dependencies: ['a'] },
    ]);
    const saga = new SagaUnderTest(plan).when([failed('a')]);
    expect(saga.state.steps['a']).toMatchObject({
      end: 'continued',
      output: { by: 'default' },
      error: { code: 'BROKEN' },
    });
    expect(saga.last.messages).toMatchObject([
      {
        event: { id: 'saga/s1/2/1', type: 'ai.aura.step.continued.v1', aurastep: 'a' },
        to: [{ key: 'ai.aura.step.continued.v1.test_flow' }],
      },
    ]);
    expect(saga.when([completed('b')]).state.status).toBe('completed');
  });

  it('completes by a default output under `fallback`', () => {
    const plan = testPlan([
      { id: 'a', failure: { policy: 'fallback', output: { by: 'default' } } },
      { id: 'b', dependencies: ['a'] },
    ]);
    const saga = new SagaUnderTest(plan).when([failed('a')]);
    expect(saga.last.messages).toMatchObject([
      { event: { type: 'test.a.done.v1', source: '/aura/coordinator', data: { output: { by: 'default' } } } },
    ]);
  });

  const withNode = testPlan([
    { id: 'a', failure: { policy: 'fallback', action: 'c' } },
    { id: 'b', dependencies: ['a'], input: { from: 'steps.a.output.by' } },
  ]);

  it('asks for its fallback node, once', () => {
    const saga = new SagaUnderTest(withNode).when([failed('a')]);
    expect(saga.last.messages).toMatchObject([
      { event: { type: 'ai.aura.step.fallback-requested.v1', aurastep: 'a.fallback' } },
    ]);
    expect(saga.when([failed('a')]).last.entries).toEqual([]);
  });

  it('is completed by its fallback node', () => {
    const saga = new SagaUnderTest(withNode)
      .when([failed('a')])
      .when([{ ...completed('a.fallback', { by: 'c' }), event: { ...completed('c').event } }]);
    expect(saga.state.steps['a']).toMatchObject({
      end: 'completed',
      endedBy: 'a.fallback',
      output: { by: 'c' },
    });
    expect(saga.when([completed('b')]).state.status).toBe('completed');
  });

  it('makes the saga fail when its fallback node fails too', () => {
    const saga = new SagaUnderTest(withNode).when([failed('a')]).when([failed('a.fallback', 'ALSO_BROKEN')]);
    expect(saga.state).toMatchObject({ status: 'failed', failedStep: 'a', error: { code: 'ALSO_BROKEN' } });
  });

  it('waits for a person under `suspend`', () => {
    const plan = testPlan([{ id: 'a', failure: { policy: 'suspend' } }]);
    const saga = new SagaUnderTest(plan).when([failed('a')]);
    expect(saga.state.status).toBe('suspended');
    expect(lastTypes(saga)).toEqual(['ai.aura.saga.suspended.v1']);
  });

  it('needs no reason to be a failure', () => {
    const plan = testPlan([{ id: 'a', failure: { policy: 'fallback', action: 'c' } }, { id: 'b' }]);
    const asked = new SagaUnderTest(plan).when([ended('a', 'failed')]);
    expect(asked.last.messages[0]?.event.data).toMatchObject({ error: { code: 'STEP_FAILED' } });
    expect(asked.when([ended('b', 'failed')]).state).toMatchObject({
      failedStep: 'b',
      error: { code: 'STEP_FAILED' },
    });
  });

  it('is outranked by its own later success', () => {
    const saga = new SagaUnderTest(chain).when([failed('b')]).when([completed('b')]);
    expect(saga.state.steps['b']?.end).toBe('completed');
    expect(saga.state.status).toBe('failed');
  });
});

describe('success criteria', () => {
  const plan = testPlan([{ id: 'a' }], { successCriteria: ['steps.a.output.count > 2'] });

  it('hold', () => {
    expect(new SagaUnderTest(plan).when([completed('a', { count: 3 })]).state.status).toBe('completed');
  });

  it('that do not hold make the saga fail and say which', () => {
    const saga = new SagaUnderTest(plan).when([completed('a', { count: 1 })]);
    expect(saga.state).toMatchObject({ status: 'failed', error: { code: 'SUCCESS_CRITERIA' } });
    expect(saga.state.error?.message).toContain('steps.a.output.count > 2');
  });

  it('that cannot be evaluated make the saga fail and say why', () => {
    const saga = new SagaUnderTest(plan).when([completed('a', {})]);
    expect(saga.state.error?.message).toContain('steps.a.output.count > 2');
  });
});

describe('timers', () => {
  const plan = testPlan([{ id: 'a', timeout: '10s', retryPolicy: { maxEpochs: 2 } }], { timeout: '5m' });
  const due = (timer: string) => ({ kind: 'timer', timer }) as const;

  it('ask for a step again with a new epoch when nobody answered', () => {
    const saga = new SagaUnderTest(plan).when([due('step/a/1')], 10_000);
    expect(saga.state.steps['a']).toMatchObject({ epoch: 2 });
    expect(saga.last.messages).toMatchObject([
      {
        event: { id: 'saga/s1/1/0', type: 'ai.aura.saga.started.v1', aurareplay: 'reemit' },
        to: [{ kind: 'queue', queue: 'aura.participant.a-service' }],
        headers: { targets: ['a'], epoch: 2 },
      },
      { event: { type: 'ai.aura.saga.step-retried.v1', data: { step: 'a', epoch: 2 } } },
    ]);
  });

  it('make the step fail when the last epoch is over', () => {
    const saga = new SagaUnderTest(plan).when([due('step/a/1')], 10_000).when([due('step/a/2')], 20_000);
    expect(saga.state).toMatchObject({
      status: 'failed',
      failedStep: 'a',
      error: { kind: 'timeout', code: 'STEP_TIMEOUT' },
    });
  });

  it('count only what the state still waits for', () => {
    const saga = new SagaUnderTest(plan).when([due('step/a/1')], 10_000);
    expect(saga.when([due('step/a/1')], 20_000).last.entries).toEqual([]);
  });

  it('stand still for time that was nobody’s fault', () => {
    const saga = new SagaUnderTest(plan).when([due('step/a/1')], 10_000, () => 5000);
    expect(saga.last.entries).toEqual([]);
    expect(saga.when([due('step/a/1')], 15_000, () => 5000).state.steps['a']?.epoch).toBe(2);
  });

  it('that end a saga behind a stateful step name no step', () => {
    const booked = testPlan([{ id: 'book' }]);
    const saga = new SagaUnderTest(booked).when([due('saga')], 3_600_000);
    expect(saga.state).toMatchObject({ status: 'compensating' });
    expect(saga.state).not.toHaveProperty('failedStep');
    expect(saga.last.messages[0]?.event.data).not.toHaveProperty('failedStep');
  });

  it('end a saga that takes too long', () => {
    const saga = new SagaUnderTest(plan).when([due('saga')], 300_000);
    expect(saga.state).toMatchObject({ status: 'failed', error: { code: 'SAGA_TIMEOUT' } });
  });

  it('re-emit the triggers of a join that nobody took in hand, with doubled patience', () => {
    const join = testPlan([{ id: 'a' }, { id: 'b' }, { id: 'c', dependencies: ['a', 'b'] }]);
    const saga = new SagaUnderTest(join)
      .when([completed('a'), completed('b')])
      .when([due('join/c/1/0')], 2000);
    expect(saga.last.messages.map(({ event }) => event.type)).toEqual(['test.a.done.v1', 'test.b.done.v1']);
    expect(saga.last.messages.every(({ event }) => event.aurareplay === 'reemit')).toBe(true);
    expect(saga.when([due('join/c/1/1')], 5999).last.entries).toEqual([]);
    expect(saga.when([due('join/c/1/1')], 6000).state.steps['c']?.reemissions).toBe(2);
  });

  it('ask again for a fallback node that nobody took in hand', () => {
    const withNode = testPlan([{ id: 'a', failure: { policy: 'fallback', action: 'c' }, timeout: '10s' }]);
    const saga = new SagaUnderTest(withNode).when([failed('a')]).when([due('step/a.fallback/1')], 10_000);
    expect(saga.last.messages[0]?.event).toMatchObject({
      type: 'ai.aura.step.fallback-requested.v1',
      aurareplay: 'reemit',
    });
  });
});

it('a saga that has just begun is as its start says', () => {
  expect(startedSaga(chain, { x: 1 })).toMatchObject({
    saga: 's1',
    seq: 1,
    sequence: 1,
    status: 'running',
    input: { x: 1 },
    steps: {},
  });
});
