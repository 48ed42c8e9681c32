import type { Lease } from '@aura/kernel';

/** What the names of partitions' leases begin with; the number follows. */
export const PARTITION_LEASES = 'partition/';

/** Which partition a lease is of. */
export function partitionIn({ name }: Pick<Lease, 'name'>): number {
  return Number(name.slice(PARTITION_LEASES.length));
}

/** Most partitions that new sagas may be given. */
export const MOST_PARTITIONS = 256;

/** How many partitions there are, `leases` being theirs: sagas keep the one they were given, also when there were more of them once. */
export function partitionCount(partitions: number, leases: readonly Pick<Lease, 'name'>[]): number {
  return Math.max(partitions, ...leases.map((lease) => partitionIn(lease) + 1));
}
