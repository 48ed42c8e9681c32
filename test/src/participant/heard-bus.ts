import type { CloudEvent } from '@aura/contracts';
import type { Clock } from '@aura/kernel';
import { ObservedBus } from '@aura/messaging';
import type { EventBus, OutboundMessage } from '@aura/messaging';

/** Keeps what is published behind a row, instead of with it. */
export class HeardBus extends ObservedBus {
  private readonly heard: CloudEvent[] = [];

  constructor(bus: EventBus, clock: Clock) {
    super(bus, { system: 'aura', clock });
  }

  override publish(messages: readonly OutboundMessage[]): Promise<void> {
    this.heard.push(...messages.map(({ event }) => event));
    return super.publish(messages);
  }

  /** The types of what was heard of a step. */
  of(step: string): readonly string[] {
    return this.heard.filter(({ aurastep }) => aurastep === step).map(({ type }) => type);
  }
}
