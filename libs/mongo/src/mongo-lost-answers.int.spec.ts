import { StoreUnavailableError } from '@aura/kernel';
import { range, sampleRow } from '@aura/kernel/testing';
import { serverUrl } from '@aura/servers';
import { openMongo } from './open-mongo';
import type { MongoStores } from './open-mongo';
import { LossyProxy } from './testing/lossy-proxy';
import { besides, freshDatabase } from './testing/mongo-harness';

describe('an answer of MongoDB that is lost', () => {
  const database = freshDatabase();
  let proxy: LossyProxy;
  let stores: MongoStores;

  beforeAll(async () => {
    proxy = await LossyProxy.before(serverUrl('mongodb'));
    stores = await openMongo({ url: proxy.url, database, limitMs: 2_000 });
  });

  afterAll(async () => {
    await stores.close();
    await proxy.close();
    await besides(database, (db) => db.dropDatabase());
  });

  test('is not a lost race: the row is found as its own, once', async () => {
    const journal = stores.journal('lost');
    await journal.append([sampleRow({ stream: 'taken', body: '"other"' })]);
    proxy.loseAnswers('insert', 2);
    const results = await journal.append([
      sampleRow({ stream: 'own', body: '"mine"' }),
      sampleRow({ stream: 'taken', body: '"mine"' }),
    ]);
    expect(proxy.left).toBe(0);
    expect(results).toEqual(['appended', 'conflict']);
    expect((await journal.read('own')).map((row) => row.body)).toEqual(['"mine"']);
    expect((await journal.read('taken')).map((row) => row.body)).toEqual(['"other"']);
  });

  test('to rows in order is no lost race: they are found as their own, and go on behind each other', async () => {
    const journal = stores.journal('lost');
    await journal.append([sampleRow({ stream: 'taken in order', body: '"other"' })]);
    const chain = (name: string, last: string) =>
      [`${name} 1`, `${name} 2`, last].map((stream) => sampleRow({ stream, body: '"mine"' }));
    proxy.loseAnswers('insert', 3);
    const results = await Promise.all([
      journal.appendInOrder(chain('whole', 'whole 3')),
      journal.appendInOrder([...chain('cut', 'taken in order'), sampleRow({ stream: 'behind' })]),
    ]);
    expect(proxy.left).toBe(0);
    expect(results).toEqual([
      ['appended', 'appended', 'appended'],
      ['appended', 'appended', 'conflict'],
    ]);
    for (const stream of ['whole 1', 'whole 2', 'whole 3', 'cut 1', 'cut 2'])
      expect((await journal.read(stream)).map((row) => row.body)).toEqual(['"mine"']);
    expect(await journal.head('behind')).toBe(0);
  });

  test('to many rows in order costs a few calls more, and not some for each of them', async () => {
    const journal = stores.journal('lost');
    const chains = range(50).map((n) => range(3).map((m) => sampleRow({ stream: `many ${n}/${m}` })));
    proxy.loseAnswers('insert', 1);
    const before = proxy.calls('insert');
    const results = await Promise.all(chains.map((rows) => journal.appendInOrder(rows)));
    expect(results).toEqual(chains.map(() => ['appended', 'appended', 'appended']));
    expect(proxy.left).toBe(0);
    expect(proxy.calls('insert') - before).toBeLessThan(10);
  });

  test.each(['append', 'appendInOrder'] as const)(
    'to what is read back behind a refusal holds up nobody longer than the time limit (%s)',
    async (call) => {
      const narrow = await openMongo({ url: proxy.url, database, limitMs: 1_000, bulksInFlight: 1 });
      const journal = narrow.journal('lost');
      const stream = `read back ${call}`;
      await journal.append([sampleRow({ stream, body: '"other"' })]);
      const late = [sampleRow({ stream, body: '"mine"' })];
      proxy.withholdAnswers('find', 1);
      await expect(journal[call](late)).rejects.toBeInstanceOf(StoreUnavailableError);
      expect(proxy.left).toBe(0);
      expect(await journal[call](late)).toEqual(['conflict']);
      await narrow.close();
    },
  );

  test('of every try makes the outcome unknown; the same call again tells it', async () => {
    const journal = stores.journal('lost');
    const row = sampleRow({ stream: 'unknown', operations: ['op'] });
    proxy.loseAnswers('insert', 1_000_000);
    await expect(journal.append([row])).rejects.toBeInstanceOf(StoreUnavailableError);
    const inOrder = [sampleRow({ stream: 'unknown, in order' }), sampleRow({ stream: 'behind it' })];
    await expect(journal.appendInOrder(inOrder)).rejects.toBeInstanceOf(StoreUnavailableError);
    proxy.loseAnswers('insert', 0);
    expect(await journal.appendInOrder(inOrder)).toEqual(['appended', 'appended']);
    expect(await journal.append([row])).toEqual(['appended']);
    expect(await journal.append([{ ...row, body: '"other"' }])).toEqual(['conflict']);
  }, 20_000);

  test('to a view, a lease or a read is asked for again', async () => {
    const views = await stores
      .views('lost')
      .open({ name: 'numbers', fields: { n: 'integer' }, indexes: [['n']] });
    proxy.loseAnswers('update', 2);
    await views.put(range(10).map((n) => ({ id: `v${n}`, version: 1, fields: { n }, body: '{}' })));
    expect(proxy.left).toBe(0);
    proxy.loseAnswers('find', 1);
    expect((await views.get('v3'))?.fields.n).toBe(3);
    proxy.loseAnswers('aggregate', 1);
    expect(await views.count([])).toBe(10);
    const request = { name: 'lost', owner: 'a', now: 1_000, ttlMs: 1_000 };
    proxy.loseAnswers('insert', 1);
    const lease = await stores.leases.acquire(request);
    expect(lease).toMatchObject({ owner: 'a', fence: 1, until: 2_000 });
    proxy.loseAnswers('findAndModify', 1);
    expect(await stores.leases.acquire({ ...request, now: 1_500 })).toEqual({ ...lease, until: 2_500 });
  });
});
