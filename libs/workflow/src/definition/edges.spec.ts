import { inlineRefs } from './inline-refs';
import { compileSchema } from './json-schema';
import { suggestion } from './nearest-name';
import { entryOf, present } from './present';
import { Problems } from './problems';
import { misfits } from './schema-fit';
import { lookUp } from './schema-member';
import { readSource } from './source';
import { definition, HEAD, planOf, problemsOf } from './testing/sample-actions';

const codes = (source: string) => problemsOf(source).map(({ code }) => code);
const steps = (...lines: readonly string[]) => definition(...lines.map((line) => `  - ${line}`));

describe('a refusal', () => {
  it('names a member of a whole object that may be absent, without a path that is to blame', () => {
    const source = [
      ...HEAD,
      'input: { properties: { o: { type: object, properties: { a: { type: string } } } }, required: [o] }',
      'steps: [{ id: first, action: needy, input: input.o }]',
    ].join('\n');
    expect(problemsOf(source)).toMatchObject([
      { code: 'MAY_BE_ABSENT', message: 'needy needs "a", which may be absent' },
    ]);
  });

  it('of a pivot in a circle tells of the circle alone', () => {
    expect(
      codes(steps('{ id: a, action: pay, dependencies: [b] }', '{ id: b, action: one, dependencies: [a] }')),
    ).toEqual(['CYCLE']);
  });

  it('of a pivot does not count what falls back to a default output', () => {
    expect(
      codes(
        steps(
          '{ id: a, action: pay }',
          '{ id: b, action: one, dependencies: [a], failure: { policy: fallback, output: { b: none } } }',
        ),
      ),
    ).toEqual([]);
  });

  it('of a default output is not told when the action has no valid schema itself', () => {
    expect(codes(steps('{ id: a, action: unknown, failure: { policy: fallback, output: 1 } }'))).toEqual([
      'UNKNOWN_ACTION',
    ]);
  });

  it('of a criterion that does not compile says so once', () => {
    const source = `${steps('{ id: a, action: one }')}\nsuccessCriteria: ["input.n >", "input.n > 1"]`;
    expect(codes(source)).toEqual(['INVALID_EXPRESSION']);
  });

  it.each([
    ['a step without an id', '{ action: one }', [['REQUIRED', 'steps[0].id']]],
    ['an action by a wrong name', '{ id: a, action: Bad Name }', [['INVALID_VALUE', 'steps[0].action']]],
    [
      'a dependency that is no name',
      '{ id: a, action: one, dependencies: [7] }',
      [['INVALID_VALUE', 'steps[0].dependencies[0]']],
    ],
  ])('of %s names its place', (_what, line, expected) => {
    expect(problemsOf(steps(line)).map(({ code, path }) => [code, path])).toEqual(expected);
  });

  it('counts once for one place', () => {
    const problems = new Problems('x.yaml', () => 3);
    problems.add('A', ['steps', 1, 'id'], 'twice');
    problems.add('A', ['steps', 1, 'id'], 'twice');
    problems.add('A', ['steps', 1], 'twice');
    expect(problems.list().map(({ path }) => path)).toEqual(['steps[1].id', 'steps[1]']);
  });
});

describe('a plan', () => {
  it('says which default output a step falls back to', () => {
    const [step] = planOf(
      steps('{ id: a, action: one, failure: { policy: fallback, output: { b: none } } }'),
    ).steps;
    expect(step).toMatchObject({ failure: { policy: 'fallback', output: { b: 'none' } }, recordsEnd: true });
  });

  it('carries the whole input where a condition reads it whole', () => {
    const plan = planOf(
      steps('{ id: a, action: one }', '{ id: b, action: two, dependencies: [a], when: size(input) > 0 }'),
    );
    expect([plan.startCarries.input, plan.steps[0]?.carries.input]).toEqual([true, true]);
  });

  it('keeps triggers with and without a condition', () => {
    const source = `${steps('{ id: a, action: one }')}\ntriggers: [{ on: com.example.x, input: { x: event.id } }, { on: com.example.y, when: event.id == "1", correlate: event.source, input: { x: event.id } }]`;
    expect(planOf(source).triggers).toMatchObject([
      { on: 'com.example.x' },
      { on: 'com.example.y', when: 'event.id == "1"', correlate: 'event.source' },
    ]);
    expect(planOf(source).triggers[0]).not.toHaveProperty('when');
  });

  it('is not made of a model with a hole', () => {
    expect(() => present(undefined, 'action x')).toThrow('action x is missing');
    expect(() => entryOf(new Map(), 'step')).toThrow(TypeError);
    expect(entryOf(new Map([['a', 0]]), 'a')).toBe(0);
  });
});

describe('a hint', () => {
  it('lists at most twelve known names when none is near', () => {
    const names = Array.from({ length: 13 }, (_, n) => `number${n}`);
    expect(suggestion('x', names.slice(0, 12))).toBe(` (known: ${names.slice(0, 12).join(', ')})`);
    expect(suggestion('x', names)).toBe(` (known: ${names.slice(0, 12).join(', ')}, …)`);
    expect(suggestion('x', [])).toBe('');
    expect(suggestion('nunber3', names)).toBe(' (did you mean "number3"?)');
  });
});

describe('the line of a place', () => {
  const { lineOf } = readSource('name: x\nsteps:\n  - id: a\n    dependencies:\n      - b\n');

  it.each([
    [['steps', 0, 'dependencies', 0], 5],
    [['steps', 0, 'dependencies', 9], 4],
    [['steps', 'first'], 2],
    [['steps', 7, 'id'], 2],
    [['name', 'deeper'], 1],
    [['nothing'], 1],
    [[], 1],
  ])('%j is %i, or that of what is around it', (place, line) => {
    expect(lineOf(place)).toBe(line);
  });

  it('of an empty definition is there, too', () => {
    expect(readSource('')).toMatchObject({ value: null, problems: [] });
    expect(codes('')).toEqual(['INVALID_VALUE']);
    expect(codes('a: 12345678901234567890123456789')).not.toContain('NOT_JSON');
  });
});

describe('schemas', () => {
  it('violated below a member are told with the whole path', () => {
    const schema = {
      properties: { a: { properties: { b: true }, required: ['b'], additionalProperties: false } },
    };
    const compiled = compileSchema(schema);
    if (!compiled.ok) throw new Error(compiled.error);
    expect(compiled.value({ a: { c: 1 } })).toEqual([
      { path: 'a.b', message: 'is required' },
      { path: 'a.c', message: 'is not known' },
    ]);
  });

  it('that lead to what is no schema say nothing', () => {
    expect(inlineRefs({ $ref: '#/x', x: 7 })).toBe(true);
  });

  it('fit by the types of listed values, and any items where none are wanted', () => {
    expect(misfits({ enum: [['a'], 'b'] }, { type: 'array' })).toHaveLength(1);
    expect(misfits({ const: ['a'] }, { type: 'array' })).toEqual([]);
    expect(misfits({ type: 'array', items: { type: 'number' } }, { type: 'array' })).toEqual([]);
  });

  it('of alternatives that accept nothing have no members', () => {
    expect(lookUp({ anyOf: [false, { type: 'string' }] }, ['a'])).toEqual({
      kind: 'none',
      missing: 'a',
      known: [],
    });
  });
});
