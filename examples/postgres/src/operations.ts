import type { Pool, PoolClient } from 'pg';

/** The one table: an operation of Aura's, and what became of it. */
const TABLE = `
  CREATE TABLE IF NOT EXISTS aura_operations (
    operation text PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('done', 'reversed', 'void'))
  )`;

/**
 * The one statement. An action brings `done`, its undo `void`. What it answers says what is to be done in the same transaction:
 * `done` apply the change, `reversed` take it back; `void` (the undo came first) and no row at all (it was here before) nothing.
 * Whoever comes while another transaction holds the same operation waits for its end.
 */
const PASS = `
  INSERT INTO aura_operations AS known (operation, state) VALUES ($1, $2)
  ON CONFLICT (operation) DO UPDATE SET state = 'reversed' WHERE known.state = 'done' AND excluded.state = 'void'
  RETURNING state`;

const IGNORED = (): void => undefined;

/** What is done to the tables of the service, in the transaction that holds the operation. */
export type Change = (client: PoolClient) => Promise<void>;

/** Operations of Aura's in a database of the service's own: each takes effect once, and none behind its undo. */
export class Operations {
  constructor(private readonly pool: Pool) {}

  /** Makes the table where it is missing. */
  async prepare(): Promise<void> {
    await this.pool.query(TABLE);
  }

  /** Applies a change, unless it was applied before or undone. A change that throws leaves nothing, not even its key. */
  apply(operation: string, change: Change): Promise<void> {
    return this.pass({ operation, brings: 'done', when: 'done', change });
  }

  /** Takes a change back that stands; where it does not, it can take effect no more. */
  reverse(operation: string, change: Change): Promise<void> {
    return this.pass({ operation, brings: 'void', when: 'reversed', change });
  }

  private async pass({ operation, brings, when, change }: Passage): Promise<void> {
    const client = await this.pool.connect();
    // A connection that breaks between two queries says so by an event; the next query says it again, by failing.
    client.on('error', IGNORED);
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ readonly state: string }>(PASS, [operation, brings]);
      if (rows[0]?.state === when) await change(client);
      await client.query('COMMIT');
      client.off('error', IGNORED);
      client.release();
    } catch (error) {
      // A connection that is thrown away ends its transaction, also when it could not say ROLLBACK any more.
      client.release(true);
      throw error;
    }
  }
}

interface Passage {
  readonly operation: string;
  readonly brings: 'done' | 'void';
  readonly when: 'done' | 'reversed';
  readonly change: Change;
}
