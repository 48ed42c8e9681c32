import type { ClaimCheck, Journal, LeaseStore, ViewStores } from '@aura/kernel';
import { Connection } from './connection';
import { AppendQueue } from './journal/append-queue';
import { ChainQueue } from './journal/chain-queue';
import { MongoJournal } from './journal/mongo-journal';
import type { JournalParts } from './journal/mongo-journal';
import { RowReader } from './journal/row-reader';
import { SnapshotStore } from './journal/snapshot-store';
import { MongoClaimCheck } from './mongo-claim-check';
import { MongoLeases } from './mongo-leases';
import { checkMongoOptions } from './mongo-options';
import type { MongoOptions } from './mongo-options';
import { checkServer } from './startup/check-server';
import { MongoViews } from './views/mongo-views';

/** All stores of one database. */
export interface MongoStores {
  /** The journal of a namespace, `[a-z][a-z0-9-]*`; namespaces are apart and share their bulk writes. */
  journal(namespace: string): Journal;
  /** The views of a namespace. */
  views(namespace: string): ViewStores;
  readonly leases: LeaseStore;
  readonly claims: ClaimCheck;
  /** Resolves when the server answers; rejects with `StoreUnavailableError` within the time limit. */
  ping(): Promise<void>;
  /** Finishes what is under way and closes all connections. */
  close(): Promise<void>;
}

const NAMESPACE = /^[a-z][a-z0-9-]*$/;

/**
 * Connects to a database, brings it forward to this release and checks what Aura relies on.
 * Errors: `UnsafeSetupError` when something is not as it must be, `StoreUnavailableError` when nobody answers, or when
 * `signal` aborts before somebody has.
 */
export async function openMongo(options: MongoOptions, signal?: AbortSignal): Promise<MongoStores> {
  const connection = Connection.to(checkMongoOptions(options));
  const giveUp = (): void => void connection.close();
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    await checkServer(connection);
  } catch (error) {
    await connection.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  return new OpenedStores(connection);
}

class OpenedStores implements MongoStores {
  readonly leases: LeaseStore;
  readonly claims: ClaimCheck;
  private readonly parts: JournalParts;
  private readonly opened = new Map<string, MongoViews>();
  private closing: Promise<void> | undefined;

  constructor(private readonly connection: Connection) {
    this.leases = new MongoLeases(connection);
    this.claims = new MongoClaimCheck(connection);
    this.parts = {
      connection,
      appends: new AppendQueue(connection),
      chains: new ChainQueue(connection),
      reader: new RowReader(connection),
      snapshots: new SnapshotStore(connection),
    };
  }

  journal(namespace: string): Journal {
    return new MongoJournal(this.parts, checkNamespace(namespace));
  }

  views(namespace: string): ViewStores {
    const known = this.opened.get(checkNamespace(namespace));
    if (known) return known;
    const views = new MongoViews(this.connection, namespace);
    this.opened.set(namespace, views);
    return views;
  }

  async ping(): Promise<void> {
    await this.connection.persist('ping', () => this.connection.db.command({ ping: 1 }));
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    await this.parts.appends.drain();
    await this.parts.chains.drain();
    await Promise.all([...this.opened.values()].map((views) => views.drain()));
    await Promise.all([this.parts.snapshots.drain(), this.parts.reader.drain()]);
    await this.connection.close();
  }
}

function checkNamespace(namespace: string): string {
  if (!NAMESPACE.test(namespace)) throw new TypeError(`a namespace matches ${NAMESPACE}, not ${namespace}`);
  return namespace;
}
