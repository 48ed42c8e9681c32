import { dirname, join } from 'node:path';
import type { ClaimCheck, Journal, LeaseStore, ViewStores } from '@aura/kernel';
import type { EventBus, FastStores } from '@aura/messaging';
import { Broker } from './bus/broker';
import { BusStanding } from './bus/bus-standing';
import { EmbeddedBus } from './bus/embedded-bus';
import type { RawEnvelope } from './bus/message';
import { FolderClaimCheck } from './claims/folder-claim-check';
import { embeddedFastStores } from './fast/embedded-fast-stores';
import { SqliteJournal } from './journal/sqlite-journal';
import { SqliteLeases } from './leases/sqlite-leases';
import { EmbeddedStore } from './store/embedded-store';
import { type EmbeddedOptions, parseSettings } from './store/options';
import { systemWorld } from './system-world';
import { SqliteViewStores } from './views/sqlite-view-stores';

/**
 * Bus and all stores of one data folder, in one process. A namespace is a participant or the coordinator: what one
 * writes, another does not see; asked for twice, it is the same object.
 */
export interface Embedded {
  /** The bus, for a process that needs one client. */
  readonly bus: EventBus;
  /** Another client of the same bus, for a further service of the process; its queues and consumers end with it. */
  connect(): EmbeddedBus;
  journal(namespace: string): Journal;
  views(namespace: string): ViewStores;
  readonly leases: LeaseStore;
  readonly claims: ClaimCheck;
  fast(namespace: string): FastStores;
  /** Puts bytes into a queue as a foreign publisher would. */
  injectRaw(queue: string, raw: RawEnvelope): Promise<void>;
  /** Closes all clients, waits for what is being written, closes the file and lets the next owner in. */
  close(): Promise<void>;
}

/**
 * Opens a data file, creating or migrating it. Errors: `UnsafeSetupError` for wrong settings, a file that another
 * process owns, that a newer Aura wrote, or that cannot be written safely.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const settings = parseSettings(options);
  const world = options.world ?? systemWorld();
  const store = EmbeddedStore.open(settings.path);
  try {
    const folder = settings.claimsFolder ?? join(dirname(settings.path), 'claims');
    const claims = await FolderClaimCheck.open(store, folder, settings.maxClaimBytes);
    const standing = new BusStanding();
    const broker = new Broker(store, world, settings.queueWindow, (error) => standing.note(error));
    const clients: EmbeddedBus[] = [];
    const connect = (): EmbeddedBus => {
      const client = new EmbeddedBus(broker, standing);
      clients.push(client);
      return client;
    };
    return {
      bus: connect(),
      connect,
      journal: once((namespace) => new SqliteJournal(store, namespace)),
      views: once((namespace) => new SqliteViewStores(store, namespace)),
      leases: new SqliteLeases(store),
      claims,
      fast: once((namespace) => embeddedFastStores(store, namespace, world.clock)),
      injectRaw: (queue, raw) => broker.inject(queue, raw),
      close: async () => {
        await Promise.all(clients.map((client) => client.close()));
        broker.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function once<T>(make: (namespace: string) => T): (namespace: string) => T {
  const made = new Map<string, T>();
  return (namespace) => {
    const known = made.get(namespace);
    if (known !== undefined) return known;
    const value = make(namespace);
    made.set(namespace, value);
    return value;
  };
}
