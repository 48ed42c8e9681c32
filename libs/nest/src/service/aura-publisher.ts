import { TerminalError } from '@aura/kernel';
import type { CloudEvent, JsonValue } from '@aura/contracts';
import { EVENTS_EXCHANGE, participantSource } from '@aura/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AURA_RUNTIME } from '../runtime/runtime';
import type { AuraRuntime } from '../runtime/runtime';
import { AURA_SETTINGS } from './aura-options';
import type { AuraSettings } from './aura-options';
import { actionInHand } from './inside-action';

/** Something that happened in a service, for whoever wants to know. */
export interface DomainEvent {
  /** CloudEvents type, past tense with a version: `com.example.order.placed.v1`; its routing key too. */
  readonly type: string;
  readonly data: JsonValue;
  /** Whose data it is, or what it is about. */
  readonly subject?: string;
  /** Default: a random UUID. Give one to publish the same event again without being taken for another. */
  readonly id?: string;
  /** When it happened, ISO 8601; default: now. */
  readonly time?: string;
  /** Saga that it belongs to. */
  readonly correlationid?: string;
  /** Whether it is an error that nobody takes it; default false. */
  readonly mandatory?: boolean;
}

/** Publishes domain events of the service. Not from within an action: an action returns its events. */
@Injectable()
export class AuraPublisher {
  constructor(
    @Inject(AURA_RUNTIME) private readonly runtime: AuraRuntime,
    @Inject(AURA_SETTINGS) private readonly settings: AuraSettings,
  ) {}

  /**
   * Resolves with the events when the broker has confirmed all of them. Errors: `StoreUnavailableError` when it cannot be
   * reached in time; `UnroutableError` for a mandatory event that nobody takes; `InvalidEventError`; `TerminalError`
   * with code `PUBLISHED_IN_ACTION`, as what an action publishes by hand would not be bound to its end.
   */
  async publish(...events: readonly DomainEvent[]): Promise<readonly CloudEvent[]> {
    const action = actionInHand();
    if (action !== undefined) throw publishedIn(action, events);
    const made = events.map((event) => ({ event: this.#made(event), mandatory: event.mandatory ?? false }));
    await this.runtime.bus.publish(
      made.map(({ event, mandatory }) => ({
        event,
        to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: event.type, mandatory }],
      })),
    );
    return made.map(({ event }) => event);
  }

  #made({ mandatory: _mandatory, ...event }: DomainEvent): CloudEvent {
    return {
      specversion: '1.0',
      id: randomUUID(),
      source: participantSource(this.settings.service),
      time: new Date(this.runtime.world.clock.now()).toISOString(),
      datacontenttype: 'application/json',
      ...event,
    };
  }
}

function publishedIn(action: string, events: readonly DomainEvent[]): TerminalError {
  return new TerminalError(
    `action ${action} publishes ${events.map(({ type }) => type).join(', ')} by hand`,
    {
      code: 'PUBLISHED_IN_ACTION',
      help: 'Return the event beside the output and name its type in `publishes`: then both happen or neither does.',
    },
  );
}
