import { Chance } from '@aura/testing';
import type { FaultName } from '@aura/testing';

/** Worlds in a thousand in which something is lost, by the fault that takes it. */
const LOSSES: ReadonlyMap<FaultName, number> = new Map<FaultName, number>([
  ['flush', 500],
  ['lost', 100],
]);

/** Whether something is lost in a world of these faults that only a step's timeout brings again. */
export function isForgetful(faults: ReadonlySet<FaultName>): boolean {
  return [...LOSSES.keys()].some((name) => faults.has(name));
}

/** The faults of a seed's world: not everything is lost everywhere, for that is waited for. */
export function faultsIn(seed: string, faults: ReadonlySet<FaultName>): ReadonlySet<FaultName> {
  const strikes = (name: FaultName): boolean => {
    const perMille = LOSSES.get(name);
    return perMille === undefined || new Chance(`${seed}/${name}`).hits(perMille);
  };
  return new Set([...faults].filter(strikes));
}
