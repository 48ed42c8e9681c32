import { openEmbedded, systemWorld } from '@aura/embedded';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lineLog } from './line-log';
import type { AuraRuntime } from './runtime';

/** Opens everything in one folder, for one process. Errors: one with code `DATA_IN_USE` when another process owns it. */
export async function openEmbeddedRuntime(options: {
  readonly dataDir: string;
  readonly log: (line: string) => void;
}): Promise<AuraRuntime> {
  const embedded = await openEmbedded({ path: join(options.dataDir, 'aura.db') });
  return {
    mode: 'embedded',
    instance: `${hostname()}-${process.pid}`,
    bus: embedded.bus,
    leases: embedded.leases,
    claims: embedded.claims,
    world: systemWorld(),
    log: lineLog(options.log),
    stores: (service) =>
      Promise.resolve({
        journal: embedded.journal(service),
        views: embedded.views(service),
        fast: embedded.fast(service),
      }),
    close: () => embedded.close(),
  };
}
