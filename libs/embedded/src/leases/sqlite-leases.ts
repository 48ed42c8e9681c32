import type { Lease, LeaseStore } from '@aura/kernel';
import { integer, many, one, text } from '../sqlite/columns';
import type { SqlRow, SqlStatement } from '../sqlite/driver';
import type { EmbeddedStore } from '../store/embedded-store';

const COLUMNS = 'name, owner, fence, until, note';

/** Leases in the SQLite file. A released one has no owner, so that whoever takes it gets a new fence. */
export class SqliteLeases implements LeaseStore {
  readonly #acquire: SqlStatement;
  readonly #renew: SqlStatement;
  readonly #release: SqlStatement;
  readonly #list: SqlStatement;

  constructor(private readonly store: EmbeddedStore) {
    const { database } = store;
    this.#acquire = database.prepare(
      `INSERT INTO leases (${COLUMNS}) VALUES (?1, ?2, 1, ?3, 'null')
       ON CONFLICT (name) DO UPDATE
         SET fence = fence + (owner <> excluded.owner), owner = excluded.owner, until = excluded.until
         WHERE owner = excluded.owner OR until < ?4 OR owner = ''
       RETURNING ${COLUMNS}`,
    );
    this.#renew = database.prepare(
      `UPDATE leases SET until = ?, note = COALESCE(?, note) WHERE name = ? AND owner = ? AND fence = ?
       RETURNING ${COLUMNS}`,
    );
    this.#release = database.prepare(
      `UPDATE leases SET owner = '', until = 0 WHERE name = ? AND owner = ? AND fence = ?`,
    );
    this.#list = database.prepare(
      `SELECT ${COLUMNS} FROM leases WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 ORDER BY name`,
    );
  }

  acquire(request: {
    readonly name: string;
    readonly owner: string;
    readonly now: number;
    readonly ttlMs: number;
  }): Promise<Lease | undefined> {
    const { name, owner, now, ttlMs } = request;
    return this.store.commits.run(() => leaseOf(one(this.#acquire, name, owner, now + ttlMs, now)));
  }

  renew(
    lease: Lease,
    request: { readonly now: number; readonly ttlMs: number; readonly note?: string },
  ): Promise<Lease | undefined> {
    const { now, ttlMs, note } = request;
    return this.store.commits.run(() =>
      leaseOf(one(this.#renew, now + ttlMs, note ?? null, lease.name, lease.owner, lease.fence)),
    );
  }

  release(lease: Lease): Promise<void> {
    return this.store.commits.run(() => {
      this.#release.run(lease.name, lease.owner, lease.fence);
    });
  }

  list(prefix: string): Promise<readonly Lease[]> {
    return this.store.read(() => many(this.#list, prefix).map(lease));
  }
}

function leaseOf(row: SqlRow | undefined): Lease | undefined {
  return row && lease(row);
}

function lease(row: SqlRow): Lease {
  return {
    name: text(row, 'name'),
    owner: text(row, 'owner'),
    fence: integer(row, 'fence'),
    until: integer(row, 'until'),
    note: text(row, 'note'),
  };
}
