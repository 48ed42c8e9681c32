import { Inject, Injectable } from '@nestjs/common';
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import { startParticipant } from '@aura/workflow';
import type { RunningParticipant } from '@aura/workflow';
import { AURA_RUNTIME } from '../runtime/runtime';
import type { AuraRuntime } from '../runtime/runtime';
import { AURA_SETTINGS } from './aura-options';
import type { AuraSettings } from './aura-options';
import { markedAction } from './inside-action';

/** Starts the service's participant with the application, stops it in good order, and closes the runtime last. */
@Injectable()
export class AuraLifecycle
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  #running: RunningParticipant | undefined;

  constructor(
    @Inject(AURA_SETTINGS) private readonly settings: AuraSettings,
    @Inject(AURA_RUNTIME) private readonly runtime: AuraRuntime,
  ) {}

  /** Whether the participant takes work. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Whether there is anything to take work for. */
  get hasParticipant(): boolean {
    const { actions, subscriptions } = this.settings;
    return typeof actions === 'function' || actions.length + subscriptions.length > 0;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.hasParticipant) return;
    const { service, version, actions, subscriptions, prefetch, heartbeatMs } = this.settings;
    const { bus, claims, world, log, meter, instance } = this.runtime;
    const stores = await this.runtime.stores(service);
    const made = typeof actions === 'function' ? actions({ ...stores, world, claims }) : actions;
    this.#running = await startParticipant(
      { name: service, version, actions: made.map(markedAction), subscriptions },
      { ...stores, bus, claims, world, log, meter },
      { instance: `${service}@${instance}`, prefetch, heartbeatMs },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop(this.settings.graceMs);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.runtime.close();
  }
}
