import { completed, ended, failed, SagaUnderTest, STARTED_AT, testPlan } from '../testing';
import { awaited } from './progress';
import { nextTimer, timersOf } from './timers';
import { NO_GAP } from './gap-since';

const any = testPlan([
  { id: 'a', timeout: '10s' },
  { id: 'b', timeout: '20s' },
  { id: 'c', dependencies: ['a', 'b'], join: 'any', timeout: '30s' },
]);

function timers(saga: SagaUnderTest): readonly (readonly [string, number])[] {
  return timersOf(saga.compiled, saga.state, NO_GAP).map(({ id, until }) => [id, until - STARTED_AT]);
}

describe('the timers of a saga', () => {
  it('are those of the steps that are out, and its own', () => {
    expect(timers(new SagaUnderTest(any))).toEqual([
      ['step/a/1', 10_000],
      ['step/b/1', 20_000],
      ['saga', 3_600_000],
    ]);
  });

  it('run from the end that triggered the step: for any, the first that went well', () => {
    const saga = new SagaUnderTest(any).when([ended('a', 'skipped')], 1000).when([completed('b')], 5000);
    expect(timers(saga)).toContainEqual(['step/c/1', 35_000]);
    const both = new SagaUnderTest(any).when([ended('a', 'skipped'), ended('b', 'skipped')], 1000);
    expect(timers(both)).toContainEqual(['step/c/1', 31_000]);
  });

  it('go on for a dependency that a join of kind any did not wait for', () => {
    const saga = new SagaUnderTest(any).when([completed('a'), completed('c')], 1000);
    expect(awaited(any, saga.state).map(({ id }) => id)).toEqual(['b']);
    expect(timers(saga)).toContainEqual(['step/b/1', 20_000]);
  });

  describe('for what is implied by an end behind it', () => {
    const chain = testPlan([
      { id: 'a' },
      { id: 'b', dependencies: ['a'] },
      { id: 'c', dependencies: ['b'] },
      { id: 'd' },
    ]);
    const implied = new SagaUnderTest(chain).when([completed('b')], 1000);
    const timer = (id: string) => ({ kind: 'timer', timer: id }) as const;

    it('never run out: they ask again for an end that was not heard, from when it was implied', () => {
      const [own, behind] = timers(implied);
      expect([own?.[0], behind?.[0]]).toEqual(['step/c/1', 'step/d/1']);
      expect(timers(implied).slice(2)).toEqual([
        ['join/a/1/0', 3000],
        ['saga', 3_600_000],
      ]);
    });

    it('bring what triggered it again, marked, ever more slowly, until it is heard', () => {
      let saga = implied;
      const asked: number[] = [];
      for (let n = 0; n < 9; n++) {
        const until = timers(saga).find(([id]) => id === `join/a/1/${n}`)?.[1] ?? 0;
        asked.push(until / 1000);
        saga = saga.when([timer(`join/a/1/${n}`)], until);
        expect(saga.last.messages).toMatchObject([
          { event: { type: 'ai.aura.saga.started.v1', aurareplay: 'reemit' } },
        ]);
      }
      expect(asked).toEqual([3, 7, 15, 31, 63, 127, 255, 383, 511]);
      expect(timers(saga.when([completed('a')])).map(([id]) => id)).toEqual(['step/c/1', 'step/d/1', 'saga']);
    });

    it('wait for what triggered the step, so that it can be brought again', () => {
      const saga = new SagaUnderTest(chain).when([completed('c')], 1000);
      expect(timers(saga).map(([id]) => id)).toEqual(['step/a/1', 'step/d/1', 'saga']);
      expect(timers(saga.when([completed('a')])).map(([id]) => id)).toContain('join/b/1/0');
    });
  });

  it('stop with the saga', () => {
    expect(timers(new SagaUnderTest(any).when([failed('a')]))).toEqual([]);
    expect(nextTimer([])).toBeUndefined();
  });

  it('of a fallback node that came too late are none, and its failure is nobody’s', () => {
    const plan = testPlan([{ id: 'a', failure: { policy: 'fallback', action: 'c' } }, { id: 'b' }]);
    const late = new SagaUnderTest(plan).when([failed('a')]).when([completed('a')]);
    expect(timers(late).map(([id]) => id)).toEqual(['step/b/1', 'saga']);
    const saga = late.when([failed('a.fallback')]);
    expect(saga.state.status).toBe('running');
    expect(saga.when([completed('b')]).state.status).toBe('completed');
  });

  it('are shifted by what was lost, for a step also by the pauses of its participant', () => {
    const gaps = (_since: number, participant?: string): number =>
      participant === 'b-service' ? 7000 : 1000;
    const saga = new SagaUnderTest(any);
    expect(timersOf(any, saga.state, gaps).map(({ id, until }) => [id, until - STARTED_AT])).toEqual([
      ['step/a/1', 11_000],
      ['step/b/1', 27_000],
      ['saga', 3_607_000],
    ]);
  });
});
