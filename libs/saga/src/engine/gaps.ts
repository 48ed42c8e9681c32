import type { World } from '@aura/kernel';
import type { GapSince } from '../machine/gap-since';

/**
 * Time that was nobody's fault: from `at` on (ms since 1970), `ms` milliseconds were lost. Negative: at `at`, the wall
 * clock was set back by so much, and what was recorded before seems to lie in the future.
 */
export interface Gap {
  readonly at: number;
  readonly ms: number;
  /** Lost only for the steps of this participant, because it had paused; absent: for all. */
  readonly participant?: string;
}

/** A jump of the wall clock against the monotonic one counts from this, ms; so does what lies ahead of it. */
export const JUMP_MS = 30_000;
/** Gaps older than this no longer matter, ms. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** Gaps of one partition; beyond, the oldest are put together. */
const MOST_GAPS = 64;
/** Times that a clock was set back; beyond, the oldest are forgotten. */
const MOST_TURNS = 8;

/**
 * Gaps by partition, told from owner to owner in the lease's note: time without an owner, jumps of this process's
 * clock, a bus that was away or blocked, pauses of participants.
 */
export class PartitionGaps {
  private readonly gaps = new Map<number, readonly Gap[]>();
  private wall: number;
  private monotonic: number;

  constructor(private readonly world: World) {
    this.wall = world.clock.now();
    this.monotonic = world.clock.monotonic();
  }

  /**
   * Milliseconds lost for a partition since a time: what several gaps have in common is lost once, and of a gap that was under
   * way then counts what was left of it. A time that lies in the future was recorded before the clock was set back, and counts
   * from there.
   */
  gapSince(partition: number): GapSince {
    const gaps = this.gaps.get(partition) ?? [];
    if (gaps.length === 0) return () => 0;
    const turns = this.turnsOf(gaps);
    const losses = gaps.filter((gap) => !isTurnBack(gap)).sort((left, right) => left.at - right.at);
    return (since, participant) => {
      const from = this.counted(turns, since);
      const own = losses.filter((gap) => gap.participant === undefined || gap.participant === participant);
      return from - since + lostFrom(own, from);
    };
  }

  /** How far from now a timer may seem to be that is due: as far as clocks were set back, ms. */
  lookAhead(): number {
    let most = 0;
    for (const gaps of this.gaps.values()) {
      most = Math.max(most, -this.turnsOf(gaps).reduce((sum, { ms }) => sum + ms, 0));
    }
    return most;
  }

  /** The time itself, or as {@link turnedBack} of what lies in the future. */
  private counted(turns: readonly Gap[], time: number): number {
    return turnedBack([...turns].reverse(), time, this.world.clock.now() + JUMP_MS);
  }

  private turnsOf(gaps: readonly Gap[]): readonly Gap[] {
    return gaps.filter((gap) => isTurnBack(gap) && this.counts(gap));
  }

  /** Whether a gap may still matter. */
  private counts({ at, ms }: Gap): boolean {
    const past = this.world.clock.now() - at;
    return ms < 0 ? past < JUMP_MS - ms : past - ms < KEPT_MS;
  }

  /** Takes over what the owner before knew, and adds the time in which there was no owner. */
  adopt(partition: number, known: readonly Gap[], unowned: Gap | undefined): void {
    this.gaps.set(partition, this.past(known));
    if (unowned !== undefined) this.add(partition, unowned);
  }

  /** Notes a gap of one partition. */
  add(partition: number, gap: Gap): void {
    this.gaps.set(partition, bounded([...(this.gaps.get(partition) ?? []), gap]));
  }

  /** Something was recorded at a time that lies in the future, ms since 1970: by a clock that was ahead, or this one was set back. */
  noteAhead(partition: number, time: number): void {
    const now = this.world.clock.now();
    const gaps = this.gaps.get(partition);
    // It was lost meanwhile.
    if (gaps === undefined) return;
    const isKnown = this.counted(this.turnsOf(gaps), time) <= now + JUMP_MS;
    if (!isKnown) this.setBack(partition, { at: now, ms: now - time });
  }

  /** Says that since `at` (ms since 1970) and still now time is lost, for all or for one participant. Repeated while it lasts. */
  stretch(at: number, participant?: string): void {
    const gap: Gap = {
      at,
      ms: Math.max(0, this.world.clock.now() - at),
      ...(participant === undefined ? {} : { participant }),
    };
    for (const [partition, gaps] of this.gaps) {
      const others = gaps.filter((known) => known.at !== at || known.participant !== participant);
      this.gaps.set(partition, bounded([...others, gap]));
    }
  }

  /** What the next owner must know. */
  note(partition: number): readonly Gap[] {
    return (this.gaps.get(partition) ?? []).filter((gap) => this.counts(gap));
  }

  drop(partition: number): void {
    this.gaps.delete(partition);
  }

  /** Looks whether the wall clock jumped since the last look; a jump, forward or back, counts for every owned partition. */
  watchClock(): void {
    const now = this.world.clock.now();
    const monotonic = this.world.clock.monotonic();
    const jump = now - this.wall - (monotonic - this.monotonic);
    if (Math.abs(jump) > JUMP_MS)
      for (const partition of this.gaps.keys())
        if (jump > 0) this.add(partition, { at: this.wall, ms: jump });
        else this.setBack(partition, { at: now, ms: jump });
    this.wall = now;
    this.monotonic = monotonic;
  }

  /** What was lost by a clock that was ahead is not lost by this one. */
  private setBack(partition: number, turn: Gap): void {
    this.gaps.set(partition, bounded([...this.past(this.gaps.get(partition) ?? []), turn]));
  }

  private past(gaps: readonly Gap[]): readonly Gap[] {
    const now = this.world.clock.now();
    return gaps.flatMap((gap) => {
      if (isTurnBack(gap)) return gap;
      return gap.at >= now ? [] : { ...gap, ms: Math.min(gap.ms, now - gap.at) };
    });
  }
}

function isTurnBack({ ms }: Gap): boolean {
  return ms < 0;
}

/**
 * A time as the clock says it that was set back by these turns, the last one first. What lies behind `limit` and was recorded
 * before a turn counts from that turn on: by how much the clock was ahead just then is not known. What was recorded behind it,
 * by another clock that was as far ahead, is set right by as much. A time that no turn explains stays.
 */
function turnedBack([turn, ...older]: readonly Gap[], time: number, limit: number): number {
  if (turn === undefined || time <= limit) return time;
  const before = turnedBack(older, time, limit - turn.ms);
  return before > limit - turn.ms ? time : Math.max(turn.at, before + turn.ms);
}

/** What gaps, sorted by their beginning, cover from a time on, ms. */
function lostFrom(gaps: readonly Gap[], from: number): number {
  let until = from;
  let lost = 0;
  for (const { at, ms } of gaps) {
    lost += Math.max(0, at + ms - Math.max(at, until));
    until = Math.max(until, at + ms);
  }
  return lost;
}

/** Puts two gaps of one kind together where there are too many: old sagas are patient, young ones exact. */
function bounded(all: readonly Gap[]): readonly Gap[] {
  const gaps = all.filter((gap) => !isTurnBack(gap));
  const turns = all.filter(isTurnBack).slice(-MOST_TURNS);
  return turns.length === 0 ? boundedLosses(all) : [...boundedLosses(gaps), ...turns];
}

/** Two gaps of one kind, one behind the other, and both as one that begins with the first. */
interface Pair {
  readonly first: Gap;
  readonly second: Gap;
  readonly together: Gap;
}

/** Best the pair that ended first, for one that grows must stay; and one whose second loses nothing where it is moved to. */
function boundedLosses(gaps: readonly Gap[]): readonly Gap[] {
  if (gaps.length <= MOST_GAPS) return gaps;
  const sorted = [...gaps].sort((left, right) => left.at - right.at);
  const pairs = pairsOf(sorted).sort((left, right) => endOf(left.second) - endOf(right.second));
  const pair = pairs.find((one) => !meetsOther(one, sorted)) ?? pairs[0];
  if (pair === undefined) return sorted.slice(1);
  return sorted.flatMap((gap) => (gap === pair.first ? [] : gap === pair.second ? [pair.together] : [gap]));
}

function pairsOf(sorted: readonly Gap[]): Pair[] {
  return sorted.flatMap((second, n): readonly Pair[] => {
    const first = sorted.slice(0, n).findLast(({ participant }) => participant === second.participant);
    if (first === undefined) return [];
    const overlap = Math.max(0, Math.min(endOf(first), endOf(second)) - second.at);
    return [{ first, second, together: { ...second, at: first.at, ms: first.ms + second.ms - overlap } }];
  });
}

/** Whether a gap of another kind lies where the second one is moved to. */
function meetsOther({ first, together }: Pair, all: readonly Gap[]): boolean {
  return all.some(
    (gap) => gap.participant !== first.participant && gap.at < endOf(together) && endOf(gap) > endOf(first),
  );
}

function endOf({ at, ms }: Gap): number {
  return at + ms;
}
