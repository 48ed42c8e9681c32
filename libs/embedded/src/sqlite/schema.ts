import { UnsafeSetupError } from '@aura/kernel';
import { integer, one } from './columns';
import type { SqlDatabase } from './driver';

/**
 * The schema, one step a version: the n-th text leads from version n to n + 1. A step that has been released is
 * never changed; what is new is a further step.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE namespaces (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

  CREATE TABLE streams (
    id INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (namespace, name)
  );
  CREATE TABLE journal (
    id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    partition INTEGER, key_id TEXT, operations TEXT NOT NULL, body TEXT NOT NULL, payload TEXT
  );
  CREATE UNIQUE INDEX journal_position ON journal (stream, seq);
  CREATE INDEX journal_time ON journal (partition, at) WHERE partition IS NOT NULL;
  CREATE TABLE operations (
    stream INTEGER NOT NULL, operation TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (stream, operation)
  ) WITHOUT ROWID;
  CREATE TABLE snapshots (
    stream INTEGER PRIMARY KEY, seq INTEGER NOT NULL, fold_version INTEGER NOT NULL, state TEXT NOT NULL
  );

  CREATE TABLE leases (
    name TEXT PRIMARY KEY, owner TEXT NOT NULL, fence INTEGER NOT NULL, until INTEGER NOT NULL, note TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE claims (digest TEXT PRIMARY KEY, content_type TEXT NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE join_arrivals (
    id INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, name TEXT NOT NULL, dependency TEXT NOT NULL,
    value TEXT NOT NULL, until INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX join_arrivals_set ON join_arrivals (namespace, name, dependency);
  CREATE INDEX join_arrivals_until ON join_arrivals (until);

  CREATE TABLE queues (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, max_length INTEGER,
    high INTEGER NOT NULL, held TEXT NOT NULL
  );
  CREATE TABLE bindings (
    kind TEXT NOT NULL, exchange TEXT NOT NULL, key TEXT NOT NULL, queue TEXT NOT NULL,
    PRIMARY KEY (kind, exchange, key, queue)
  ) WITHOUT ROWID;
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, targets TEXT NOT NULL, size INTEGER NOT NULL, headers TEXT, content_type TEXT,
    raw_headers TEXT, body NOT NULL
  );
  CREATE TABLE delayed (
    id INTEGER PRIMARY KEY, due INTEGER NOT NULL, queue TEXT NOT NULL, size INTEGER NOT NULL, headers TEXT, body TEXT NOT NULL
  );
  CREATE INDEX delayed_due ON delayed (due);
  `,
  // The same tables. It keeps out an Aura from before the lock of the operating system, which does not see that the file has an owner.
  '',
];

/** Version of the schema that this code writes. */
export const SCHEMA_VERSION = STEPS.length;
/** Oldest version whose tables can be read as they are: a backup is audited, or marked as restored, before it is led forward. */
export const OLDEST_READABLE_VERSION = 1;

/** Leads a file to the newest schema, step by step, each in a transaction; refuses a file that is newer than the code. */
export function migrate(database: SqlDatabase, path: string): void {
  const row = one(database.prepare('PRAGMA user_version'));
  const version = row ? integer(row, 'user_version') : 0;
  if (version > SCHEMA_VERSION) {
    throw new UnsafeSetupError(
      `${path} has schema version ${version}; this Aura knows versions up to ${SCHEMA_VERSION}`,
      'Start the newer Aura that wrote the file, or give another data folder.',
    );
  }
  for (const [from, step] of STEPS.entries()) {
    if (from >= version) database.exec(`BEGIN; ${step}; PRAGMA user_version = ${from + 1}; COMMIT`);
  }
}
