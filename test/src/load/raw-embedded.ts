import { createRequire } from 'node:module';
import { join } from 'node:path';
import { HOPS } from './chain-definition';
import type { RunSaga } from './measure';

interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): {
    run(...values: readonly (string | number)[]): { readonly lastInsertRowid: number | bigint };
  };
  close(): void;
}

/** Most messages of one queue in hand at once. */
const PREFETCH = 100;

/** What a message of the raw chain says. */
interface Message {
  readonly saga: number;
  readonly payload: string;
}

/** A message in its queue; queue 0 is the driver's wish, the last one where the driver listens. */
interface Queued {
  readonly id: number | bigint;
  readonly queue: number;
  readonly body: string;
}

function openSqlite(file: string): Sqlite {
  const { DatabaseSync } = createRequire(__filename)('@photostructure/sqlite') as {
    readonly DatabaseSync: new (file: string) => Sqlite;
  };
  return new DatabaseSync(file);
}

/** The trivial handler of a hop: reads the message, says the same again. */
function handled(body: string): string {
  return JSON.stringify(JSON.parse(body) as Message);
}

/**
 * The raw embedded chain: durable queues in one SQLite file, WAL, synchronous FULL, in one process. A message is a row
 * of its queue, found by queue and id after a restart. A hop is one transition {delete message, insert next}, handed on
 * in memory after its commit; all transitions that are ready share one transaction, at most `PREFETCH` of each queue.
 */
export class RawEmbedded {
  private readonly db: Sqlite;
  private readonly remove;
  private readonly insert;
  private readonly waiting = new Map<number, () => void>();
  private readonly ready: Queued[][] = Array.from({ length: HOPS + 2 }, () => []);
  private isScheduled = false;
  private count = 0;

  constructor(folder: string) {
    this.db = openSqlite(join(folder, 'raw.db'));
    this.db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;');
    // The same room as Aura's data file has.
    this.db.exec('PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY');
    this.db.exec(
      'CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, queue INTEGER NOT NULL, body TEXT NOT NULL);' +
        'CREATE INDEX messages_of_queue ON messages (queue, id)',
    );
    this.remove = this.db.prepare('DELETE FROM messages WHERE id = ?');
    this.insert = this.db.prepare('INSERT INTO messages (queue, body) VALUES (?, ?)');
  }

  readonly run: RunSaga = (payload) =>
    new Promise((resolve) => {
      this.count += 1;
      this.waiting.set(this.count, resolve);
      this.hand({ id: 0, queue: 0, body: JSON.stringify({ saga: this.count, payload } satisfies Message) });
    });

  readonly close = (): Promise<void> => {
    this.db.close();
    return Promise.resolve();
  };

  private hand(message: Queued): void {
    this.ready[message.queue]?.push(message);
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.isScheduled = false;
    const taken = this.ready.flatMap((queue) => queue.splice(0, PREFETCH));
    this.db.exec('BEGIN IMMEDIATE');
    const made = taken.map((message) => this.transition(message));
    this.db.exec('COMMIT');
    for (const message of made) {
      if (message.queue <= HOPS + 1) this.hand(message);
      else this.done(message.body);
    }
    if (this.ready.some((queue) => queue.length > 0)) this.schedule();
  }

  /** Behind the last queue nothing is inserted any more: the driver has taken the message. */
  private transition({ id, queue, body }: Queued): Queued {
    if (queue > 0) this.remove.run(id as number);
    if (queue > HOPS) return { id: 0, queue: queue + 1, body };
    const next = handled(body);
    return { id: this.insert.run(queue + 1, next).lastInsertRowid, queue: queue + 1, body: next };
  }

  private done(body: string): void {
    const { saga } = JSON.parse(body) as Message;
    this.waiting.get(saga)?.();
    this.waiting.delete(saga);
  }
}
