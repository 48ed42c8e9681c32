/** Partition that a new saga gets: FNV-1a over its id, 32 bit, modulo the number of partitions. */
export function partitionOf(saga: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < saga.length; i++) hash = Math.imul(hash ^ saga.charCodeAt(i), 0x01000193) >>> 0;
  return hash % partitions;
}
