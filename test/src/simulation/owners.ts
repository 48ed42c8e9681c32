import type { Chance } from '@aura/testing';
import type { Report } from './violation';
import type { SimulatedWorld } from './world';

/** How far the clock of the one that dies is ahead, ms. */
const AHEAD_MS = 3_600_000;
/** In this time it renews its leases by that clock, ms. */
const RENEWAL_MS = 5000;
/** How long it stays away, ms. */
const AWAY_MS = 30 * 60_000;
/** Once faults have stopped every partition has an owner within this time, ms. */
const OWNERS_MS = 120_000;

/** In half of the worlds a coordinator whose clock is an hour ahead dies as faults stop, and stays away. */
export async function letOwnerDie({ installation }: SimulatedWorld, chance: Chance): Promise<void> {
  if (!chance.hits(500)) return;
  const host = chance.pick(installation.coordinators);
  if (host.process !== undefined) host.process.skew += AHEAD_MS;
  await installation.timeline.advance(RENEWAL_MS);
  host.crash(AWAY_MS);
}

/** Every partition has an owner again, whatever the clocks of the dead and the living say. */
export async function demandOwners(world: SimulatedWorld, report: Report): Promise<void> {
  await world.installation.until(() => world.unowned.length === 0, OWNERS_MS);
  for (const partition of world.unowned) report(6, `nobody takes partition ${partition}`);
}
