import {
  consumerPaused,
  consumerResumed,
  definitionBound,
  definitionUnbound,
  participantAnnounced,
  participantLeft,
  planRequested,
} from '@aura/contracts';
import type { CloudEvent, EventData, EventDefinition } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';
import type { FastStores, Outcome } from '@aura/messaging';
import { DONE } from '@aura/messaging';
import type { DeliveryContext } from '@aura/messaging';
import type { World } from '@aura/kernel';
import { BUILT_IN_PARTICIPANT } from '@aura/workflow';
import type { Catalogue } from './catalogue';
import type { Definitions } from './definitions';
import { pausedKey } from './pauses';
import type { Presence } from './presence';

/** What the coordinator keeps of its participants. */
export interface ControlParts {
  readonly catalogue: Catalogue;
  readonly definitions: Definitions;
  readonly presence: Presence;
}

/** What the coordinator hears from participants: who is there, what is bound, which plan is missing, who has paused. */
export class Control {
  private readonly definitions: Definitions;

  constructor(
    private readonly parts: ControlParts,
    private readonly fast: FastStores,
    private readonly world: World,
  ) {
    this.definitions = parts.definitions;
  }

  async handle({ event }: DeliveryContext): Promise<Outcome> {
    switch (event.type) {
      case participantAnnounced.type:
        return this.onAnnounced(event);
      case participantLeft.type:
        return this.onLeft(event);
      case definitionBound.type:
        await this.definitions.onBound(read(definitionBound, event));
        return DONE;
      case definitionUnbound.type:
        await this.definitions.onUnbound(read(definitionUnbound, event));
        return DONE;
      case planRequested.type: {
        const { digest, replyTo } = read(planRequested, event);
        return { kind: 'done', publish: await this.definitions.provide(digest, replyTo) };
      }
      case consumerPaused.type:
        return this.onPaused(event);
      case consumerResumed.type:
        return this.onResumed(event);
      default:
        return { kind: 'dropped', reason: `nothing is done with ${event.type}` };
    }
  }

  private async onAnnounced(event: CloudEvent): Promise<Outcome> {
    const { participant, instance, version, actions, plans } = read(participantAnnounced, event);
    if (participant === BUILT_IN_PARTICIPANT) throw reservedName(instance);
    await this.parts.catalogue.heard({ participant, version, actions });
    await this.parts.presence.heard({ participant, instance, version }, timeOf(event));
    await this.definitions.onAnnounced(participant, plans);
    return DONE;
  }

  private async onLeft(event: CloudEvent): Promise<Outcome> {
    const { participant, instance } = read(participantLeft, event);
    await this.parts.presence.left({ participant, instance });
    await this.fast.registry.remove(pausedKey(participant, instance));
    return DONE;
  }

  /** A pause is a lease: what is not renewed runs out. */
  private async onPaused(event: CloudEvent): Promise<Outcome> {
    const { participant, instance, until, error } = read(consumerPaused, event);
    const ttlMs = Date.parse(until) - this.world.clock.now();
    if (ttlMs > 0)
      await this.fast.registry.put(pausedKey(participant, instance), { until, code: error.code }, ttlMs);
    return DONE;
  }

  private async onResumed(event: CloudEvent): Promise<Outcome> {
    const { participant, instance } = read(consumerResumed, event);
    await this.fast.registry.remove(pausedKey(participant, instance));
    return DONE;
  }
}

/** Its steps could not be told from those that the coordinator performs itself. */
function reservedName(instance: string): TerminalError {
  return new TerminalError(
    `instance ${instance} announces a participant named "${BUILT_IN_PARTICIPANT}", the name of the coordinator's own steps`,
    { code: 'RESERVED_NAME', help: 'Give the participant another name, such as that of what it does.' },
  );
}

/** When it was sent, ms since 1970; undefined when it does not say. */
function timeOf({ time }: CloudEvent): number | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** The data of an event as its definition says. Errors: `TerminalError`; the event will never be another one. */
function read<E extends EventDefinition>(definition: E, event: CloudEvent): EventData<E> {
  const parsed = definition.data.safeParse(event.data);
  if (parsed.success) return parsed.data as EventData<E>;
  throw new TerminalError(
    `the data of ${event.type} ${event.id} is not what it should be: ${parsed.error.message}`,
    {
      code: 'INVALID_EVENT_DATA',
      help: 'Let the participant run the same version of Aura as the coordinator.',
    },
  );
}
