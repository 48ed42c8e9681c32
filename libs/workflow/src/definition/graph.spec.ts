import { buildGraph, widthOf } from './graph';
import type { Graph } from './graph';

/** `a: b c` for a step a that depends on b and c. */
function graphOf(...lines: readonly string[]): Graph {
  return buildGraph(
    lines.map((line) => {
      const [id = '', dependencies = ''] = line.split(': ');
      return { id, dependencies: dependencies.split(' ').filter(Boolean) };
    }),
  );
}

describe('the graph of steps', () => {
  it('orders steps behind their dependencies, otherwise as they were written', () => {
    expect(graphOf('d: b c', 'c', 'b: a', 'a').order).toEqual(['c', 'a', 'b', 'd']);
  });

  it('knows what is before and behind a step', () => {
    const { ancestors, descendants } = graphOf('a', 'b: a', 'c: b', 'x');
    expect([...(ancestors.get('c') ?? [])].sort()).toEqual(['a', 'b']);
    expect([...(descendants.get('a') ?? [])].sort()).toEqual(['b', 'c']);
    expect(ancestors.get('x')?.size).toBe(0);
  });

  it('ignores dependencies on what is not there', () => {
    expect(graphOf('a: gone').order).toEqual(['a']);
  });

  it('finds every cycle, and what waits for one', () => {
    const { cycles, behindCycles, order } = graphOf('a: b', 'b: a', 'c: b d', 'd: c', 'e: d', 'f', 'g: b');
    expect(cycles).toEqual([
      ['a', 'b', 'a'],
      ['c', 'd', 'c'],
    ]);
    expect(behindCycles).toEqual(['e', 'g']);
    expect(order).toEqual(['f']);
  });

  it.each<[string, readonly string[], number]>([
    ['a chain', ['a', 'b: a', 'c: b'], 1],
    ['a diamond', ['a', 'b: a', 'c: a', 'd: b c'], 2],
    ['branches of different length', ['a', 'b: a', 'c: b', 'd: a', 'e: c d', 'f'], 3],
    ['two ladders', ['a', 'b', 'c: a b', 'd: c', 'e: c', 'f: c', 'g: d e f'], 3],
    ['nothing', [], 0],
  ])('%s is as wide as the most steps that can be under way at once', (_title, lines, width) => {
    expect(widthOf(graphOf(...lines))).toBe(width);
  });
});
