import { openEmbedded, systemWorld } from '@aura/embedded';
import { closeInOrder, NO_METER } from '@aura/kernel';
import type { Log, Meter } from '@aura/kernel';
import { ObservedBus, payloadBus } from '@aura/messaging';
import { openDoor } from '@aura/socket';
import type { SocketAddress } from '@aura/socket';
import { join } from 'node:path';
import { asLog } from '../line-log';
import type { WriteLine } from '../line-log';
import { embeddedDependencies } from './embedded-dependencies';
import type { AuraRuntime } from './runtime';

/**
 * Name of the process that owns a data folder. There is one at a time, so whoever comes behind a killed one is known by
 * the same name, and has its leases at once instead of waiting until they run out.
 */
const OWNER = 'owner';

/** A runtime that owns a data folder. */
export interface EmbeddedRuntime extends AuraRuntime {
  /** Where other processes of this machine join; absent when no door was wanted. */
  readonly door?: SocketAddress;
}

/** What to open. */
export interface EmbeddedRuntimeOptions {
  readonly dataDir: string;
  /** The log, or who gets a line for each warning. */
  readonly log: Log | WriteLine;
  /** Default: nobody counts. */
  readonly meter?: Meter;
  /** Whether other processes of this machine may join by a socket; default false. */
  readonly door?: boolean;
}

/** Opens everything in one folder, for one process. Errors: one with code `DATA_IN_USE` when another process owns it. */
export async function openEmbeddedRuntime(options: EmbeddedRuntimeOptions): Promise<EmbeddedRuntime> {
  const { meter = NO_METER } = options;
  const log = asLog(options.log);
  const embedded = await openEmbedded({ path: join(options.dataDir, 'aura.db') });
  const door =
    options.door === true ? await openDoor(embedded, { log: (line) => log.warn(line) }) : undefined;
  const instance = OWNER;
  const dependencies = embeddedDependencies(embedded, instance);
  const world = systemWorld();
  const bus = new ObservedBus(embedded.bus, { system: 'aura', clock: world.clock, meter });
  return {
    mode: 'embedded',
    instance,
    bus: payloadBus(bus, embedded.claims),
    leases: embedded.leases,
    claims: embedded.claims,
    world,
    log,
    meter,
    dependencies: () => dependencies,
    ...(door === undefined ? {} : { door: door.address }),
    stores: (service) =>
      Promise.resolve({
        journal: embedded.journal(service),
        views: embedded.views(service),
        fast: embedded.fast(service),
      }),
    close: () => closeInOrder([...(door === undefined ? [] : [() => door.close()]), () => embedded.close()]),
  };
}
