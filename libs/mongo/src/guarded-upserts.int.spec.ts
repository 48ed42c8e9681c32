import { serverUrl } from '@aura/servers';
import type { GuardedDocument } from './changes';
import { Connection } from './connection';
import { GuardedUpserts } from './guarded-upserts';
import { checkMongoOptions } from './mongo-options';
import { besides, freshDatabase } from './testing/mongo-harness';

const OPTIONS = { collection: 'views', equalReplaces: false, what: 'write of a view' };

function view(id: string, v: number, status: string): GuardedDocument {
  return { _id: id, v, f: { status }, b: '{}' };
}

function views(v: number, status: string): readonly GuardedDocument[] {
  return Array.from({ length: 20 }, (_, n) => view(`v${String(n).padStart(2, '0')}`, v, status));
}

describe('documents that change alike', () => {
  const database = freshDatabase();
  const connection = Connection.to(checkMongoOptions({ url: serverUrl('mongodb'), database }));
  const asked = jest.spyOn(connection, 'update');

  beforeEach(async () => {
    await connection.connect();
    await connection.collection('views').deleteMany({});
  });
  afterAll(async () => {
    await connection.close();
    await besides(database, (db) => db.dropDatabase());
  });

  async function stored(): Promise<readonly GuardedDocument[]> {
    return connection
      .collection<GuardedDocument>('views')
      .find({}, { sort: { _id: 1 } })
      .toArray();
  }

  test('are one statement', async () => {
    const upserts = new GuardedUpserts(connection, OPTIONS);
    await upserts.insert(views(1, 'running'));
    asked.mockClear();
    await upserts.put(views(2, 'completed'));
    expect(asked.mock.calls.map(([, updates]) => updates.length)).toEqual([1]);
    expect(await stored()).toEqual(views(2, 'completed'));
  });

  test('are not all written again because others have written some of them', async () => {
    const upserts = new GuardedUpserts(connection, OPTIONS);
    await upserts.insert(views(1, 'running'));
    const [, , third, fourth] = views(2, 'failed');
    if (third === undefined || fourth === undefined) throw new Error('there are twenty');
    const other = new GuardedUpserts(connection, OPTIONS);
    await other.put([third, { ...fourth, v: 9 }]);
    upserts.removed(['v19']);
    await connection.collection<GuardedDocument>('views').deleteOne({ _id: 'v05' });
    asked.mockClear();
    await upserts.put(views(3, 'completed'));
    // The nineteen that are remembered alike; then the one that is not, the one overtaken, and the one that is gone.
    expect(asked.mock.calls.map(([, updates]) => updates.length)).toEqual([1, 3]);
    const expected = views(3, 'completed').map((one) => (one._id === 'v03' ? { ...fourth, v: 9 } : one));
    expect(await stored()).toEqual(expected);
    asked.mockClear();
    await upserts.put(views(10, 'undone'));
    // Only how the overtaken one stood had to be forgotten.
    expect(asked.mock.calls.map(([, updates]) => updates.length)).toEqual([1, 1]);
    expect(await stored()).toEqual(views(10, 'undone'));
  });
});
