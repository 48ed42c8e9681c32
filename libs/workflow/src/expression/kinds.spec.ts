import type { JsonObject, JsonValue } from '@aura/contracts';
import fc from 'fast-check';
import { compileExpression } from './expression';
import type { Kind } from './kinds';

const KINDS: Readonly<Record<string, Kind>> = {
  flag: 'boolean',
  n: 'number',
  text: 'text',
  list: 'list',
  whole: 'object',
};

/** Why a condition over members of `input` that are named after their kinds can never hold; undefined: it may. */
function misfitOf(source: string): string | undefined {
  const compiled = compileExpression(source, { roots: ['input'] });
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.value.conditionMisfit(([, member = '']) => KINDS[member]);
}

describe('a condition', () => {
  it.each([
    'input.flag',
    'true',
    'input.unknown',
    'input["flag"]',
    '!input.flag || input.n > 3 && input.text != "a"',
    'input.n + 1 < 2.5 * input.n',
    'input.text + "b" == "ab"',
    'input.text < "b"',
    'input.unknown > 3',
    'input.n == input.text',
    '"a" in input.list',
    'has(input.text)',
    'has(input.text) ? input.text == "a" : input.flag',
    'input.flag ? input.flag : input.unknown',
    'size(input.list) > 0 && input.list.size() < 9',
    'input.text.startsWith("a") && input.text.matches("b")',
    'input.list.exists(one, one.n > 3)',
    'type(input.n) == double',
    'timestamp(input.text) - timestamp("2030-01-01T00:00:00Z") > duration("1h")',
    'input.list[0] > 3',
    'string(input.n) == "1"',
    'input.flag || input.text > 3',
    'input.n && !input.flag',
    'true || input.n',
    'input.flag ? true : input.text > 3',
    'input.flag ? input.n : true',
    '!has(input.text) || input.text > 3',
  ])('%s may hold', (source) => {
    expect(misfitOf(source)).toBeUndefined();
  });

  it.each([
    ['input.n', 'gives a number, and a condition gives true or false'],
    ['"yes"', 'gives a text, and'],
    ['input.whole', 'gives an object, and'],
    ['[input.flag]', 'gives a list, and'],
    ['{"a": true}', 'gives an object, and'],
    ['size(input.list)', 'gives a number, and'],
    ['input.flag ? input.n : 2', 'gives a number, and'],
    ['input.n ? true : false', 'has a number where "?:" takes none'],
    ['input.text > 3', 'has a text and a number on the two sides of ">"'],
    ['input.list < 3', 'has a list where "<" takes none'],
    ['input.text > 3 && input.n', 'has a text and a number on the two sides of ">"'],
    ['input.list || input.n', 'has a list where "||" takes none'],
    ['input.flag ? input.text > 3 : input.text + 1 == 2', 'on the two sides of ">"'],
    ['size(input.text > 3 ? "a" : "b") == 1', 'on the two sides of ">"'],
    ['!input.text', 'has a text where "!" takes none'],
    ['input.text + 1 == "a1"', 'has a text and a number on the two sides of "+"'],
    ['input.flag + true == true', 'has true or false where "+" takes none'],
    ['input.text * 2 > 1', 'has a text where "*" takes none'],
  ])('%s never holds: it %s', (source, reason) => {
    expect(misfitOf(source)).toContain(reason);
  });
});

/** Values of the members, of all kinds that they may have; what is of an unknown kind may be anything. */
const VALUES: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  flag: fc.boolean(),
  n: fc.constantFrom(0, 1, 3.5, -2),
  text: fc.constantFrom('', 'a', '3'),
  list: fc.constantFrom<JsonValue[]>([], [1], ['a', true]),
  whole: fc.constantFrom<JsonObject>({}, { a: 1 }),
  unknown: fc.constantFrom<JsonValue>(true, false, 2, 'a', null, [1], {}),
};

const { any: condition } = fc.letrec<{ any: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom(
    ...Object.keys(VALUES).flatMap((name) => [`input.${name}`, `has(input.${name})`]),
    ...['true', '2', '"a"', '[1]'],
  ),
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(tie('any'), fc.constantFrom('&&', '||', '<', '>=', '==', '+', '*', 'in'), tie('any'))
      .map(([left, sign, right]) => `(${left} ${sign} ${right})`),
    tie('any').map((one) => `!(${one})`),
    tie('any').map((one) => `size(${one})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([when, one, other]) => `(${when} ? ${one} : ${other})`),
  ),
}));

test('what is refused never holds, nor fails to hold, whatever is read', () => {
  let refused = 0;
  const property = fc.property(condition, fc.record(VALUES, { requiredKeys: [] }), (source, input) => {
    if (misfitOf(source) === undefined) return;
    refused += 1;
    const compiled = compileExpression(source, { roots: ['input'] });
    expect(compiled.ok && compiled.value.holds({ input: input as JsonObject }).ok).toBe(false);
  });
  fc.assert(property, { numRuns: 3000 });
  expect(refused).toBeGreaterThan(300);
});
