import type { World } from '@aura/kernel';
import type { GapSince } from '../machine/timers';

/** Time that was nobody's fault: from `at` on (ms since 1970), `ms` milliseconds were lost. */
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
    return (since, participant) =>
      gaps
        .filter((gap) => gap.participant === undefined || gap.participant === participant)
        .reduce((sum, gap) => sum + lostSince(gap, since), 0);
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
    const now = this.world.clock.now();
    return (this.gaps.get(partition) ?? []).filter(({ at, ms }) => now - at - ms < KEPT_MS);
  }

  drop(partition: number): void {
    this.gaps.delete(partition);
  }

  /** Looks whether the wall clock jumped since the last look; a jump forward counts as a gap for every owned partition. */
  watchClock(): void {
    const now = this.world.clock.now();
    const monotonic = this.world.clock.monotonic();
    const jump = now - this.wall - (monotonic - this.monotonic);
    if (jump > JUMP_MS)
      for (const partition of this.gaps.keys()) this.add(partition, { at: this.wall, ms: jump });
    this.wall = now;
    this.monotonic = monotonic;
  }
}

function lostSince({ at, ms }: Gap, since: number): number {
  return Math.max(0, at + ms - Math.max(at, since));
}

/** Puts the two oldest gaps of one kind together while there are too many: old sagas are patient, young ones exact. */
function bounded(gaps: readonly Gap[]): readonly Gap[] {
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
