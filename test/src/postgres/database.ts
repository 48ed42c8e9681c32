import { Operations } from '@aura/example-postgres';
import { ownPostgres } from '@aura/servers';
import type { OwnPostgres } from '@aura/servers';
import { Pool } from 'pg';
import { closeAll } from '../e2e/close-all';

/** The database of the fitting rooms, on a PostgreSQL of its own. */
export class Database {
  readonly operations: Operations;

  private constructor(
    readonly server: OwnPostgres,
    readonly pool: Pool,
  ) {
    this.operations = new Operations(pool);
  }

  static async open(): Promise<Database> {
    const server = await ownPostgres();
    const pool = new Pool({ connectionString: server.url });
    // Connections break when a test kills the server.
    pool.on('error', () => undefined);
    const database = new Database(server, pool);
    await database.operations.prepare();
    await pool.query('CREATE TABLE slots (name text PRIMARY KEY, free integer NOT NULL CHECK (free >= 0))');
    return database;
  }

  /** A slot that nobody else has, with so many free places. */
  async slot(name: string, free: number): Promise<string> {
    await this.pool.query('INSERT INTO slots (name, free) VALUES ($1, $2)', [name, free]);
    return name;
  }

  /** Places that are free in a slot. */
  async free(slot: string): Promise<number> {
    const { rows } = await this.pool.query<{ readonly free: number }>(
      'SELECT free FROM slots WHERE name = $1',
      [slot],
    );
    return rows[0]?.free ?? Number.NaN;
  }

  /** What became of the operations of a saga, e.g. `room done`. */
  async operationsOf(saga: string): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ readonly operation: string; readonly state: string }>(
      'SELECT operation, state FROM aura_operations WHERE operation LIKE $1 ORDER BY operation',
      [`%${saga}%`],
    );
    return rows.map(({ operation, state }) => `${operation.split('/').at(-1) ?? ''} ${state}`);
  }

  /** Holds the row of a slot, as another transaction does that takes its time; answers how to let it go. */
  async hold(slot: string): Promise<() => Promise<void>> {
    const client = await this.pool.connect();
    const ignored = (): void => undefined;
    client.on('error', ignored);
    await client.query('BEGIN');
    await client.query('SELECT * FROM slots WHERE name = $1 FOR UPDATE', [slot]);
    return async () => {
      // Without its server the transaction has ended already.
      const error = await client.query('COMMIT').then(
        () => undefined,
        (reason: Error) => reason,
      );
      client.off('error', ignored);
      client.release(error);
    };
  }

  /** How many transactions wait for a row that another holds. */
  async waiting(): Promise<number> {
    const { rows } = await this.pool.query<{ readonly count: number }>(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
    );
    return rows[0]?.count ?? 0;
  }

  close(): Promise<void> {
    return closeAll([() => this.pool.end(), () => this.server.remove()]);
  }
}
