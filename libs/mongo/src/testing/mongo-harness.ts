import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { ClaimCheckHarness, JournalHarness, LeasesHarness, ViewsHarness } from '@aura/kernel/testing';
import { serverUrl } from '@aura/servers';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { CLAIM_CHUNKS, CLAIM_FILES } from '../mongo-claim-check';
import { openMongo } from '../open-mongo';
import type { MongoStores } from '../open-mongo';

/** All stores of one database of its own, for the conformance suites. */
export interface MongoHarness extends JournalHarness, ViewsHarness, LeasesHarness, ClaimCheckHarness {
  readonly stores: MongoStores;
}

const MAX_CLAIM_BYTES = 6 * 1024 * 1024;

/** A database name that no other run uses. */
export function freshDatabase(): string {
  return `aura-test-${randomUUID()}`;
}

/** Does something to a database beside the adapter. */
export async function besides<T>(
  database: string,
  act: (db: Db) => Promise<T>,
  url = serverUrl('mongodb'),
): Promise<T> {
  const client = new MongoClient(url, { runtimeAdapters: { os } });
  try {
    return await act(client.db(database));
  } finally {
    await client.close();
  }
}

/** Opens the adapter on a fresh database of the shared server; `close` drops it. */
export function openMongoHarness(): Promise<MongoHarness> {
  const database = freshDatabase();
  return open(database, async () => {
    await besides(database, (db) => db.dropDatabase());
  });
}

async function open(database: string, drop: () => Promise<void>): Promise<MongoHarness> {
  const opening = () => openMongo({ url: serverUrl('mongodb'), database, maxClaimBytes: MAX_CLAIM_BYTES });
  let stores = await opening();
  return {
    get stores() {
      return stores;
    },
    journal: (namespace) => stores.journal(namespace),
    views: (namespace) => stores.views(namespace),
    leases: () => stores.leases,
    claims: () => stores.claims,
    maxBytes: MAX_CLAIM_BYTES,
    corrupt: (digest) => besides(database, (db) => spoil(db, digest)),
    stored: (digest) =>
      besides(database, (db) => db.collection(CLAIM_FILES).countDocuments({ filename: digest })),
    another: () => open(database, () => Promise.resolve()),
    reopen: async () => {
      await stores.close();
      stores = await opening();
    },
    close: async () => {
      await stores.close();
      await drop();
    },
  };
}

async function spoil(db: Db, digest: string): Promise<void> {
  const chunks = db.collection(CLAIM_CHUNKS);
  const chunk = await chunks.findOne({ files_id: digest, n: 0 }, { promoteBuffers: true });
  if (!chunk) throw new Error(`no chunk of ${digest}`);
  const data: Buffer = chunk['data'];
  data.writeUInt8(data.readUInt8(7) ^ 1, 7);
  await chunks.updateOne({ _id: chunk._id }, { $set: { data } });
}
