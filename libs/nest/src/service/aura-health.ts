import type { EventBus } from '@aura/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { AURA_RUNTIME } from '../runtime/runtime';
import { AuraLifecycle } from './aura-lifecycle';

/** How a service stands towards Aura. */
export interface AuraHealthResult {
  readonly status: 'up' | 'down';
  /** `blocked`: the broker asks publishers to wait. */
  readonly bus: 'up' | 'down' | 'blocked';
  /** Whether actions and subscriptions are taken in; `none`: the service has none. */
  readonly participant: 'running' | 'stopped' | 'none';
  /** Why it is down; empty when it is up. */
  readonly reasons: readonly string[];
}

/** Tells how the service stands towards Aura. Fits `@nestjs/terminus`: `() => health.isHealthy('aura')`. */
@Injectable()
export class AuraHealth {
  constructor(
    @Inject(AURA_RUNTIME) private readonly runtime: { readonly bus: Pick<EventBus, 'health'> },
    @Inject(AuraLifecycle) private readonly lifecycle: Pick<AuraLifecycle, 'hasParticipant' | 'isRunning'>,
  ) {}

  /** Answers at once, from what the process knows. */
  check(): AuraHealthResult {
    const { status: bus, reason, withoutConsumer, refused = [] } = this.runtime.bus.health();
    const participant = this.#participant();
    const reasons = [
      ...(bus === 'up' ? [] : [reason ?? `the bus is ${bus}`]),
      ...refused,
      ...withoutConsumer.map((queue) => `queue ${queue} has no consumer`),
      ...(participant === 'stopped' ? ['the participant has not started, or has stopped'] : []),
    ];
    return { status: reasons.length === 0 ? 'up' : 'down', bus, participant, reasons };
  }

  /** The same as an indicator's result. */
  isHealthy<K extends string>(key: K): Promise<Record<K, AuraHealthResult>> {
    return Promise.resolve({ [key]: this.check() } as Record<K, AuraHealthResult>);
  }

  #participant(): AuraHealthResult['participant'] {
    if (!this.lifecycle.hasParticipant) return 'none';
    return this.lifecycle.isRunning ? 'running' : 'stopped';
  }
}
