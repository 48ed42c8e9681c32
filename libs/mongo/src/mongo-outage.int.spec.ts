import { setTimeout as pause } from 'node:timers/promises';
import type { AppendResult, JournalRow } from '@aura/kernel';
import { StoreUnavailableError } from '@aura/kernel';
import { range, sampleRow } from '@aura/kernel/testing';
import { ownServer } from '@aura/servers';
import type { OwnServer } from '@aura/servers';
import { openMongo } from './open-mongo';
import type { MongoStores } from './open-mongo';

describe('a MongoDB that goes away', () => {
  let server: OwnServer;
  let stores: MongoStores | undefined;

  const open = async (limitMs: number) => {
    stores = await openMongo({ url: server.url, database: 'outage', limitMs });
    return stores;
  };

  beforeAll(async () => {
    server = await ownServer('mongodb');
  }, 60_000);

  afterEach(async () => {
    await stores?.close();
    stores = undefined;
  });

  afterAll(() => server.remove());

  test('killed again and again under load: calls wait, and nothing acknowledged is lost or doubled', async () => {
    const journal = (await open(20_000)).journal('load');
    const acknowledged: JournalRow[] = [];
    let stop = false;
    const writers = range(40).map(async (writer) => {
      for (let seq = 1; !stop; seq++) {
        const row = sampleRow({
          stream: `w${writer}`,
          seq,
          body: `"${writer}/${seq}"`,
          operations: [`op${seq}`],
        });
        const [result] = await journal.append([row]);
        expect(result).toBe('appended' satisfies AppendResult);
        acknowledged.push(row);
      }
    });
    for (const round of range(3)) {
      const before = acknowledged.length;
      await until(() => acknowledged.length > before + 400);
      await server.kill();
      await pause(50 * round);
      await server.start();
    }
    await until(() => acknowledged.length > 2_000);
    stop = true;
    await Promise.all(writers);
    const stored = await journal.readMany(range(40).map((writer) => `w${writer}`));
    const rows = [...stored.values()].flat();
    expect(rows).toHaveLength(acknowledged.length);
    const byPlace = (a: JournalRow, b: JournalRow) => a.stream.localeCompare(b.stream) || a.seq - b.seq;
    expect(rows.sort(byPlace)).toEqual(acknowledged.sort(byPlace));
  }, 90_000);

  test('away for longer than the limit: every call says so, and goes on when it is back', async () => {
    const { journal, views, leases, claims, ping } = bound(await open(600));
    const store = await views('away').open({ name: 'v', fields: { n: 'integer' }, indexes: [['n']] });
    await journal('away').append([sampleRow({ stream: 's' })]);
    await server.kill();
    const before = performance.now();
    const calls = [
      journal('away').append([sampleRow({ stream: 's', seq: 2 })]),
      journal('away').read('s'),
      journal('away').head('s'),
      journal('away').findOperation('s', 'x'),
      store.put([{ id: 'a', version: 1, fields: { n: 1 }, body: '{}' }]),
      store.get('a'),
      leases.acquire({ name: 'l', owner: 'a', now: 0, ttlMs: 1 }),
      claims.put(new Uint8Array(10), 'text/plain'),
      ping(),
    ];
    const failures = await Promise.all(
      calls.map((call) =>
        call.then(
          () => 'answered',
          (error: unknown) => error,
        ),
      ),
    );
    for (const failure of failures) expect(failure).toBeInstanceOf(StoreUnavailableError);
    expect(performance.now() - before).toBeLessThan(2 * 600 + 1_000);
    await server.start();
    await until(() =>
      ping().then(
        () => true,
        () => false,
      ),
    );
    expect(await journal('away').append([sampleRow({ stream: 's', seq: 2 })])).toEqual(['appended']);
  }, 60_000);

  test('silent for a moment: calls wait for it', async () => {
    const journal = (await open(10_000)).journal('silent');
    process.kill(server.pid(), 'SIGSTOP');
    const appending = journal.append([sampleRow({ stream: 's' })]);
    await pause(300);
    process.kill(server.pid(), 'SIGCONT');
    expect(await appending).toEqual(['appended']);
  }, 30_000);

  test('closing waits for what is under way; later calls are refused', async () => {
    const closing = await open(5_000);
    const appending = closing.journal('closing').append([sampleRow({ stream: 's' })]);
    await closing.close();
    expect(await appending).toEqual(['appended']);
    await expect(closing.journal('closing').read('s')).rejects.toBeInstanceOf(StoreUnavailableError);
    await closing.close();
  });
});

function bound(stores: MongoStores) {
  return {
    journal: stores.journal.bind(stores),
    views: stores.views.bind(stores),
    leases: stores.leases,
    claims: stores.claims,
    ping: stores.ping.bind(stores),
  };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    if (await condition()) return;
    await pause(10);
  }
  throw new Error('the condition did not come true within 30 s');
}
