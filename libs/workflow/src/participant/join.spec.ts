import { judgeJoin } from './join';
import type { JoinVerdict } from './join';
import type { ArrivalStatus } from './scope';

const STATUS: Readonly<Record<string, ArrivalStatus>> = { C: 'completed', S: 'skipped', O: 'continued' };

/** Arrivals at a step with dependencies a, b and c, in this order: C(ompleted), S(kipped), c(O)ntinued, or - for none. */
const VERDICTS: readonly (readonly [ends: string, all: JoinVerdict, any: JoinVerdict, ended: JoinVerdict])[] =
  [
    ['---', 'wait', 'wait', 'wait'],
    ['C--', 'wait', 'run', 'wait'],
    ['-O-', 'wait', 'run', 'wait'],
    ['S--', 'wait', 'wait', 'wait'],
    ['SC-', 'wait', 'run', 'wait'],
    ['SS-', 'wait', 'wait', 'wait'],
    ['CCC', 'run', 'run', 'run'],
    ['COC', 'run', 'run', 'run'],
    ['OOO', 'run', 'run', 'run'],
    ['CSC', 'skip', 'run', 'run'],
    ['SSO', 'skip', 'run', 'run'],
    ['SSS', 'skip', 'skip', 'run'],
  ];

describe('a join', () => {
  test.each(VERDICTS)('of %s: all says %s, any says %s, ended says %s', (ends, all, any, ended) => {
    const arrivals = new Map(
      ['a', 'b', 'c'].flatMap((dependency, n) => {
        const status = STATUS[ends[n] ?? '-'];
        return status === undefined ? [] : [[dependency, { status }] as const];
      }),
    );
    const verdict = (join: 'all' | 'any' | 'ended') =>
      judgeJoin({ dependencies: ['a', 'b', 'c'], join }, arrivals);
    expect([verdict('all'), verdict('any'), verdict('ended')]).toEqual([all, any, ended]);
  });

  test('of a kind from a newer plan is refused', () => {
    const step = { dependencies: ['a'], join: 'most' as 'all' };
    expect(() => judgeJoin(step, new Map())).toThrow('unexpected value "most"');
  });
});
