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

/** A jump of the wall clock against the monotonic one counts from this, ms. */
const JUMP_MS = 30_000;
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

  /** Milliseconds lost for a partition since a time; of a gap that was under way then, what was left of it. */
  gapSince(partition: number): GapSince {
    const gaps = this.gaps.get(partition) ?? [];
    if (gaps.length === 0) return () => 0;
    const turns = gaps.filter(isTurnBack);
    return (since, participant) =>
      gaps
        .filter((gap) => gap.participant === undefined || gap.participant === participant)
        .reduce((sum, gap) => sum + lostSince(gap, since), -this.turnedBack(turns, since));
  }

  /** How far from now a timer may seem to be that is due: as far as clocks were set back, ms. */
  lookAhead(): number {
    let most = 0;
    for (const gaps of this.gaps.values()) {
      const turned = gaps.filter((gap) => this.counts(gap)).filter(isTurnBack);
      most = Math.max(most, -turned.reduce((sum, { ms }) => sum + ms, 0));
    }
    return most;
  }

  /** By how much a time that lies in the future was recorded before the clock was set back: once, or more often. */
  private turnedBack(turns: readonly Gap[], since: number): number {
    const now = this.world.clock.now();
    let back = 0;
    for (const { ms } of [...turns].reverse()) {
      if (since - back <= now + JUMP_MS) break;
      back -= ms;
    }
    return back;
  }

  /** Whether a gap may still matter. */
  private counts({ at, ms }: Gap): boolean {
    const past = this.world.clock.now() - at;
    return ms < 0 ? past < JUMP_MS - ms : past - ms < KEPT_MS;
  }

  /** Takes over what the owner before knew, and adds the time in which there was no owner. */
  adopt(partition: number, known: readonly Gap[], unowned: Gap | undefined): void {
    this.gaps.set(partition, known);
    if (unowned !== undefined) this.add(partition, unowned);
  }

  /** Notes a gap of one partition. */
  add(partition: number, gap: Gap): void {
    this.gaps.set(partition, bounded([...(this.gaps.get(partition) ?? []), gap]));
  }

  /** What the owner before recorded lies so far in the future, ms: its clock, or the one of this machine, was set back. */
  noteAhead(partition: number, ms: number): void {
    if (ms > JUMP_MS) this.add(partition, { at: this.world.clock.now(), ms: -ms });
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
        this.add(partition, { at: jump > 0 ? this.wall : now, ms: jump });
    this.wall = now;
    this.monotonic = monotonic;
  }
}

function isTurnBack({ ms }: Gap): boolean {
  return ms < 0;
}

function lostSince({ at, ms }: Gap, since: number): number {
  if (ms < 0) return 0;
  return Math.max(0, at + ms - Math.max(at, since));
}

/** Puts the two oldest gaps of one kind together while there are too many: old sagas are patient, young ones exact. */
function bounded(all: readonly Gap[]): readonly Gap[] {
  const gaps = all.filter((gap) => !isTurnBack(gap));
  const turns = all.filter(isTurnBack).slice(-MOST_TURNS);
  return turns.length === 0 ? boundedLosses(all) : [...boundedLosses(gaps), ...turns];
}

function boundedLosses(gaps: readonly Gap[]): readonly Gap[] {
  if (gaps.length <= MOST_GAPS) return gaps;
  const sorted = [...gaps].sort((left, right) => left.at - right.at);
  const next = sorted.findIndex((gap, n) =>
    sorted.slice(0, n).some(({ participant }) => participant === gap.participant),
  );
  const second = sorted[next];
  const first = sorted.find(({ participant }) => participant === second?.participant);
  if (first === undefined || second === undefined) return sorted.slice(1);
  const together = { ...second, at: first.at, ms: first.ms + second.ms };
  return sorted.flatMap((gap) => (gap === first ? [] : gap === second ? [together] : [gap]));
}
