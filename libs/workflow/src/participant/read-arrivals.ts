import type { ClaimCheck } from '@aura/kernel';
import { claimedData } from '@aura/messaging';
import { broughtIn } from './place';
import type { Arrival } from './scope';

/** Arrivals with what they brought by reference read from the claim check; the same ones when there is nothing to read. */
export async function readArrivals(
  arrivals: ReadonlyMap<string, Arrival>,
  claims: ClaimCheck,
): Promise<ReadonlyMap<string, Arrival>> {
  const read = await Promise.all(
    [...arrivals].map(async ([dependency, arrival]): Promise<readonly [string, Arrival]> => {
      const { dataref, status } = arrival;
      if (dataref === undefined) return [dependency, arrival];
      return [dependency, { status, ...broughtIn(await claimedData(dataref, claims)) }];
    }),
  );
  return new Map(read);
}

/** Whether something that arrived is still to be read. */
export function isUnread(arrivals: ReadonlyMap<string, Arrival>): boolean {
  for (const { dataref } of arrivals.values()) if (dataref !== undefined) return true;
  return false;
}
