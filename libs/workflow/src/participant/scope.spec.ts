import { compileExpression } from '../expression/expression';
import { conditionOf } from './condition';
import { carried, scopeOf, START } from './scope';
import type { Arrival, Scope } from './scope';
import { seededRandomness } from './seeded-randomness';

describe('the scope of a step', () => {
  test('is what its arrivals brought: input, outputs and ends of its own dependencies', () => {
    const arrivals = new Map<string, Arrival>([
      [
        'a',
        {
          status: 'completed',
          output: { x: 1 },
          context: { input: { n: 1 }, steps: { root: { output: { p: 1, q: [1] } }, list: { output: [1] } } },
        },
      ],
      [
        'b',
        {
          status: 'continued',
          output: null,
          context: {
            input: { m: 2 },
            steps: { root: { output: { r: 2 } }, list: { output: [2] }, a: { output: { x: 'carried' } } },
          },
        },
      ],
      ['c', { status: 'skipped', output: 'of nobody' }],
    ]);
    expect(scopeOf(arrivals)).toEqual({
      input: { n: 1, m: 2 },
      outputs: { root: { p: 1, q: [1], r: 2 }, list: [2], a: { x: 1 }, b: null },
      statuses: { a: 'completed', b: 'continued', c: 'skipped' },
    });
  });

  test('at the start holds the input alone; the start is no dependency', () => {
    const arrivals = new Map<string, Arrival>([
      [START, { status: 'completed', context: { input: { n: 1 } } }],
    ]);
    expect(scopeOf(arrivals)).toEqual({ input: { n: 1 }, outputs: {}, statuses: {} });
    expect(scopeOf(new Map())).toEqual({ input: {}, outputs: {}, statuses: {} });
  });

  const scope: Scope = {
    input: { a: 1, b: null, c: { d: 1 } },
    outputs: { one: { x: 1, y: 2 }, text: 'plain', whole: { z: 3 } },
    statuses: {},
  };

  test('is carried on by first-level members, as far as they are there', () => {
    const carries = {
      input: ['b', 'c', 'absent'],
      steps: { one: ['y'], text: ['x'], whole: true, unknown: true, none: [] },
    } as const;
    expect(carried(carries, scope)).toEqual({
      input: { b: null, c: { d: 1 } },
      steps: { one: { output: { y: 2 } }, whole: { output: { z: 3 } } },
    });
  });

  test('carries nothing where nothing is read', () => {
    expect(carried({ input: [], steps: {} }, scope)).toBeUndefined();
    expect(carried({ input: [], steps: { one: ['x'] } }, scope)).toEqual({
      steps: { one: { output: { x: 1 } } },
    });
    expect(carried({ input: true, steps: {} }, scope)).toEqual({ input: scope.input });
  });
});

describe('a condition', () => {
  const evaluate = (source: string, scope: Partial<Scope> = {}) => {
    const compiled = compileExpression(source, { roots: ['input', 'steps'] });
    if (!compiled.ok) throw new Error(compiled.error.message);
    const conditions = new Map([['one', compiled.value]]);
    const step = { id: 'one' } as Parameters<typeof conditionOf>[1]['step'];
    return conditionOf({ conditions } as unknown as Parameters<typeof conditionOf>[0], {
      step,
      scope: { input: {}, outputs: {}, statuses: {}, ...scope },
    });
  };

  test('sees input, outputs of all known steps and ends of the own dependencies', () => {
    const scope: Partial<Scope> = {
      input: { n: 2 },
      outputs: { a: { x: 1 }, far: { y: 5 } },
      statuses: { a: 'continued', b: 'skipped' },
    };
    const source =
      "input.n == 2 && steps.a.output.x == 1 && steps.a.status == 'continued' && steps.far.output.y == 5" +
      " && steps.b.status == 'skipped' && !has(steps.b.output) && !has(steps.far.status) && !has(steps.c)";
    expect(evaluate(source, scope)).toEqual({ ok: true, value: true });
    expect(evaluate('input.n > 2', { input: { n: 2 } })).toEqual({ ok: true, value: false });
  });

  test('that reads what is absent, or is no truth, has no answer', () => {
    expect(evaluate('input.n > 2')).toMatchObject({
      ok: false,
      error: { code: 'CONDITION_ERROR', message: expect.stringContaining('step one') as string },
    });
    expect(evaluate('input.n', { input: { n: 'yes' } })).toMatchObject({ ok: false });
  });
});

describe('seeded randomness', () => {
  test('is a function of its seed, and spread', () => {
    const [one, same, other] = ['step/s/1/a', 'step/s/1/a', 'step/s/1/b'].map(seededRandomness);
    const drawn = Array.from({ length: 1000 }, () => one?.fraction() ?? -1);
    expect(Array.from({ length: 1000 }, () => same?.fraction())).toEqual(drawn);
    expect(other?.fraction()).not.toBe(drawn[0]);
    expect(drawn.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
    const mean = drawn.reduce((sum, fraction) => sum + fraction, 0) / drawn.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    expect(new Set(one?.bytes(64)).size).toBeGreaterThan(40);
  });
});
