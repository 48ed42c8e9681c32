import { definition, HEAD, INPUT, planOf, problemsOf } from './testing/sample-actions';

const ONE = '  - { id: first, action: one }';
const WHEN = '  - { id: first, action: one, when: input.x == "go" }';

describe('a definition compiles', () => {
  it.each([
    [
      'a step that may be skipped feeds one that is skipped with it',
      WHEN,
      '  - { id: second, action: needy, dependencies: [first], input: { a: steps.first.output.b } }',
    ],
    [
      'optional input may be absent',
      WHEN,
      '  - { id: second, action: one, join: ended, dependencies: [first], input: { a: steps.first.output.b } }',
    ],
    [
      'a default output stands in',
      '  - { id: first, action: one, failure: { policy: continue, output: { b: none } } }',
      '  - { id: second, action: needy, dependencies: [first], input: { a: steps.first.output.b } }',
    ],
    [
      'a pivot is last',
      '  - { id: first, action: reserve }',
      '  - { id: second, action: pay, dependencies: [first] }',
    ],
    [
      'a pivot is followed by what cannot fail',
      '  - { id: first, action: pay }',
      '  - { id: second, action: one, dependencies: [first], failure: { policy: continue, output: {} } }',
    ],
    [
      'a condition asks for what may be absent',
      WHEN,
      '  - { id: second, action: one, dependencies: [first], join: ended, when: has(steps.first.output) }',
    ],
    [
      'a text that begins like a path is escaped',
      '  - { id: first, action: needy, input: { a: { literal: input.x } } }',
      '  - { id: second, action: two }',
    ],
    [
      'prose about input is a literal',
      '  - { id: first, action: needy, input: { a: inputs are fine } }',
      '  - { id: second, action: two }',
    ],
  ])('when %s', (_title, ...steps) => {
    expect(problemsOf(definition(...steps))).toEqual([]);
  });

  it('from JSON as from YAML', () => {
    const json = JSON.stringify({
      id: 'demo',
      name: 'Demo',
      version: '1.0.0',
      steps: [{ id: 'first', action: 'one' }],
    });
    expect(planOf(json)).toEqual(planOf([...HEAD, 'steps:', ONE].join('\n')));
  });

  it('to the same digest whatever the order of keys, the layout and the comments', () => {
    const one = planOf(definition('  - { id: first, action: one, input: { a: input.x, n: 3 } }'));
    const other = planOf(
      [
        '# a comment',
        'steps:',
        '  - action: one',
        '    input:',
        '      n: 3',
        '      a: input.x',
        '    id: first',
        INPUT,
        ...[...HEAD].reverse(),
      ].join('\n'),
    );
    expect(other.digest).toBe(one.digest);
    expect(planOf(definition('  - { id: first, action: one, input: { a: input.x, n: 4 } }')).digest).not.toBe(
      one.digest,
    );
  });

  it('to fallback nodes that stand behind all steps and are triggered by nothing but the request', () => {
    const { steps } = planOf(
      definition(
        '  - id: first',
        '    action: one',
        '    failure: { policy: fallback, action: reserve }',
        '    undo: { timeout: 2s, retryPolicy: { maxAttempts: 7, initialDelay: 20ms, maxDelay: 40ms } }',
        '  - { id: second, action: two, dependencies: [first] }',
      ),
    );
    expect(steps.map(({ id }) => id)).toEqual(['first', 'second', 'first.fallback']);
    expect(steps[0]).toMatchObject({
      recordsEnd: true,
      failure: { policy: 'fallback', node: 'first.fallback' },
      dependents: ['second'],
    });
    expect(steps[2]).toMatchObject({
      standsFor: 'first',
      dependencies: [],
      dependents: [],
      recordsEnd: true,
      undo: 'undo-it',
      undoPolicy: {
        timeoutMs: 2000,
        retry: { maxAttempts: 7, initialDelayMs: 20, multiplier: 2, maxDelayMs: 40, maxEpochs: 3 },
      },
      failure: { policy: 'compensate' },
    });
  });

  it('to recorded ends where the end depends on arrival, on the world, or is acted upon', () => {
    const { steps } = planOf(
      definition(
        ONE,
        '  - { id: reading, action: look }',
        '  - { id: optional, action: one, failure: { policy: continue, output: {} } }',
        '  - { id: either, action: one, join: any, dependencies: [first, reading] }',
        '  - { id: only, action: one, join: any, dependencies: [first] }',
        '  - { id: last, action: one, join: ended, dependencies: [either, only] }',
      ),
    );
    expect(steps.filter(({ recordsEnd }) => recordsEnd).map(({ id }) => id)).toEqual([
      'reading',
      'optional',
      'either',
      'last',
    ]);
  });

  it('to what can be skipped under each join', () => {
    const { steps } = planOf(
      definition(
        WHEN,
        '  - { id: sure, action: one }',
        '  - { id: both, action: one, dependencies: [first, sure] }',
        '  - { id: one_of, action: one, join: any, dependencies: [first, sure] }',
        '  - { id: one_of_one, action: one, join: any, dependencies: [first] }',
        '  - { id: anyway, action: one, join: ended, dependencies: [first, both] }',
      ),
    );
    expect(steps.filter(({ skippable }) => skippable).map(({ id }) => id)).toEqual([
      'first',
      'both',
      'one_of_one',
    ]);
  });

  it('to what each event must carry for the steps behind it, and no more', () => {
    const { steps, startCarries } = planOf(
      definition(
        '  - { id: first, action: one, input: { a: input.x } }',
        '  - { id: second, action: one, dependencies: [first], input: { a: steps.first.output.b } }',
        '  - { id: third, action: one, dependencies: [second], when: has(input.n), input: { a: steps.first.output.maybe } }',
        '  - { id: last, action: one, dependencies: [third], input: steps.first.output, cache: { ttl: 1m, key: [input.x] } }',
      ),
    );
    expect([startCarries, ...steps.map(({ carries }) => carries)]).toEqual([
      { input: ['n', 'x'], steps: {} },
      { input: ['n', 'x'], steps: {} },
      { input: ['n', 'x'], steps: { first: true } },
      { input: ['x'], steps: { first: true } },
      { input: [], steps: {} },
    ]);
  });

  it('to all outputs where a condition chooses among them later', () => {
    const { steps } = planOf(
      definition(
        ONE,
        '  - { id: second, action: one, dependencies: [first] }',
        '  - { id: third, action: one, dependencies: [second], when: size(steps) > 1 }',
      ),
    );
    expect(steps[1]?.carries).toEqual({ input: [], steps: { first: true } });
  });

  it('to triggers that read the event', () => {
    const plan = planOf(
      [
        ...HEAD,
        INPUT,
        'triggers:',
        '  - on: com.shop.ordered.v1',
        '    when: event.data.n > 1',
        '    correlate: event.subject',
        '    input: { x: event.id, n: event.data.n }',
        'steps:',
        ONE,
      ].join('\n'),
    );
    expect(plan.triggers).toEqual([
      {
        on: 'com.shop.ordered.v1',
        when: 'event.data.n > 1',
        correlate: 'event.subject',
        input: {
          kind: 'object',
          members: { x: { kind: 'input', path: ['id'] }, n: { kind: 'input', path: ['data', 'n'] } },
        },
      },
    ]);
  });

  it('to the retries and time limits of the step, else of the definition, else the defaults', () => {
    const { steps } = planOf(
      [
        ...HEAD,
        'timeout: 20s',
        'retryPolicy: { maxAttempts: 5, maxDelay: 1m }',
        'steps:',
        '  - { id: first, action: one, timeout: 500ms, retryPolicy: { maxAttempts: 1, initialDelay: 2s, multiplier: 3, maxEpochs: 4 } }',
        '  - { id: second, action: one }',
      ].join('\n'),
    );
    expect(steps.map(({ timeoutMs, retry }) => [timeoutMs, retry])).toEqual([
      [500, { maxAttempts: 1, initialDelayMs: 2000, multiplier: 3, maxDelayMs: 60_000, maxEpochs: 4 }],
      [20_000, { maxAttempts: 5, initialDelayMs: 500, multiplier: 2, maxDelayMs: 60_000, maxEpochs: 2 }],
    ]);
  });

  it('with an input that is an object, said or not', () => {
    const inputOf = (line: string) => planOf([...HEAD, line, 'steps:', ONE].join('\n')).input;
    expect(inputOf('input: true')).toEqual({ type: 'object' });
    expect(inputOf('input: { required: [x] }')).toEqual({ type: 'object', required: ['x'] });
    expect(inputOf('description: none')).toEqual({ type: 'object' });
  });

  it('with the outputs of the last steps, when no output is written', () => {
    expect(planOf(definition(ONE, '  - { id: second, action: one, dependencies: [first] }')).output).toEqual({
      kind: 'object',
      members: { second: { kind: 'step', step: 'second', path: [] } },
    });
  });
});
