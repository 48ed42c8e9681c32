import type { DefinitionProblem } from '@aura/contracts';
import type { Plan } from '../plan/plan';
import { compileDefinition } from './compile-definition';
import type { ActionCatalogue, OfferedAction } from './draft-model';

const text = { type: 'string' };

function action(name: string, more: Partial<OfferedAction> = {}): [string, OfferedAction] {
  return [
    name,
    {
      name,
      participant: `p-${name}`,
      kind: 'pure',
      description: '',
      input: { type: 'object', properties: { a: text, n: { type: 'integer' }, c: { enum: ['x', 'y'] } } },
      output: {
        type: 'object',
        properties: { b: text, maybe: text, list: { type: 'array', items: { $ref: '#/$defs/item' } } },
        required: ['b'],
        additionalProperties: false,
        $defs: { item: { type: 'object', properties: { hex: text }, required: ['hex'] } },
      },
      emits: `ai.aura.${name}.done.v1`,
      publishes: [],
      ...more,
    },
  ];
}

const needsA: OfferedAction['input'] = {
  type: 'object',
  properties: { a: text },
  required: ['a'],
  additionalProperties: false,
};
const undo = { name: 'undo-it', input: true };

const catalogue: ActionCatalogue = new Map([
  action('one'),
  action('two'),
  action('needy', { input: needsA }),
  action('pay', { kind: 'stateful' }),
  action('reserve', { kind: 'stateful', undo }),
  action('look', { kind: 'reading' }),
  action('loud', { emits: `ai.aura.${'x'.repeat(190)}.v1` }),
]);

const HEAD = ['id: demo', 'name: Demo', 'version: 1.0.0'];
const INPUT = 'input: { properties: { x: { type: string }, n: { type: number } }, required: [x] }';

/** A definition of five lines and the given ones: `steps:` is line 5, the first given line is line 6. */
function definition(...steps: readonly string[]): string {
  return [...HEAD, INPUT, 'steps:', ...steps].join('\n');
}

function problemsOf(source: string): readonly DefinitionProblem[] {
  const result = compileDefinition(source, 'demo.yaml', catalogue);
  return result.ok ? [] : result.error;
}

function planOf(source: string): Plan {
  const result = compileDefinition(source, 'demo.yaml', catalogue);
  if (!result.ok) throw new Error(JSON.stringify(result.error, undefined, 1));
  return result.value;
}

const ONE = '  - { id: first, action: one }';
const WHEN = '  - { id: first, action: one, when: input.x == "go" }';

describe('a definition is refused', () => {
  it.each<[string, string, string, number, string]>([
    // text
    ['text that is no YAML', 'a: [1,2\nb: 3', 'SYNTAX', 2, 'Flow sequence'],
    [
      'a key that stands twice',
      [...HEAD, 'name: Again', 'steps:', ONE].join('\n'),
      'DUPLICATE_KEY',
      4,
      'keep one',
    ],
    ['text over 256 KiB', `# ${'x'.repeat(262_144)}`, 'TOO_LARGE', 1, 'at most 262144'],
    ['brackets without end', '['.repeat(100_000), 'TOO_DEEP', 1, 'deeper than 64'],
    ['lists in lists without end', `${'- '.repeat(50_000)}a`, 'TOO_DEEP', 1, 'deeper than 64'],
    [
      'indentation without end',
      Array.from({ length: 80 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      'NOT_JSON',
      1,
      'deeper',
    ],
    [
      'an explosion of aliases',
      [
        'a: &a [1,1,1,1,1,1,1,1,1,1]',
        ...[...'bcdefg'].map(
          (name, at) =>
            `${name}: &${name} [${Array(10)
              .fill(`*${'abcdef'[at] ?? ''}`)
              .join(',')}]`,
        ),
      ].join('\n'),
      'NOT_JSON',
      1,
      'alias',
    ],
    [
      'a number that JSON lacks',
      definition('  - { id: first, action: one, input: { n: .nan } }'),
      'NOT_JSON',
      1,
      'NaN',
    ],
    [
      'binary data',
      definition('  - { id: first, action: one, input: { n: !!binary aGk= } }'),
      'NOT_JSON',
      1,
      'tag',
    ],
    [
      'the name __proto__',
      definition('  - { id: first, action: one, input: { __proto__: {} } }'),
      'NOT_JSON',
      1,
      '__proto__',
    ],
    ['an empty text', '', 'INVALID_VALUE', 1, 'must be an object'],
    // schema
    ['no id', ['name: Demo', 'version: 1.0.0', 'steps:', ONE].join('\n'), 'REQUIRED', 1, '"id" is required'],
    ['no steps', HEAD.join('\n'), 'REQUIRED', 1, 'at least one step'],
    ['an empty list of steps', [...HEAD, 'steps: []'].join('\n'), 'INVALID_VALUE', 4, 'at least one step'],
    ['an unknown key', [...HEAD, 'stepz: 1', 'steps:', ONE].join('\n'), 'UNKNOWN_KEY', 4, 'did you mean'],
    [
      'an unknown key of a step',
      definition('  - id: first', '    action: one', '    dependancies: []'),
      'UNKNOWN_KEY',
      8,
      '"dependencies"',
    ],
    [
      'a version that is none',
      ['id: demo', 'name: Demo', 'version: v1.0', 'steps:', ONE].join('\n'),
      'INVALID_VALUE',
      3,
      'semantic version',
    ],
    [
      'an id with a hyphen',
      ['id: demo-x', 'name: Demo', 'version: 1.0.0', 'steps:', ONE].join('\n'),
      'INVALID_VALUE',
      1,
      '[a-z][a-z0-9_]',
    ],
    [
      'a duration that is none',
      definition('  - { id: first, action: one, timeout: 5 minutes }'),
      'INVALID_VALUE',
      6,
      '500ms, 10s, 5m or 2h',
    ],
    ['a step without action', definition('  - { id: first }'), 'REQUIRED', 6, 'needs an action'],
    ['a step that is text', definition('  - first'), 'INVALID_VALUE', 6, 'object with id and action'],
    [
      'a failure policy nobody knows',
      definition('  - { id: first, action: one, failure: { policy: retry } }'),
      'INVALID_VALUE',
      6,
      'compensate, suspend, continue or fallback',
    ],
    [
      'a fallback without either',
      definition('  - { id: first, action: one, failure: { policy: fallback } }'),
      'INVALID_VALUE',
      6,
      'either output',
    ],
    [
      'attempts beyond bounds',
      definition('  - { id: first, action: one, retryPolicy: { maxAttempts: 21 } }'),
      'INVALID_VALUE',
      6,
      '20',
    ],
    // not yet
    [
      'another type of step',
      definition('  - { id: first, type: wait }'),
      'NOT_SUPPORTED_YET',
      6,
      '"wait" is not supported yet',
    ],
    [
      'onSuccess',
      definition('  - { id: first, action: one, onSuccess: [two] }'),
      'NOT_SUPPORTED_YET',
      6,
      'onSuccess',
    ],
    [
      'onFailure',
      definition('  - { id: first, action: one, onFailure: [two] }'),
      'NOT_SUPPORTED_YET',
      6,
      'onFailure',
    ],
    ...['conditions', 'parallelGroups', 'errorHandling'].map(
      (name): [string, string, string, number, string] => [
        name,
        [...HEAD, `${name}: []`, 'steps:', ONE].join('\n'),
        'NOT_SUPPORTED_YET',
        4,
        `"${name}" is not supported yet`,
      ],
    ),
    // graph
    [
      'an id that is there twice',
      definition(ONE, '  - { id: first, action: two }'),
      'DUPLICATE_STEP',
      7,
      'there twice',
    ],
    [
      'a dependency that is not there',
      definition('  - { id: first, action: one, dependencies: [frist] }'),
      'UNKNOWN_DEPENDENCY',
      6,
      '"frist", which is not there',
    ],
    [
      'a dependency named twice',
      definition(ONE, '  - { id: second, action: one, dependencies: [first, first] }'),
      'DUPLICATE_DEPENDENCY',
      7,
      'twice',
    ],
    [
      'a cycle',
      definition(
        '  - { id: a, action: one, dependencies: [b] }',
        '  - { id: b, action: one, dependencies: [a] }',
      ),
      'CYCLE',
      6,
      'a → b → a',
    ],
    [
      'a step that waits for itself',
      definition('  - { id: a, action: one, dependencies: [a] }'),
      'CYCLE',
      6,
      'a → a',
    ],
    [
      'a step behind a cycle',
      definition(
        '  - { id: a, action: one, dependencies: [a] }',
        '  - { id: b, action: one, dependencies: [a] }',
      ),
      'UNREACHABLE_STEP',
      7,
      '"b" can never be reached',
    ],
    [
      'a condition that is never true',
      definition('  - { id: first, action: one, when: 1 > 2 }'),
      'UNREACHABLE_STEP',
      6,
      'always false',
    ],
    [
      'a step behind one that never runs',
      definition(
        '  - { id: first, action: one, when: "false" }',
        '  - { id: second, action: one, dependencies: [first] }',
      ),
      'UNREACHABLE_STEP',
      7,
      '"second"',
    ],
    [
      '101 steps',
      definition(
        ...Array.from(
          { length: 101 },
          (_, at) => `  - { id: s${at}, action: one${at === 0 ? '' : `, dependencies: [s${at - 1}]`} }`,
        ),
      ),
      'TOO_MANY_STEPS',
      5,
      '101 steps',
    ],
    [
      '1,000 steps',
      definition(...Array.from({ length: 1000 }, (_, at) => `  - { id: s${at}, action: one }`)),
      'TOO_MANY_STEPS',
      5,
      '1000 steps',
    ],
    [
      '21 parallel branches',
      definition(...Array.from({ length: 21 }, (_, at) => `  - { id: s${at}, action: one }`)),
      'TOO_MANY_BRANCHES',
      5,
      '21 steps can be under way at once',
    ],
    // actions
    [
      'an action that nobody offers',
      definition('  - { id: first, action: tow }'),
      'UNKNOWN_ACTION',
      6,
      'did you mean "two"?',
    ],
    [
      'a fallback that nobody offers',
      definition('  - { id: first, action: one, failure: { policy: fallback, action: nothing-at-all } }'),
      'UNKNOWN_ACTION',
      6,
      'nothing-at-all',
    ],
    [
      'a routing key over 255 bytes',
      ['id: ' + 'd'.repeat(63), ...HEAD.slice(1), 'steps:', '  - { id: first, action: loud }'].join('\n'),
      'KEY_TOO_LONG',
      5,
      'at most 255',
    ],
    [
      'a cache of what changes',
      definition('  - { id: first, action: look, cache: { ttl: 1m } }'),
      'CACHE_NOT_PURE',
      6,
      'look is reading',
    ],
    [
      'a step that outlives its saga',
      [...HEAD, 'timeout: 10s', 'steps:', '  - { id: first, action: one, timeout: 11s }'].join('\n'),
      'INVALID_TIMEOUT',
      6,
      'more than the whole saga (10s)',
    ],
    [
      'a timeout of days',
      [...HEAD, 'timeout: 700h', 'steps:', '  - { id: first, action: one, timeout: 25h }'].join('\n'),
      'INVALID_TIMEOUT',
      6,
      '10ms to 24h',
    ],
    ['a saga of years', [...HEAD, 'timeout: 9000h', 'steps:', ONE].join('\n'), 'INVALID_TIMEOUT', 4, '720h'],
    [
      'a first wait over the longest',
      definition('  - { id: first, action: one, retryPolicy: { initialDelay: 2s, maxDelay: 1s } }'),
      'INVALID_RETRY',
      6,
      'over its maxDelay',
    ],
    [
      'a hot retry',
      definition('  - { id: first, action: one, retryPolicy: { initialDelay: 1ms } }'),
      'INVALID_RETRY',
      6,
      'at least 10 ms',
    ],
    [
      'a default output that is no output',
      definition('  - { id: first, action: one, failure: { policy: fallback, output: { b: 1 } } }'),
      'TYPE_MISMATCH',
      6,
      'does not fit the output of one at "b"',
    ],
    // undo
    [
      'an undoable step before one that can fail',
      definition('  - { id: first, action: pay }', '  - { id: second, action: one, dependencies: [first] }'),
      'NO_UNDO',
      6,
      '"second" can fail',
    ],
    [
      'an undoable step beside one that can fail',
      definition('  - { id: first, action: pay }', '  - { id: second, action: one }'),
      'NO_UNDO',
      6,
      '"second" can fail',
    ],
    [
      'two pivots',
      definition('  - { id: first, action: pay }', '  - { id: second, action: pay, dependencies: [first] }'),
      'NO_UNDO',
      6,
      '"second" can fail',
    ],
    [
      'a pivot before success criteria',
      [
        ...HEAD,
        'successCriteria: [steps.first.output.b != ""]',
        'steps:',
        '  - { id: first, action: pay }',
      ].join('\n'),
      'NO_UNDO',
      6,
      'the success criteria',
    ],
    [
      'a fallback that cannot be undone',
      definition(
        '  - { id: first, action: reserve, failure: { policy: fallback, action: pay } }',
        '  - { id: second, action: one, dependencies: [first] }',
      ),
      'NO_UNDO',
      6,
      'its fallback declares no undo',
    ],
    // data
    [
      'a path that is none',
      definition('  - { id: first, action: one, input: { a: steps.zero.result.b } }'),
      'MALFORMED_PATH',
      6,
      '{literal: …}',
    ],
    [
      'input that is not declared',
      definition('  - { id: first, action: one, input: { a: input.y } }'),
      'UNKNOWN_MEMBER',
      6,
      'no "y" (did you mean "x"?)',
    ],
    [
      'a step that is not there',
      definition('  - { id: first, action: one, input: { a: steps.zero.output.b } }'),
      'UNKNOWN_SOURCE',
      6,
      'no step "zero"',
    ],
    [
      'a step that is not upstream',
      definition(ONE, '  - { id: second, action: one, input: { a: steps.first.output.b } }'),
      'UNKNOWN_SOURCE',
      7,
      'not upstream of step "second"',
    ],
    [
      'an output that is not declared',
      definition(
        ONE,
        '  - { id: second, action: one, dependencies: [first], input: { a: steps.first.output.bb } }',
      ),
      'UNKNOWN_MEMBER',
      7,
      'has no "bb" (did you mean "b"?)',
    ],
    [
      'text in an item of an output',
      definition(
        ONE,
        '  - { id: second, action: one, dependencies: [first], input: { n: steps.first.output.list.0.hex } }',
      ),
      'TYPE_MISMATCH',
      7,
      'it is string, but integer is wanted',
    ],
    [
      'input that is missing',
      definition('  - { id: first, action: needy }'),
      'MISSING_INPUT',
      6,
      'needy needs "a"; map it',
    ],
    [
      'input that may be absent in the saga',
      definition('  - { id: first, action: needy, input: { a: input.n } }'),
      'MAY_BE_ABSENT',
      6,
      'not required by the definition',
    ],
    [
      'input that may be absent in an output',
      definition(
        ONE,
        '  - { id: second, action: needy, dependencies: [first], input: { a: steps.first.output.maybe } }',
      ),
      'MAY_BE_ABSENT',
      7,
      'not always in the output of step "first"',
    ],
    [
      'input from a step that may be skipped',
      definition(
        WHEN,
        '  - { id: second, action: needy, dependencies: [first], join: ended, input: { a: steps.first.output.b } }',
      ),
      'MAY_BE_ABSENT',
      7,
      '"first" may have been skipped',
    ],
    [
      'input from one of several ways',
      definition(
        ONE,
        '  - { id: other, action: two }',
        '  - { id: last, action: needy, join: any, dependencies: [first, other], input: { a: steps.first.output.b } }',
      ),
      'MAY_BE_ABSENT',
      8,
      '"first" may have been skipped or not have ended',
    ],
    [
      'a whole input that may be absent',
      definition(
        WHEN,
        '  - { id: second, action: one, dependencies: [first], join: ended, input: steps.first.output }',
      ),
      'MAY_BE_ABSENT',
      7,
      'the input of one may be absent',
    ],
    [
      'a default output without what is read',
      definition(
        '  - { id: first, action: one, failure: { policy: continue, output: {} } }',
        '  - { id: second, action: needy, dependencies: [first], input: { a: steps.first.output.b } }',
      ),
      'MAY_BE_ABSENT',
      7,
      '"first"',
    ],
    [
      'text where a number is wanted',
      definition('  - { id: first, action: one, input: { n: input.x } }'),
      'TYPE_MISMATCH',
      6,
      'it is string, but integer is wanted',
    ],
    [
      'a number where an integer is wanted',
      definition('  - { id: first, action: one, input: { n: input.n } }'),
      'TYPE_MISMATCH',
      6,
      'it is number, but integer is wanted',
    ],
    [
      'a literal that is not allowed',
      definition('  - { id: first, action: one, input: { c: z } }'),
      'TYPE_MISMATCH',
      6,
      '"z" is not among "x", "y"',
    ],
    [
      'a member that the action does not know',
      definition('  - { id: first, action: needy, input: { a: input.x, b: 1 } }'),
      'TYPE_MISMATCH',
      6,
      'not a known member',
    ],
    [
      'CEL that does not parse',
      definition('  - { id: first, action: one, when: "1 +" }'),
      'INVALID_EXPRESSION',
      6,
      'CEL "1 +"',
    ],
    [
      'CEL over a step that is not upstream',
      definition(ONE, '  - { id: second, action: one, when: steps.first.output.b == "" }'),
      'UNKNOWN_SOURCE',
      7,
      'not upstream',
    ],
    [
      'CEL over a step that is not there',
      definition('  - { id: first, action: one, when: steps.zero.output == 1 }'),
      'UNKNOWN_SOURCE',
      6,
      'no step "zero"',
    ],
    [
      'CEL over something else of a step',
      definition(
        ONE,
        '  - { id: second, action: one, dependencies: [first], when: steps.first.status == "" }',
      ),
      'UNKNOWN_MEMBER',
      7,
      'only its output',
    ],
    [
      'a cache key that is not there',
      definition('  - { id: first, action: one, cache: { ttl: 1m, key: [input.y] } }'),
      'UNKNOWN_MEMBER',
      6,
      'no "y"',
    ],
    [
      'a fallback input that does not fit',
      definition('  - { id: first, action: one, failure: { policy: fallback, action: needy, input: {} } }'),
      'MISSING_INPUT',
      6,
      'needy needs "a"',
    ],
    [
      'an output of nothing',
      [...HEAD, 'output: { r: steps.zero.output }', 'steps:', ONE].join('\n'),
      'UNKNOWN_SOURCE',
      4,
      'no step "zero"',
    ],
    [
      'success criteria over nothing',
      [...HEAD, 'successCriteria: [steps.zero.output == 1]', 'steps:', ONE].join('\n'),
      'UNKNOWN_SOURCE',
      4,
      'no step "zero"',
    ],
    [
      'an input that is no object',
      [...HEAD, 'input: { type: string }', 'steps:', ONE].join('\n'),
      'INVALID_SCHEMA',
      4,
      'must be an object',
    ],
    [
      'an input schema that is none',
      [...HEAD, 'input: { type: object, properties: { a: { type: strin } } }', 'steps:', ONE].join('\n'),
      'INVALID_SCHEMA',
      4,
      'no valid JSON Schema',
    ],
    [
      'an example that is none',
      [...HEAD, INPUT, 'example:', '  x: 1', 'steps:', ONE].join('\n'),
      'INVALID_EXAMPLE',
      6,
      '"x" must be string',
    ],
    [
      'a trigger path that is none',
      [
        ...HEAD,
        INPUT,
        'triggers:',
        '  - { on: com.shop.ordered, input: { x: event.datum.x } }',
        'steps:',
        ONE,
      ].join('\n'),
      'MALFORMED_PATH',
      6,
      'event.data.x',
    ],
    [
      'a trigger without required input',
      [...HEAD, INPUT, 'triggers:', '  - { on: com.shop.ordered }', 'steps:', ONE].join('\n'),
      'MISSING_INPUT',
      6,
      'needs "x"',
    ],
    [
      'a trigger with input that may be absent',
      [
        ...HEAD,
        INPUT,
        'triggers:',
        '  - { on: com.shop.ordered, input: { x: event.subject } }',
        'steps:',
        ONE,
      ].join('\n'),
      'MAY_BE_ABSENT',
      6,
      '"x"',
    ],
    [
      'a trigger condition over the saga',
      [
        ...HEAD,
        INPUT,
        'triggers:',
        '  - { on: com.shop.ordered, when: input.x == "", input: { x: event.id } }',
        'steps:',
        ONE,
      ].join('\n'),
      'INVALID_EXPRESSION',
      6,
      'known are event',
    ],
  ])('for %s', (_title, source, code, line, message) => {
    const problems = problemsOf(source);
    expect(problems).toContainEqual(
      expect.objectContaining({
        code,
        line,
        file: 'demo.yaml',
        message: expect.stringContaining(message) as string,
      }),
    );
  });

  it('with every reason of every stage, in the order of lines', () => {
    const problems = problemsOf(
      definition(
        '  - { id: first, action: nobody, timeout: soon }',
        '  - { id: second, action: one, dependencies: [first, gone], input: { n: text } }',
        '  - { id: third, action: one, dependencies: [fourth], when: "1 +" }',
        '  - { id: fourth, action: one, dependencies: [third] }',
        '  - { id: fifth, type: wait }',
        '  - { id: sixth, action: one, dependencies: [fifth] }',
      ),
    );
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['INVALID_VALUE', 6],
      ['UNKNOWN_ACTION', 6],
      ['UNKNOWN_DEPENDENCY', 7],
      ['TYPE_MISMATCH', 7],
      ['INVALID_EXPRESSION', 8],
      ['CYCLE', 8],
      ['NOT_SUPPORTED_YET', 10],
    ]);
  });
});

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
        '  - { id: first, action: one, failure: { policy: fallback, action: reserve } }',
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
});
