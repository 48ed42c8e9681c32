import { Database } from './database';
import { eventually } from '../lab/eventually';

jest.setTimeout(60_000);

describe('operations in a database of a service', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open();
  }, 300_000);
  afterAll(() => database?.close());

  const take = (operation: string, slot: string): Promise<void> =>
    database.operations.apply(operation, async (client) => {
      await client.query('UPDATE slots SET free = free - 1 WHERE name = $1', [slot]);
    });
  const giveBack = (operation: string, slot: string): Promise<void> =>
    database.operations.reverse(operation, async (client) => {
      await client.query('UPDATE slots SET free = free + 1 WHERE name = $1', [slot]);
    });

  it('take effect once, however often and at once they come', async () => {
    const slot = await database.slot('often', 5);
    await Promise.all(Array.from({ length: 8 }, () => take('often/1', slot)));
    await take('often/1', slot);
    expect(await database.free(slot)).toBe(4);
  });

  it('are taken back once, and only where they stood', async () => {
    const slot = await database.slot('back', 5);
    await take('back/1', slot);
    await Promise.all(Array.from({ length: 8 }, () => giveBack('back/1', slot)));
    expect(await database.free(slot)).toBe(5);
    await take('back/1', slot);
    expect(await database.free(slot)).toBe(5);
  });

  it('whose undo came first take no effect, and leave nothing to take back', async () => {
    const slot = await database.slot('first', 5);
    await giveBack('first/1', slot);
    await take('first/1', slot);
    await giveBack('first/1', slot);
    expect(await database.free(slot)).toBe(5);
    expect(await database.operationsOf('first')).toEqual(['1 void']);
  });

  it('whose undo comes beside them are waited for, and then taken back', async () => {
    const slot = await database.slot('beside', 5);
    const letGo = await database.hold(slot);
    const taking = take('beside/1', slot);
    await eventually('the action waits for the row', async () =>
      (await database.waiting()) === 1 ? true : undefined,
    );
    const giving = giveBack('beside/1', slot);
    await eventually('the undo waits for the action', async () =>
      (await database.waiting()) === 2 ? true : undefined,
    );
    await letGo();
    await Promise.all([taking, giving]);
    expect(await database.free(slot)).toBe(5);
    expect(await database.operationsOf('beside')).toEqual(['1 reversed']);
  });

  it('that fail leave nothing, not even their key', async () => {
    const slot = await database.slot('failing', 0);
    await expect(take('failing/1', slot)).rejects.toThrow('slots_free_check');
    expect(await database.operationsOf('failing')).toEqual([]);
    await giveBack('failing/1', slot);
    expect(await database.free(slot)).toBe(0);
  });
});
