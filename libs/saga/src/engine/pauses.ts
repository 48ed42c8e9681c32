import type { World } from '@aura/kernel';
import type { EventBus, Registry } from '@aura/messaging';
import type { PartitionGaps } from './gaps';

const PAUSED = 'paused/';
/** Due timers are looked at again within this time, ms: who still lacks an action is found again. */
const LACKING_MS = 12_000;

/** Key under which a paused consumer is known: every instance of a participant pauses for itself. */
export function pausedKey(participant: string, instance: string): string {
  return `${PAUSED}${participant}/${instance}`;
}

/** The participant of a {@link pausedKey}. */
function participantIn(key: string): string {
  return key.slice(PAUSED.length, key.indexOf('/', PAUSED.length));
}

/**
 * Watches who has paused and whether the bus stands, and makes a gap of the time while that lasts: timeouts stand
 * still, and go on where they stood.
 */
export class Pauses {
  private readonly since = new Map<string, number>();
  private downSince: number | undefined;
  /** When a participant was last found to lack an action that a saga waits for, ms since 1970. */
  private readonly lacking = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly bus: EventBus,
    private readonly registry: Registry,
    private readonly gaps: PartitionGaps,
  ) {}

  /** Looks once; answers who has paused, or undefined while the bus takes nothing. */
  async look(): Promise<ReadonlySet<string> | undefined> {
    const now = this.world.clock.now();
    if (this.bus.health().status !== 'up') {
      this.downSince = notAhead(this.downSince, now);
      this.gaps.stretch(this.downSince);
      return undefined;
    }
    if (this.downSince !== undefined) this.gaps.stretch(this.downSince);
    this.downSince = undefined;
    const paused = new Set([...(await this.registry.list(PAUSED)).keys()].map(participantIn));
    this.stretch(paused, now);
    return paused;
  }

  private stretch(paused: ReadonlySet<string>, now: number): void {
    for (const participant of [...paused, ...this.lackingAt(now)])
      this.since.set(participant, notAhead(this.since.get(participant), now));
    for (const [participant, since] of this.since) {
      this.gaps.stretch(since, participant);
      if (!paused.has(participant) && !this.lacking.has(participant)) this.since.delete(participant);
    }
  }

  /** A participant no longer offers an action that a saga waits for: its timeouts stand still until it does. */
  lacks(participant: string): void {
    this.lacking.set(participant, this.world.clock.now());
  }

  private lackingAt(now: number): readonly string[] {
    for (const [participant, at] of this.lacking)
      if (Math.abs(now - at) > LACKING_MS) this.lacking.delete(participant);
    return [...this.lacking.keys()];
  }
}

/** Since when something lasts that still does; what began while the clock was ahead lasts at least since now. */
function notAhead(since: number | undefined, now: number): number {
  return since === undefined ? now : Math.min(since, now);
}
