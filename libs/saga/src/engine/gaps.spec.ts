import { VirtualWorld } from '@aura/kernel/testing';
import { PartitionGaps } from './gaps';

const DAY_MS = 24 * 3_600_000;

describe('gaps', () => {
  const world = new VirtualWorld({ now: 1_000_000 });
  const now = (): number => world.clock.now();

  function gapsOf(...known: Parameters<PartitionGaps['adopt']>[1]): PartitionGaps {
    const gaps = new PartitionGaps(world);
    gaps.adopt(1, known, undefined);
    return gaps;
  }

  it('count whole for what began before, in part for what began meanwhile, and not for what began behind', () => {
    const lost = gapsOf({ at: 100, ms: 50 }).gapSince(1);
    expect([0, 100, 120, 150, 200].map((since) => lost(since))).toEqual([50, 50, 30, 0, 0]);
  });

  it('that have something in common count it once: a clock set forward also has leases run out and prolongs a pause', () => {
    const lost = gapsOf(
      { at: 100, ms: 50 },
      { at: 110, ms: 20 },
      { at: 90, ms: 30, participant: 'nlu' },
      { at: 140, ms: 20 },
      { at: 200, ms: 5 },
    ).gapSince(1);
    expect([lost(0), lost(0, 'nlu'), lost(145), lost(120, 'nlu')]).toEqual([65, 75, 20, 45]);
  });

  it('of a pause count for its participant alone', () => {
    const lost = gapsOf({ at: 100, ms: 50, participant: 'nlu' }, { at: 300, ms: 7 }).gapSince(1);
    expect([lost(0), lost(0, 'nlu'), lost(0, 'other')]).toEqual([7, 57, 7]);
  });

  it('grow while they last, each by itself', async () => {
    const gaps = gapsOf({ at: 100, ms: 50 });
    const since = now();
    await world.advance(10);
    gaps.stretch(since, 'nlu');
    gaps.stretch(since);
    await world.advance(10);
    gaps.stretch(since, 'nlu');
    expect(gaps.note(1)).toEqual([
      { at: 100, ms: 50 },
      { at: since, ms: 10 },
      { at: since, ms: 20, participant: 'nlu' },
    ]);
  });

  it('of a partition that nobody has here are none', () => {
    const gaps = gapsOf({ at: 100, ms: 50 });
    gaps.drop(1);
    expect(gaps.gapSince(1)(0)).toBe(0);
    expect(gaps.note(1)).toEqual([]);
    gaps.add(2, { at: 0, ms: 3 });
    expect(gaps.gapSince(2)(0)).toBe(3);
  });

  it('that are a week old are not told on', async () => {
    const gaps = gapsOf({ at: now(), ms: 10 });
    await world.advance(8 * DAY_MS);
    expect(gaps.note(1)).toEqual([]);
  });

  it('are put together from the oldest on when there are too many, and lose nothing for old sagas', () => {
    const base = now();
    const many = Array.from({ length: 70 }, (_, n) => ({
      at: base + n * 10,
      ms: 1,
      ...(n === 0 ? { participant: 'once' } : n % 2 === 0 ? { participant: 'nlu' } : {}),
    }));
    const gaps = gapsOf();
    for (const gap of many) gaps.add(1, gap);
    const lost = gaps.gapSince(1);
    expect([lost(base), lost(base, 'nlu'), lost(base, 'once')]).toEqual([35, 69, 36]);
    expect(gaps.note(1)).toHaveLength(64);
    expect(lost(base + 600)).toBe(5);
  });

  it('are put together without counting twice what they have in common', () => {
    const base = now() - 1000;
    const gaps = gapsOf();
    for (let n = 0; n < 70; n++) gaps.add(1, { at: base + n * 10, ms: 12 });
    expect(gaps.note(1)).toHaveLength(64);
    expect(gaps.gapSince(1)(base)).toBe(69 * 10 + 12);
  });

  it('are put together where nothing else lies between, when there are too many', () => {
    const base = now() - 100_000;
    const gaps = gapsOf();
    const nlu = { participant: 'nlu' };
    gaps.add(1, { at: base, ms: 1000 });
    gaps.add(1, { at: base + 1200, ms: 1000, ...nlu });
    for (let n = 1; n < 64; n++) gaps.add(1, { at: base + n * 1500 + 1000, ms: 100 });
    expect(gaps.note(1)).toHaveLength(64);
    const lost = gaps.gapSince(1);
    expect([lost(base), lost(base, 'nlu')]).toEqual([1000 + 63 * 100, 2000 + 63 * 100]);
  });

  it('that still last grow by what passes, however many there are', async () => {
    const gaps = gapsOf();
    for (let n = 0; n < 64; n++) {
      gaps.add(1, { at: now(), ms: 1000, participant: n % 2 === 0 ? 'nlu' : 'styles' });
      await world.advance(60_000);
    }
    const since = now();
    for (let n = 0; n < 20; n++) {
      await world.advance(1000);
      gaps.stretch(since, 'nlu');
    }
    const lost = gaps.gapSince(1);
    expect([lost(since, 'nlu'), lost(since - 90_000, 'nlu'), lost(since - 90_000, 'styles')]).toEqual([
      20_000, 20_000, 1000,
    ]);
  });

  it('come of a clock that was set forward, not of one that was set back or moves a little', async () => {
    const gaps = gapsOf();
    const before = now();
    world.jump(20_000);
    gaps.watchClock();
    world.jump(-600_000);
    gaps.watchClock();
    expect(gaps.gapSince(1)(0)).toBe(0);
    await world.advance(40_000);
    gaps.watchClock();
    expect(gaps.gapSince(1)(0)).toBe(0);
    world.jump(600_000);
    gaps.watchClock();
    expect(gaps.gapSince(1)(before - 600_000)).toBe(600_000);
  });

  describe('of a clock that was set back', () => {
    const HOUR_MS = 3_600_000;

    it('bring what was recorded before back from the future, and leave alone what was recorded behind', async () => {
      const gaps = gapsOf();
      const before = now();
      expect(gaps.lookAhead()).toBe(0);
      world.jump(-HOUR_MS);
      gaps.watchClock();
      const lost = gaps.gapSince(1);
      const turn = now();
      expect([before, before - 5000, turn, turn - 5000].map((since) => since + lost(since))).toEqual([
        turn,
        turn,
        turn,
        turn - 5000,
      ]);
      expect(gaps.lookAhead()).toBe(HOUR_MS);
      await world.advance(60_000);
      expect(lost(before)).toBe(-HOUR_MS);
      expect(gaps.note(1)).toEqual([{ at: before - HOUR_MS, ms: -HOUR_MS }]);
      await world.advance(2 * HOUR_MS);
      expect([gaps.lookAhead(), gaps.note(1), lost(before)]).toEqual([0, [], 0]);
    });

    it('add up for what was recorded before the first of several, and are told to the next owner', () => {
      const gaps = gapsOf();
      const first = now();
      world.jump(-HOUR_MS);
      gaps.watchClock();
      const between = now();
      world.jump(-2 * HOUR_MS);
      gaps.watchClock();
      const next = gapsOf(...gaps.note(1));
      expect([first, between, now()].map((since) => next.gapSince(1)(since))).toEqual([
        -3 * HOUR_MS,
        -2 * HOUR_MS,
        0,
      ]);
      for (let n = 0; n < 12; n++) {
        world.jump(-60_000);
        next.watchClock();
      }
      expect(next.note(1).filter(({ ms }) => ms < 0)).toHaveLength(8);
    });

    it('are seen by who takes over what was recorded in the future, once', () => {
      const gaps = gapsOf();
      const taken = now();
      gaps.noteAhead(1, taken + 20_000);
      expect(gaps.lookAhead()).toBe(0);
      gaps.noteAhead(1, taken + HOUR_MS);
      gaps.noteAhead(1, taken + HOUR_MS - 1000);
      expect(gaps.lookAhead()).toBe(HOUR_MS);
      const ahead = taken + HOUR_MS - 1000;
      expect(ahead + gaps.gapSince(1)(ahead)).toBe(taken);
    });

    it('count from the last turn that explains them, and so not early', async () => {
      const gaps = gapsOf();
      const taken = now();
      gaps.noteAhead(1, taken + HOUR_MS);
      await world.advance(10_000);
      gaps.noteAhead(1, now() + 5 * HOUR_MS);
      const lost = gaps.gapSince(1);
      const [less, more] = [taken + HOUR_MS, taken + 4 * HOUR_MS];
      expect([less + lost(less), more + lost(more)]).toEqual([taken + 10_000, taken + 10_000]);
    });

    it('do not hurry what a later, smaller jump made', async () => {
      const gaps = gapsOf();
      world.jump(HOUR_MS);
      gaps.watchClock();
      world.jump(-HOUR_MS);
      gaps.watchClock();
      await world.advance(40 * 60_000);
      gaps.watchClock();
      world.jump(15 * 60_000);
      gaps.watchClock();
      const since = now();
      await world.advance(10_000);
      world.jump(-15 * 60_000);
      gaps.watchClock();
      expect(since + gaps.gapSince(1)(since)).toBe(now());
    });

    it('set right what another one recorded behind the turn, whose clock was as far ahead', async () => {
      const gaps = gapsOf();
      world.jump(-HOUR_MS);
      gaps.watchClock();
      await world.advance(10_000);
      const ahead = now() + HOUR_MS;
      expect(ahead + gaps.gapSince(1)(ahead)).toBe(now());
      await world.advance(60_000);
      expect(ahead + gaps.gapSince(1)(ahead)).toBe(now() - 60_000);
      const unknown = now() + 3 * HOUR_MS;
      expect(gaps.gapSince(1)(unknown)).toBe(0);
    });

    it('that are long ago explain nothing', async () => {
      const gaps = gapsOf();
      world.jump(-HOUR_MS);
      gaps.watchClock();
      await world.advance(10 * HOUR_MS);
      gaps.watchClock();
      gaps.noteAhead(1, now() + 40 * 60_000);
      expect([gaps.lookAhead(), gaps.note(1).length]).toEqual([40 * 60_000, 1]);
    });

    it('are noted once more where an owner who was set right in part is followed by one who is right', () => {
      const before = gapsOf();
      const first = now();
      world.jump(-HOUR_MS);
      before.watchClock();
      const known = before.note(1);
      world.jump(-HOUR_MS);
      const next = gapsOf(...known);
      next.noteAhead(1, now() + HOUR_MS);
      next.noteAhead(1, first);
      expect(next.note(1)).toHaveLength(2);
      expect(first + next.gapSince(1)(first)).toBe(now());
    });

    it('take back what was lost by the clock that was ahead, and keep what was lost before', async () => {
      const gaps = gapsOf();
      const before = now();
      gaps.add(1, { at: before - 500, ms: 200 });
      world.jump(HOUR_MS);
      gaps.watchClock();
      gaps.stretch(before, 'nlu');
      await world.advance(3000);
      expect(gaps.gapSince(1)(before - 1000, 'nlu')).toBe(HOUR_MS + 200);
      world.jump(-HOUR_MS);
      gaps.watchClock();
      expect(gaps.gapSince(1)(before - 1000, 'nlu')).toBe(3200);
      const next = gapsOf({ at: before - 500, ms: 200 }, { at: now(), ms: HOUR_MS });
      expect(next.gapSince(1)(before - 1000)).toBe(200);
    });
  });
});
