import type { Snapshot } from '@aura/kernel';
import type { Connection } from '../connection';
import { DocumentReader } from '../document-reader';
import { GuardedUpserts } from '../guarded-upserts';
import { scoped } from './row-document';

/** Collection of all snapshots of a database. */
export const SNAPSHOTS = 'snapshots';

interface SnapshotDocument {
  readonly _id: string;
  readonly v: number;
  /** Fold version. */
  readonly f: number;
  readonly b: string;
}

/** Snapshots of folds: the newest one of each stream. */
export class SnapshotStore {
  private readonly writes: GuardedUpserts;
  private readonly reads: DocumentReader<SnapshotDocument>;

  constructor(connection: Connection) {
    this.writes = new GuardedUpserts(connection, {
      collection: SNAPSHOTS,
      equalReplaces: true,
      what: 'write of a snapshot',
    });
    this.reads = new DocumentReader(connection, SNAPSHOTS, 'read of a snapshot');
  }

  /** Keeps a snapshot unless a newer one stands. */
  save(namespace: string, { stream, seq, state, foldVersion }: Snapshot): Promise<void> {
    return this.writes.put([{ _id: scoped(namespace, stream), v: seq, f: foldVersion, b: state }]);
  }

  /** The kept snapshot of a stream. */
  async load(namespace: string, stream: string): Promise<Snapshot | undefined> {
    const found = await this.reads.get(scoped(namespace, stream));
    return found && { stream, seq: found.v, state: found.b, foldVersion: found.f };
  }

  /** Waits for what is under way. */
  async drain(): Promise<void> {
    await this.writes.drain();
    await this.reads.drain();
  }
}
