import { journalReaderConformance } from '@aura/kernel/testing';
import { serverUrl } from '@aura/servers';
import { openMongo } from './open-mongo';
import { openMongoReader } from './open-mongo-reader';
import type { MongoReader } from './open-mongo-reader';
import { besides, freshDatabase } from './testing/mongo-harness';

journalReaderConformance('MongoDB', async () => {
  const database = freshDatabase();
  const opening = () => openMongo({ url: serverUrl('mongodb'), database });
  let stores = await opening();
  const readers: MongoReader[] = [];
  return {
    journal: (namespace) => stores.journal(namespace),
    reader: async (namespace) => {
      const reader = await openMongoReader({ url: serverUrl('mongodb'), database });
      readers.push(reader);
      return reader.journal(namespace);
    },
    reopen: async () => {
      await stores.close();
      stores = await opening();
    },
    close: async () => {
      for (const reader of readers) await reader.close();
      await stores.close();
      await besides(database, (db) => db.dropDatabase());
    },
  };
});

test('a reader of a database that is not there finds nothing, and makes none', async () => {
  const database = freshDatabase();
  const reader = await openMongoReader({ url: serverUrl('mongodb'), database });
  expect(await reader.journal('bank').page({ limit: 9 })).toEqual([]);
  await reader.close();
  expect(await besides(database, (db) => db.listCollections().toArray())).toEqual([]);
});

test('a reader says when nobody answers', async () => {
  const opening = openMongoReader({ url: 'mongodb://127.0.0.1:1', database: 'aura', limitMs: 300 });
  await expect(opening).rejects.toMatchObject({ name: 'StoreUnavailableError' });
});
