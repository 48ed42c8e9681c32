import type { World } from '@aura/kernel';
import type { GapSince } from '../machine/timers';

/** Time that was nobody's fault: from `at` on, `ms` milliseconds were lost. */
export interface Gap {
  readonly at: number;
  readonly ms: number;
}

/** A jump of the wall clock against the monotonic one counts from this, ms. */
const JUMP_MS = 30_000;
/** Gaps older than this no longer matter, ms. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** Gaps by partition, told from owner to owner in the lease's note; and jumps of this process's clock. */
export class PartitionGaps {
  private readonly gaps = new Map<number, readonly Gap[]>();
  private wall: number;
  private monotonic: number;

  constructor(private readonly world: World) {
    this.wall = world.clock.now();
    this.monotonic = world.clock.monotonic();
  }

  /** Milliseconds lost for a partition since a time. */
  gapSince(partition: number): GapSince {
    const gaps = this.gaps.get(partition) ?? [];
    if (gaps.length === 0) return () => 0;
    return (since) => gaps.reduce((sum, { at, ms }) => (at >= since ? sum + ms : sum), 0);
  }

  /** Takes over what the owner before knew, and adds the time in which there was no owner. */
  adopt(partition: number, known: readonly Gap[], unowned: Gap | undefined): void {
    this.gaps.set(partition, unowned === undefined ? known : [...known, unowned]);
  }

  /** What the next owner must know. */
  note(partition: number): readonly Gap[] {
    const now = this.world.clock.now();
    return (this.gaps.get(partition) ?? []).filter(({ at }) => now - at < KEPT_MS);
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
      for (const [partition, gaps] of this.gaps)
        this.gaps.set(partition, [...gaps, { at: this.wall, ms: jump }]);
    this.wall = now;
    this.monotonic = monotonic;
  }
}
