import { systemWorld } from '@aura/embedded';
import type { Embedded } from '@aura/embedded';
import { StoreUnavailableError } from '@aura/kernel';
import type { Dependency } from '../health/dependency';

/** A store whose one small write takes longer is too slow to work with, ms. */
const SLOW_MS = 1000;

/** What the services of an embedded Aura cannot work without: a file that takes what is written, and the bus in it. */
export function embeddedDependencies(
  { leases, bus }: Pick<Embedded, 'leases' | 'bus'>,
  owner: string,
): readonly Dependency[] {
  const { clock } = systemWorld();
  return [
    {
      name: 'data',
      // Written and synchronised as everything else: a full disk shows here first.
      check: async () => {
        const since = performance.now();
        const lease = await leases.acquire({ name: 'health', owner, now: clock.now(), ttlMs: 1 });
        if (lease === undefined) throw new StoreUnavailableError('another process writes to the data file');
        // The file is written synchronously: no timer of whoever asks can fire before it is done.
        const tookMs = Math.round(performance.now() - since);
        if (tookMs > SLOW_MS)
          throw new StoreUnavailableError(
            `the data file is slow: a write took ${tookMs} ms, more than ${SLOW_MS} ms`,
          );
      },
    },
    {
      name: 'bus',
      check: async () => {
        const { status, reason } = bus.health();
        if (status !== 'up')
          throw new StoreUnavailableError(`the bus is ${status}: ${reason ?? 'no reason known'}`);
      },
    },
  ];
}
