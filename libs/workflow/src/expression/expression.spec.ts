import type { JsonValue } from '@aura/contracts';
import { compileExpression } from './expression';
import type { Expression } from './expression';

const roots = ['input', 'steps'];

function compiled(source: string): Expression {
  const result = compileExpression(source, { roots });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function value(source: string, input: JsonValue, steps: JsonValue = {}): unknown {
  const result = compiled(source).evaluate({ input, steps });
  return result.ok ? result.value : result.error.code;
}

function refusal(source: string): string {
  const result = compileExpression(source, { roots });
  return result.ok ? 'compiled' : result.error.message;
}

describe('an expression', () => {
  it.each<[string, JsonValue, unknown]>([
    ['input.n > 3', { n: 4 }, true],
    ['input.n + 1 > 4', { n: 4 }, true],
    ['1 + input.n', { n: 1.5 }, 2.5],
    ['input.n / 2', { n: 5 }, 2.5],
    ['input.n % 2 == 0', { n: 4 }, true],
    ['input.n % input.m', { n: 5, m: 3 }, 2],
    ['7 / 2', {}, 3],
    ['3 - input.n', { n: 1 }, 2],
    ['input.l.filter(x, x != null)', { l: [1, null] }, [1]],
    ['input.n in [1, 2]', { n: 2 }, true],
    ['size(input.l) * 2.5', { l: [1, 2] }, 5],
    ['input.l.exists(x, x * 2 > 3)', { l: [1, 2] }, true],
    ['input.l.map(x, {"v": x})', { l: [1, 2] }, [{ v: 1 }, { v: 2 }]],
    ['input.l[input.at]', { l: ['a', 'b'], at: 1 }, 'b'],
    ['input.s.matches("^a+$")', { s: 'aaa' }, true],
    ['has(input.q) ? input.q : "none"', {}, 'none'],
    ['has(input.q)', { q: null }, false],
    ['input["a-b"] == null', { 'a-b': null }, true],
    ['input.o', { o: { constructor: 1, toString: [null] } }, { constructor: 1, toString: [null] }],
    ['type(input.n) == double', { n: 1 }, true],
    ['uint(3)', {}, 3],
  ])('%s over %j is %j', (source, input, expected) => {
    expect(value(source, input)).toEqual(expected);
  });

  it.each<[string, JsonValue, string]>([
    ['input.missing.x', {}, 'EXPRESSION_FAILED'],
    ['input.a.b', { a: 'text' }, 'EXPRESSION_FAILED'],
    ['input.s + 1', { s: 'text' }, 'EXPRESSION_FAILED'],
    ['1 / 0', {}, 'EXPRESSION_FAILED'],
    ['input.n / 0', { n: 1 }, 'NOT_JSON'],
    ['9223372036854775807', {}, 'NOT_JSON'],
    ['[b"bytes"]', {}, 'NOT_JSON'],
    ['{1: 2}', {}, 'NOT_JSON'],
    ['timestamp("2020-01-01T00:00:00Z")', {}, 'NOT_JSON'],
  ])('%s over %j fails as a value: %s', (source, input, code) => {
    expect(value(source, input)).toBe(code);
  });

  it('is a condition only when it gives true or false', () => {
    expect(compiled('input.n > 1').holds({ input: { n: 2 } })).toEqual({ ok: true, value: true });
    expect(compiled('input.n').holds({ input: { n: 2 } })).toEqual({
      ok: false,
      error: { code: 'NOT_BOOLEAN', message: '"input.n" gives 2, not true or false' },
    });
    expect(compiled('input.n').holds({ input: {} })).toMatchObject({ error: { code: 'EXPRESSION_FAILED' } });
  });

  it.each([
    [
      'input.a.b > 1 && has(steps.x.output)',
      [
        ['input', 'a', 'b'],
        ['steps', 'x', 'output'],
      ],
    ],
    ['input.a == input.a.b', [['input', 'a']]],
    ['input[steps.x.output.key] == 1', [['input'], ['steps', 'x', 'output', 'key']]],
    ['input["a"]["b"].c[0].d == 1', [['input', 'a', 'b', 'c']]],
    [
      'input.l.exists(x, x.y == input.z)',
      [
        ['input', 'l'],
        ['input', 'z'],
      ],
    ],
    ['input.l.exists(input, input.y)', [['input', 'l']]],
    ['{"a": [input.q]}', [['input', 'q']]],
    ['"a" in steps', [['steps']]],
    ['1 == 1', []],
  ])('%s reads %j', (source, reads) => {
    expect([...compiled(source).reads].sort()).toEqual(reads);
  });

  it.each([
    ['1 +', 'found'],
    ['event.x', '"event" is not known here; known are input and steps'],
    ['nothing(1)', 'there is no function "nothing"'],
    ['Foo{a: 1}', 'there is no function "Foo"'],
    ['input.a'.padEnd(2001), '2001 characters; at most 2000'],
    [`[${Array(400).fill('1+1').join(',')}]`, 'nodes; at most 500'],
    ['input.a.all(x, x.all(y, y.all(z, z)))', 'nested 3 deep; at most 2'],
    ['('.repeat(60) + '1' + ')'.repeat(60), 'nested deeper than 50'],
  ])('%.60s is refused: %s', (source, reason) => {
    expect(refusal(source)).toContain(reason);
  });
});
