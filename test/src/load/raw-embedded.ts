import { createRequire } from 'node:module';
import { join } from 'node:path';
import { HOPS } from './chain-definition';
import type { RunSaga } from './measure';

interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): { run(...values: readonly (string | number)[]): unknown };
  close(): void;
}

interface Hopping {
  readonly id: number;
  hop: number;
  readonly body: string;
  readonly resolve: () => void;
}

function openSqlite(file: string): Sqlite {
  const { DatabaseSync } = createRequire(__filename)('@photostructure/sqlite') as {
    readonly DatabaseSync: new (file: string) => Sqlite;
  };
  return new DatabaseSync(file);
}

/**
 * The raw embedded chain: one process, one SQLite file, WAL, synchronous FULL. A hop is one transition {delete message,
 * insert next}, handed on in memory after its commit; all transitions that are ready share one transaction.
 */
export function startRawEmbedded(folder: string): {
  readonly run: RunSaga;
  readonly close: () => Promise<void>;
} {
  const db = openSqlite(join(folder, 'raw.db'));
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;');
  db.exec(
    'CREATE TABLE IF NOT EXISTS messages (id INTEGER, hop INTEGER, body TEXT, PRIMARY KEY (id, hop)) WITHOUT ROWID',
  );
  const remove = db.prepare('DELETE FROM messages WHERE id = ? AND hop = ?');
  const insert = db.prepare('INSERT INTO messages (id, hop, body) VALUES (?, ?, ?)');
  let ready: Hopping[] = [];
  let isScheduled = false;
  let count = 0;
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(turn);
  };
  const turn = (): void => {
    isScheduled = false;
    const all = ready;
    ready = [];
    db.exec('BEGIN IMMEDIATE');
    for (const message of all) {
      if (message.hop > 0) remove.run(message.id, message.hop);
      if (message.hop <= HOPS) insert.run(message.id, message.hop + 1, message.body);
    }
    db.exec('COMMIT');
    for (const message of all) {
      message.hop += 1;
      if (message.hop > HOPS + 1) message.resolve();
      else ready.push(message);
    }
    if (ready.length > 0) schedule();
  };
  const run: RunSaga = (payload) =>
    new Promise((resolve) => {
      ready.push({ id: (count += 1), hop: 0, body: JSON.stringify({ payload }), resolve });
      schedule();
    });
  return {
    run,
    close: () => {
      db.close();
      return Promise.resolve();
    },
  };
}
