import type { Clock } from '@aura/kernel';
import { integer, one } from '../sqlite/columns';
import { EmbeddedStore } from '../store/embedded-store';
import { TemporaryFolder } from '../testing/temporary-folder';
import { SqliteJoins } from './sqlite-joins';

describe('join sets in the file', () => {
  const folder = new TemporaryFolder();
  const store = EmbeddedStore.open(folder.file);
  let ms = 1_000_000;
  const clock: Clock = { now: () => ms, monotonic: () => ms };
  const rows = () =>
    integer(one(store.database.prepare('SELECT COUNT(*) AS n FROM join_arrivals')) ?? {}, 'n');

  afterAll(async () => {
    await store.close();
    folder.remove();
  });

  it('are swept when they have run out, whole, and never while one arrival of theirs lives', async () => {
    const joins = new SqliteJoins(store, store.namespace('sweep'), clock);
    const arrive = (join: string, dependency: string, ttlMs: number) =>
      joins.arrive(join, { dependency, value: '1' }, ttlMs);
    await Promise.all(Array.from({ length: 1200 }, (_, n) => arrive(`old${n}`, 'a', 1000)));
    await arrive('living', 'a', 1000);
    await arrive('living', 'b', 600_000);
    ms += 60_000;
    for (let n = 0; n < 3; n++) await arrive('new', `d${n}`, 600_000);
    expect(rows()).toBe(2 + 3);
    expect((await arrive('living', 'c', 1000)).size).toBe(3);
  });

  it('survive a restart', async () => {
    const joins = new SqliteJoins(store, store.namespace('kept'), clock);
    await joins.arrive('j', { dependency: 'a', value: '1' }, 1000);
    const image = folder.crashImage();
    const again = EmbeddedStore.open(image.file);
    const set = await new SqliteJoins(again, again.namespace('kept'), clock).arrive(
      'j',
      { dependency: 'b', value: '2' },
      1000,
    );
    expect([...set.keys()]).toEqual(['a', 'b']);
    await again.close();
    image.remove();
  });
});
