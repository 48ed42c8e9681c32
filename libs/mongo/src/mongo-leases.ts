import type { Lease, LeaseStore } from '@aura/kernel';
import type { Collection } from 'mongodb';
import type { Connection } from './connection';
import { isDuplicate } from './failures';

interface LeaseDocument {
  readonly _id: string;
  /** Empty: given back. */
  readonly owner: string;
  readonly fence: number;
  readonly until: number;
  readonly note: string;
}

const NOBODY = '';

/** Leases, one document each: every change is one guarded update. */
export class MongoLeases implements LeaseStore {
  private readonly leases: Collection<LeaseDocument>;

  constructor(private readonly connection: Connection) {
    this.leases = connection.collection<LeaseDocument>('leases');
  }

  acquire({ name, owner, now, ttlMs }: Parameters<LeaseStore['acquire']>[0]): Promise<Lease | undefined> {
    const until = now + ttlMs;
    return this.connection.persist('acquisition of a lease', async () => {
      const own = await this.change({ _id: name, owner }, { $set: { until } });
      if (own) return own;
      const free = { _id: name, owner: { $ne: owner }, until: { $lte: now } };
      const taken = await this.change(free, { $set: { owner, until }, $inc: { fence: 1 } });
      return taken ?? this.create({ _id: name, owner, fence: 1, until, note: 'null' });
    });
  }

  renew(lease: Lease, { now, ttlMs, note }: Parameters<LeaseStore['renew']>[1]): Promise<Lease | undefined> {
    const changes = { until: now + ttlMs, ...(note === undefined ? {} : { note }) };
    return this.connection.persist('renewal of a lease', () => this.change(held(lease), { $set: changes }));
  }

  async release(lease: Lease): Promise<void> {
    await this.connection.persist('release of a lease', () =>
      this.leases.updateOne(held(lease), { $set: { owner: NOBODY, until: 0 } }),
    );
  }

  list(prefix: string): Promise<readonly Lease[]> {
    return this.connection.persist('list of leases', async () => {
      const found = await this.leases.find({ _id: { $gte: prefix } }, { sort: { _id: 1 } }).toArray();
      return found.filter(({ _id }) => _id.startsWith(prefix)).map(toLease);
    });
  }

  private async change(
    filter: Parameters<Collection<LeaseDocument>['findOneAndUpdate']>[0],
    update: Parameters<Collection<LeaseDocument>['findOneAndUpdate']>[1],
  ): Promise<Lease | undefined> {
    const changed = await this.leases.findOneAndUpdate(filter, update, { returnDocument: 'after' });
    return changed ? toLease(changed) : undefined;
  }

  /** The first owner ever; undefined when another one holds it or was first. */
  private async create(document: LeaseDocument): Promise<Lease | undefined> {
    try {
      await this.leases.insertOne(document);
      return toLease(document);
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }
}

function held(lease: Lease) {
  return { _id: lease.name, owner: lease.owner, fence: lease.fence };
}

function toLease({ _id, owner, fence, until, note }: LeaseDocument): Lease {
  return { name: _id, owner, fence, until, note };
}
