import { topicPattern } from './topic-pattern';

describe('a topic pattern', () => {
  it.each([
    ['a.b', ['a.b'], ['a', 'a.b.c', 'a.c']],
    ['a.*', ['a.b', 'a.'], ['a', 'a.b.c']],
    ['*', ['a', ''], ['a.b']],
    ['#', ['', 'a', 'a.b.c'], []],
    ['a.#', ['a', 'a.b', 'a.b.c'], ['b', 'ab']],
    ['#.b', ['b', 'a.b', 'a.b.b'], ['a', 'b.a']],
    ['a.#.c', ['a.c', 'a.b.c', 'a.b.b.c', 'a.c.c'], ['a', 'c', 'a.b']],
    ['#.x.#', ['x', 'a.x', 'x.a', 'a.x.b'], ['a', 'xx']],
    ['*.#', ['a', 'a.b'], []],
    ['a*.b', ['a*.b'], ['ab.b']],
  ])('%s takes %j and not %j', (pattern, taken, left) => {
    const takes = topicPattern(pattern);
    expect(taken.filter(takes)).toEqual(taken);
    expect(left.filter(takes)).toEqual([]);
  });
});
