import { Inject, Injectable, Module } from '@nestjs/common';
import type { BeforeApplicationShutdown, DynamicModule, OnApplicationBootstrap } from '@nestjs/common';
import type { JournalRow } from '@aura/kernel';
import { startParticipant } from '@aura/workflow';
import type { ParticipantDefinition, ParticipantOptions, RunningParticipant } from '@aura/workflow';
import { AURA_RUNTIME } from './runtime/runtime';
import type { AuraRuntime, OwnStores } from './runtime/runtime';

/** A service as a Nest module: its name, and how its participant is made from its own stores. */
export interface ParticipantModuleOptions {
  /** Name of the participant; its stores go by it. */
  readonly name: string;
  readonly participant: (given: OwnStores & Pick<AuraRuntime, 'world' | 'claims'>) => ParticipantDefinition;
  /** What must stand in the journal before the first delivery; a row whose place is taken is left out. */
  readonly opening?: (nowMs: number) => readonly JournalRow[];
  readonly settings?: Omit<ParticipantOptions, 'instance'>;
}

const OPTIONS = Symbol('ParticipantModuleOptions');

/** Time for what is in hand when the application stops, ms, unless the runtime says otherwise. */
const GRACE_MS = 5000;

/** Starts the participant with the application and stops it in good order. */
@Injectable()
class ParticipantLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private running: RunningParticipant | undefined;

  constructor(
    @Inject(OPTIONS) private readonly options: ParticipantModuleOptions,
    @Inject(AURA_RUNTIME) private readonly runtime: AuraRuntime,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { name, participant, opening, settings } = this.options;
    const { bus, claims, world, log, meter, instance, limits } = this.runtime;
    const stores = await this.runtime.stores(name);
    if (opening !== undefined) await stores.journal.append(opening(world.clock.now()));
    const definition = participant({ ...stores, world, claims });
    this.running = await startParticipant(
      definition,
      { ...stores, bus, claims, world, log, meter },
      {
        ...(limits?.prefetch === undefined ? {} : { prefetch: limits.prefetch }),
        ...settings,
        instance: `${name}@${instance}`,
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.running?.stop(this.runtime.limits?.graceMs ?? GRACE_MS);
  }
}

/** Marker class; made by {@link participantModule}. */
@Module({})
export class ParticipantModule {}

/** A participant as a Nest module. The application provides {@link AURA_RUNTIME} globally. */
export function participantModule(options: ParticipantModuleOptions): DynamicModule {
  return {
    module: class extends ParticipantModule {},
    providers: [{ provide: OPTIONS, useValue: options }, ParticipantLifecycle],
  };
}
