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
    ['input.flag && input.n', 'has a number where "&&" takes none'],
    ['!input.text', 'has a text where "!" takes none'],
    ['input.text + 1 == "a1"', 'has a text and a number on the two sides of "+"'],
    ['input.flag + true == true', 'has true or false where "+" takes none'],
    ['input.text * 2 > 1', 'has a text where "*" takes none'],
    ['input.flag || (input.unknown == 1 && input.list)', 'has a list where "&&" takes none'],
  ])('%s never holds: it %s', (source, reason) => {
    expect(misfitOf(source)).toContain(reason);
  });
});
