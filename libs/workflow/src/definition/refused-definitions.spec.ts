import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definition, problemsOf } from './testing/sample-actions';

interface Case {
  readonly title: string;
  readonly source: string;
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

const CASE = /^=== (?<title>.*)\n(?<source>[^]*?)\n--- (?<line>\d+) (?<code>\S+) (?<message>.*)$/gm;

function casesOf(file: string): readonly Case[] {
  return [...readFileSync(join(__dirname, 'testdata', file), 'utf8').matchAll(CASE)].map(
    ({ groups = {} }) => {
      const { title = '', source = '', line = '', code = '', message = '' } = groups;
      const full = source.startsWith('…\n') ? definition(source.slice(2)) : source;
      return { title, source: full, line: Number(line), code, message };
    },
  );
}

function stepLines(count: number, rest: (at: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => `  - { id: s${at}, action: one${rest(at)} }`);
}

const indented = Array.from({ length: 80 }, (_, at) => `${' '.repeat(at)}a:`).join('\n');
const chain = (at: number) => (at === 0 ? '' : `, dependencies: [s${at - 1}]`);

const HUGE: readonly Case[] = [
  {
    title: 'text over 256 KiB',
    source: `# ${'x'.repeat(262_144)}`,
    line: 1,
    code: 'TOO_LARGE',
    message: 'at most 262144',
  },
  {
    title: 'brackets without end',
    source: '['.repeat(100_000),
    line: 1,
    code: 'TOO_DEEP',
    message: 'deeper than 64',
  },
  {
    title: 'objects without end',
    source: '{"a":'.repeat(20_000),
    line: 1,
    code: 'TOO_DEEP',
    message: 'deeper than 64',
  },
  {
    title: 'lists in lists without end',
    source: `${'- '.repeat(50_000)}a`,
    line: 1,
    code: 'TOO_DEEP',
    message: 'deeper than 64',
  },
  {
    title: 'indentation without end',
    source: indented,
    line: 1,
    code: 'NOT_JSON',
    message: 'deeper than 64',
  },
  {
    title: '101 steps',
    source: definition(...stepLines(101, chain)),
    line: 5,
    code: 'TOO_MANY_STEPS',
    message: '101 steps',
  },
  {
    title: '1,000 steps',
    source: definition(...stepLines(1000, () => '')),
    line: 5,
    code: 'TOO_MANY_STEPS',
    message: '1000 steps',
  },
];

describe('a definition is refused', () => {
  const cases = [...casesOf('refusals.txt'), ...HUGE];

  it('in many ways', () => {
    expect(cases.length).toBeGreaterThan(80);
  });

  it.each(cases)('for $title', ({ source, code, line, message }) => {
    expect(problemsOf(source)).toContainEqual(
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
        '  - { id: fifth, type: condition }',
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
