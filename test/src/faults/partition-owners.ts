import type { MongoClient } from 'mongodb';

interface LeaseDocument {
  readonly _id: string;
  readonly owner: string;
  readonly until: number;
}

/** How many partitions a coordinator's instance owns at a time (ms since 1970), and how many others do: read from the store itself. */
export async function partitionOwners(
  mongo: MongoClient,
  { prefix, instance, now }: { readonly prefix: string; readonly instance: string; readonly now: number },
): Promise<{ readonly own: number; readonly others: number }> {
  const leases = await mongo
    .db(`${prefix}_shared`)
    .collection<LeaseDocument>('leases')
    .find({ _id: /^partition\// })
    .toArray();
  const live = leases.filter(({ owner, until }) => owner !== '' && until > now);
  const own = live.filter(({ owner }) => owner === `coordinator@${instance}`).length;
  return { own, others: live.length - own };
}
