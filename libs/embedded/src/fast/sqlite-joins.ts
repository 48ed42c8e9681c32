import type { Clock } from '@aura/kernel';
import type { JoinArrival, JoinSets } from '@aura/messaging';
import { integer, many, text } from '../sqlite/columns';
import type { SqlStatement } from '../sqlite/driver';
import type { EmbeddedStore } from '../store/embedded-store';

/** How often sets that ran out are swept, and how many arrivals at once. */
const SWEEP_MS = 30_000;
const SWEEP_ROWS = 500;

/** Join sets in the SQLite file: a row for each arrival. */
export class SqliteJoins implements JoinSets {
  readonly #read: SqlStatement;
  readonly #insert: SqlStatement;
  readonly #prolong: SqlStatement;
  readonly #drop: SqlStatement;
  readonly #sweep: SqlStatement;
  #sweptAt: number;

  constructor(
    private readonly store: EmbeddedStore,
    private readonly namespace: number,
    private readonly clock: Clock,
  ) {
    const { database } = store;
    const set = 'namespace = ? AND name = ?';
    this.#read = database.prepare(`SELECT dependency, value, until FROM join_arrivals WHERE ${set}`);
    this.#insert = database.prepare(
      'INSERT INTO join_arrivals (namespace, name, dependency, value, until) VALUES (?, ?, ?, ?, ?)',
    );
    this.#prolong = database.prepare(`UPDATE join_arrivals SET until = ? WHERE ${set} AND dependency = ?`);
    this.#drop = database.prepare(`DELETE FROM join_arrivals WHERE ${set}`);
    this.#sweep = database.prepare(
      `DELETE FROM join_arrivals WHERE id IN (
         SELECT id FROM join_arrivals old WHERE until <= ?1 AND NOT EXISTS (
           SELECT 1 FROM join_arrivals other
           WHERE other.namespace = old.namespace AND other.name = old.name AND other.until > ?1
         ) LIMIT ${SWEEP_ROWS})`,
    );
    this.#sweptAt = clock.monotonic();
  }

  arrive(join: string, arrival: JoinArrival, ttlMs: number): Promise<ReadonlyMap<string, string>> {
    return this.store.commits.run(() => {
      const now = this.clock.now();
      this.#sweepSometimes(now);
      const set = this.#living(join, now);
      if (set.has(arrival.dependency)) {
        this.#prolong.run(now + ttlMs, this.namespace, join, arrival.dependency);
      } else {
        this.#insert.run(this.namespace, join, arrival.dependency, arrival.value, now + ttlMs);
        set.set(arrival.dependency, arrival.value);
      }
      return set;
    });
  }

  drop(joins: readonly string[]): Promise<void> {
    if (joins.length === 0) return Promise.resolve();
    return this.store.commits.run(() => joins.forEach((join) => this.#drop.run(this.namespace, join)));
  }

  /** The set as it stands; one that ran out is removed. */
  #living(join: string, now: number): Map<string, string> {
    const rows = many(this.#read, this.namespace, join);
    if (rows.length > 0 && rows.every((row) => integer(row, 'until') <= now)) {
      this.#drop.run(this.namespace, join);
      return new Map();
    }
    return new Map(rows.map((row) => [text(row, 'dependency'), text(row, 'value')]));
  }

  #sweepSometimes(now: number): void {
    const monotonic = this.clock.monotonic();
    if (monotonic - this.#sweptAt < SWEEP_MS) return;
    const { changes } = this.#sweep.run(now);
    // Where a whole step was full there is more: the next arrival goes on.
    if (Number(changes) < SWEEP_ROWS) this.#sweptAt = monotonic;
  }
}
