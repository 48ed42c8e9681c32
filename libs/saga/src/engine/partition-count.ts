import type { Lease } from '@aura/kernel';

/** What the names of partitions' leases begin with; the number follows. */
export const PARTITION_LEASES = 'partition/';

/** How many partitions there are, `leases` being theirs: sagas keep the one they were given, also when there were more of them once. */
export function partitionCount(partitions: number, leases: readonly Pick<Lease, 'name'>[]): number {
  return Math.max(partitions, ...leases.map(({ name }) => Number(name.slice(PARTITION_LEASES.length)) + 1));
}
