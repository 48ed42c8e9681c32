import { PayloadTooLargeError, StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import { sampleRow } from '@aura/kernel/testing';
import { serverUrl } from '@aura/servers';
import { Connection } from './connection';
import { checkMongoOptions } from './mongo-options';
import { openMongo } from './open-mongo';
import type { MongoStores } from './open-mongo';
import { migrate, migrations } from './startup/schema-version';
import { besides, freshDatabase } from './testing/mongo-harness';
import { oldServer } from './testing/old-server';

describe('opening MongoDB', () => {
  const databases: string[] = [];
  const opened: MongoStores[] = [];

  const fresh = () => {
    const database = freshDatabase();
    databases.push(database);
    return database;
  };
  const open = async (database: string) => {
    const stores = await openMongo({ url: serverUrl('mongodb'), database });
    opened.push(stores);
    return stores;
  };

  afterEach(async () => {
    for (const stores of opened.splice(0)) await stores.close();
    for (const database of databases.splice(0)) await besides(database, (db) => db.dropDatabase());
  });

  test('a journal with two rows at one position is refused', async () => {
    const database = fresh();
    await besides(database, (db) =>
      db.collection('journal').insertMany([
        { s: 'a/x', q: 1 },
        { s: 'a/x', q: 1 },
      ]),
    );
    await expect(open(database)).rejects.toBeInstanceOf(UnsafeSetupError);
    await expect(open(database)).rejects.toThrow(
      /unique index \(s, q\) on journal: some documents have equal keys/,
    );
  });

  test('an index of the same keys that is not unique is refused', async () => {
    const database = fresh();
    await besides(database, (db) => db.collection('journal').createIndex({ s: 1, q: 1 }));
    await expect(open(database)).rejects.toBeInstanceOf(UnsafeSetupError);
    await expect(open(database)).rejects.toThrow('MongoDB has no unique index (s, q) on journal');
  });

  test('an index that somebody dropped is made again', async () => {
    const database = fresh();
    await (await open(database)).journal('a').append([sampleRow({ stream: 's' })]);
    await besides(database, (db) => db.collection('journal').dropIndexes());
    await open(database);
    const indexes = await besides(database, (db) => db.collection('journal').indexes());
    expect(indexes.filter((index) => index.unique).map((index) => index.key)).toContainEqual({ s: 1, q: 1 });
  });

  test('many processes may open a new database at once', async () => {
    const database = fresh();
    const stores = await Promise.all([1, 2, 3, 4].map(() => open(database)));
    const results = await Promise.all(
      stores.map((one, n) => one.journal('a').append([sampleRow({ stream: 's', body: String(n) })])),
    );
    expect(results.flat().filter((result) => result === 'appended')).toHaveLength(1);
  });

  test('a store of a newer schema version is refused', async () => {
    const database = fresh();
    await open(database);
    await besides(database, (db) =>
      db.collection<{ _id: string }>('aura.meta').updateOne({ _id: 'schema' }, { $set: { version: 99 } }),
    );
    await expect(open(database)).rejects.toBeInstanceOf(UnsafeSetupError);
    await expect(open(database)).rejects.toThrow('has schema version 99, this release knows 1');
  });

  test('an older store is brought forward, each step once', async () => {
    const database = fresh();
    await (await open(database)).journal('a').append([sampleRow({ stream: 's' })]);
    const connection = Connection.to(checkMongoOptions({ url: serverUrl('mongodb'), database }));
    const ran: number[] = [];
    const next = [
      ...migrations,
      ...[2, 3].map((to) => ({ to, run: () => Promise.resolve(void ran.push(to)) })),
    ];
    await connection.connect();
    await migrate(connection, next);
    await migrate(connection, next);
    await connection.close();
    expect(ran).toEqual([2, 3]);
    await expect(open(database)).rejects.toThrow('has schema version 3, this release knows 1');
  });

  test('a server of an old wire version is refused', async () => {
    const server = await oldServer(5);
    try {
      const opening = openMongo({ url: server.url, database: 'a', limitMs: 500 });
      const failure: unknown = await opening.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(UnsafeSetupError);
      expect(String(failure)).toContain('wire version 5');
    } finally {
      await server.close();
    }
  });

  test('a connection string that weakens is refused before anything is asked', async () => {
    const opening = openMongo({ url: 'mongodb://127.0.0.1:9/?w=0', database: 'a' });
    await expect(opening).rejects.toBeInstanceOf(UnsafeSetupError);
  });

  test('a server that is not there is said so within the limit', async () => {
    const before = performance.now();
    const opening = openMongo({ url: 'mongodb://127.0.0.1:9/', database: 'a', limitMs: 500 });
    await expect(opening).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test('a row that no server takes is refused before its neighbours are sent', async () => {
    const journal = (await open(fresh())).journal('a');
    const rows = [
      sampleRow({ stream: 'small' }),
      sampleRow({ stream: 'large', body: `"${'x'.repeat(16 * 1024 * 1024)}"` }),
    ];
    await expect(journal.append(rows)).rejects.toBeInstanceOf(PayloadTooLargeError);
    expect(await journal.head('small')).toBe(0);
  });

  test('a namespace is a plain name', async () => {
    const stores = await open(fresh());
    expect(() => stores.journal('a/b')).toThrow(TypeError);
    expect(() => stores.views('')).toThrow(TypeError);
    await stores.ping();
  });
});
