import { asLog, lineLog } from './line-log';

function linesOf(details: Readonly<Record<string, unknown>>): readonly string[] {
  const lines: string[] = [];
  lineLog((line) => lines.push(line)).warn('something happened', details);
  return lines;
}

describe('a line log', () => {
  it('writes one line for an entry', () => {
    expect(linesOf({ queue: 'a b', error: new Error('two\nlines'), count: 3 })).toEqual([
      'something happened queue="a b" error="two\\nlines" count=3',
    ]);
  });

  it('writes nested details on the same line', () => {
    const [line = ''] = linesOf({ partitions: [1, 2], nested: { a: { b: 1 } } });
    expect(line).not.toContain('\n');
    expect(line).toContain('partitions=[ 1, 2 ]');
  });

  it('tells warnings and errors alone', () => {
    const lines: string[] = [];
    const log = asLog((line) => lines.push(line));
    log.debug('a', { n: 1 });
    log.info('b');
    log.warn('c');
    log.error('d', { n: 1 });
    expect(lines).toEqual(['c', 'd n=1']);
    expect(asLog(log)).toBe(log);
  });
});
