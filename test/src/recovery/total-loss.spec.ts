import { openEmbeddedRuntime } from '@aura/nest';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surviveTotalLoss } from './total-loss';

interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): { all(): readonly { readonly name: string }[] };
  close(): void;
}

const LOST = ['events', 'delayed', 'queues', 'bindings', 'join_arrivals'];

/** Empties every table of an embedded file but those of journals, payloads and leases. */
function emptyAllButJournals(file: string): void {
  const { DatabaseSync } = createRequire(__filename)('@photostructure/sqlite') as {
    readonly DatabaseSync: new (file: string) => Sqlite;
  };
  const database = new DatabaseSync(file);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const views = tables.map(({ name }) => name).filter((name) => name.startsWith('view_'));
  if (views.length < 3) throw new Error(`there are no views to lose, only ${views.join(', ')}`);
  for (const name of [...LOST, ...views]) database.exec(`DELETE FROM "${name}"`);
  database.close();
}

describe('an embedded Aura that lost its queues, joins and views while it was stopped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-loss-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('brings everything that was in flight again from the journals', async () => {
    const { ends, left, charges } = await surviveTotalLoss({
      open: () => openEmbeddedRuntime({ dataDir: folder, log: () => undefined }),
      loseAll: async () => emptyAllButJournals(join(folder, 'aura.db')),
    });
    expect(ends).toEqual({
      at_its_first_step: 'completed',
      between_effects: 'completed',
      at_its_join: 'completed',
      being_undone: 'compensated',
      for_a_person: 'completed',
    });
    expect(left).toBe(8);
    expect(charges).toBe(0);
  }, 120_000);
});
