import { participantLeft } from '@aura/contracts';
import type { CloudEvent, JsonObject } from '@aura/contracts';
import type { Log, World } from '@aura/kernel';
import { COORDINATOR_QUEUE, EVENTS_EXCHANGE, participantSource } from '@aura/messaging';
import type { EventBus } from '@aura/messaging';

/** Who speaks, and over what. */
interface VoiceParts {
  readonly participant: string;
  readonly instance: string;
  readonly bus: EventBus;
  readonly world: World;
  readonly log: Log;
}

/** What an instance of a participant says of itself: to the coordinator, and to whoever looks on. */
export class InstanceVoice {
  private count = 0;

  constructor(private readonly parts: VoiceParts) {}

  /** An event of the instance, which says who it is besides `data`. */
  event(type: string, data: JsonObject = {}): CloudEvent {
    const { participant, instance, world } = this.parts;
    const at = world.clock.now();
    this.count += 1;
    return {
      specversion: '1.0',
      id: `${instance}/${at}/${this.count}`,
      source: participantSource(participant),
      type,
      time: new Date(at).toISOString(),
      datacontenttype: 'application/json',
      data: { participant, instance, ...data },
    };
  }

  tell(type: string, data?: JsonObject): Promise<void> {
    const { participant, bus } = this.parts;
    const event = this.event(type, data);
    const key = `${type}.${participant}`;
    return bus.publish([
      {
        event,
        to: [
          { kind: 'queue', queue: COORDINATOR_QUEUE },
          { kind: 'exchange', exchange: EVENTS_EXCHANGE, key },
        ],
      },
    ]);
  }

  /** Tells it if it can; the log knows of what could not be told. */
  said(type: string, data?: JsonObject): Promise<void> {
    return this.tell(type, data).catch((error: unknown) =>
      this.parts.log.warn(`could not publish ${type}`, { error }),
    );
  }

  /** Nothing is tried over a bus that is down, or half down: who falls silent is missed, too. */
  async sayGoodbye(): Promise<void> {
    const { bus, log } = this.parts;
    const { status, reason } = bus.health();
    if (status !== 'down') return this.said(participantLeft.type);
    log.warn('could not say goodbye: the bus is down', { reason });
  }
}
