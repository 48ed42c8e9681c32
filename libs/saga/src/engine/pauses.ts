import type { World } from '@aura/kernel';
import type { EventBus, Registry } from '@aura/messaging';
import type { PartitionGaps } from './gaps';

const PAUSED = 'paused/';

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
      this.downSince ??= now;
      this.gaps.stretch(this.downSince);
      return undefined;
    }
    if (this.downSince !== undefined) this.gaps.stretch(this.downSince);
    this.downSince = undefined;
    const paused = new Set([...(await this.registry.list(PAUSED)).keys()].map(participantIn));
    for (const participant of paused) if (!this.since.has(participant)) this.since.set(participant, now);
    for (const [participant, since] of this.since) {
      this.gaps.stretch(since, participant);
      if (!paused.has(participant)) this.since.delete(participant);
    }
    return paused;
  }
}
