import {
  consumerPaused,
  consumerResumed,
  definitionBound,
  participantAnnounced,
  participantLeft,
  planRequested,
} from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import type { FastStores, Outcome } from '@aura/messaging';
import { DONE } from '@aura/messaging';
import type { DeliveryContext } from '@aura/messaging';
import type { World } from '@aura/kernel';
import type { Catalogue } from './catalogue';
import type { Definitions } from './definitions';
import { pausedKey } from './timer-keeper';

/** How long an instance counts as there without a new announcement, ms: three heartbeats. */
const PRESENCE_MS = 15_000;

/** What the coordinator hears from participants: who is there, what is bound, which plan is missing, who has paused. */
export class Control {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly definitions: Definitions,
    private readonly fast: FastStores,
    private readonly world: World,
  ) {}

  async handle({ event }: DeliveryContext): Promise<Outcome> {
    switch (event.type) {
      case participantAnnounced.type:
        return this.onAnnounced(event);
      case participantLeft.type:
        return this.onLeft(event);
      case definitionBound.type:
        await this.definitions.onBound(definitionBound.data.parse(event.data));
        return DONE;
      case planRequested.type: {
        const { digest, replyTo } = planRequested.data.parse(event.data);
        return { kind: 'done', publish: await this.definitions.provide(digest, replyTo) };
      }
      case consumerPaused.type:
        return this.onPaused(event);
      case consumerResumed.type: {
        const { participant } = consumerResumed.data.parse(event.data);
        await this.fast.registry.remove(pausedKey(participant));
        return DONE;
      }
      default:
        return { kind: 'dropped', reason: `nothing is done with ${event.type}` };
    }
  }

  private async onAnnounced(event: CloudEvent): Promise<Outcome> {
    const { participant, instance, version, actions, plans } = participantAnnounced.data.parse(event.data);
    await this.catalogue.heard({ participant, version, actions });
    await this.fast.registry.put(`instance/${participant}/${instance}`, { version }, PRESENCE_MS);
    await this.definitions.onAnnounced(participant, plans);
    return DONE;
  }

  private async onLeft(event: CloudEvent): Promise<Outcome> {
    const { participant, instance } = participantLeft.data.parse(event.data);
    await this.fast.registry.remove(`instance/${participant}/${instance}`);
    return DONE;
  }

  /** A pause is a lease: what is not renewed runs out. */
  private async onPaused(event: CloudEvent): Promise<Outcome> {
    const { participant, until, error } = consumerPaused.data.parse(event.data);
    const ttlMs = Date.parse(until) - this.world.clock.now();
    if (ttlMs > 0) await this.fast.registry.put(pausedKey(participant), { until, code: error.code }, ttlMs);
    return DONE;
  }
}
