import { openEmbedded, systemWorld } from '@aura/embedded';
import type { Log } from '@aura/kernel';
import { payloadBus } from '@aura/messaging';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { asLog } from './line-log';
import type { WriteLine } from './line-log';
import type { AuraRuntime } from './runtime';

/** Opens everything in one folder, for one process. Errors: one with code `DATA_IN_USE` when another process owns it. */
export async function openEmbeddedRuntime(options: {
  readonly dataDir: string;
  /** The log, or who gets a line for each warning. */
  readonly log: Log | WriteLine;
}): Promise<AuraRuntime> {
  const embedded = await openEmbedded({ path: join(options.dataDir, 'aura.db') });
  return {
    mode: 'embedded',
    instance: `${hostname()}-${process.pid}`,
    bus: payloadBus(embedded.bus, embedded.claims),
    leases: embedded.leases,
    claims: embedded.claims,
    world: systemWorld(),
    log: asLog(options.log),
    stores: (service) =>
      Promise.resolve({
        journal: embedded.journal(service),
        views: embedded.views(service),
        fast: embedded.fast(service),
      }),
    close: () => embedded.close(),
  };
}
