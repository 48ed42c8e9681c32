import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import { integer, one } from '../sqlite/columns';
import { openDatabase, type SqlDatabase } from '../sqlite/driver';
import { migrate } from '../sqlite/schema';
import { sqliteFailure } from '../sqlite/sqlite-failure';
import { GroupCommit } from './group-commit';
import { type OwnerLock, takeOwnerLock } from './owner-lock';

/** The one SQLite file that bus, journals, views, leases and joins stand in, opened by its one owner. */
export class EmbeddedStore {
  /** All writing goes through here. */
  readonly commits: GroupCommit;
  #isOpen = true;
  #closing: Promise<void> | undefined;

  private constructor(
    readonly database: SqlDatabase,
    private readonly lock: OwnerLock,
  ) {
    this.commits = new GroupCommit(database);
  }

  /**
   * Opens the file, creating or migrating it, and its folder. Refuses what another process owns with code `DATA_IN_USE`, and with
   * `UnsafeSetupError` what is newer than this code, cannot be written, or does not take WAL and full synchronisation.
   */
  static open(path: string): EmbeddedStore {
    const file = resolve(path);
    makeFolder(dirname(file));
    const lock = takeOwnerLock(file);
    try {
      return new EmbeddedStore(prepare(file), lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** The number of a namespace; made when it is new. */
  namespace(name: string): number {
    this.database.prepare('INSERT INTO namespaces (name) VALUES (?) ON CONFLICT DO NOTHING').run(name);
    const row = one(this.database.prepare('SELECT id FROM namespaces WHERE name = ?'), name);
    if (!row) throw new TypeError(`namespace ${name} is not there`);
    return integer(row, 'id');
  }

  /** Reads what is committed; a refusal of the file becomes `StoreUnavailableError`. */
  read<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (!this.#isOpen) throw new StoreUnavailableError('the data file is closed');
      try {
        resolve(work());
      } catch (error) {
        throw unreadable(error);
      }
    });
  }

  /** Waits for what is queued, then closes the file and lets the next owner in. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.commits.close();
      this.#isOpen = false;
      checkpoint(this.database);
    } finally {
      this.#isOpen = false;
      this.database.close();
      this.lock.release();
    }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new UnsafeSetupError(
      `the data folder ${folder} cannot be made: ${String(cause)}`,
      'Make it yourself, for the user that Aura runs as, or give another one.',
      cause,
    );
  }
}

/** Brings the log back into the file. What was committed stands in the log when that fails; the next start reads it. */
function checkpoint(database: SqlDatabase): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (cause) {
    const reason = sqliteFailure(cause)?.message ?? String(cause);
    throw new StoreUnavailableError(`the data file could not take in its log at the end: ${reason}`, cause);
  }
}

function prepare(file: string): SqlDatabase {
  const database = openDatabase(file);
  try {
    demand(database, 'journal_mode', 'WAL', 'wal');
    demand(database, 'synchronous', 'FULL', 2);
    database.exec('PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY');
    migrate(database, file);
  } catch (error) {
    database.close();
    throw refusal(error, file);
  }
  return database;
}

/** Sets a pragma and looks whether it really took: SQLite stays silent when it does not. */
function demand(database: SqlDatabase, pragma: string, value: string, expected: string | number): void {
  database.exec(`PRAGMA ${pragma} = ${value}`);
  const found = one(database.prepare(`PRAGMA ${pragma}`))?.[pragma];
  if (found === expected) return;
  throw new UnsafeSetupError(
    `the data file runs with ${pragma} ${String(found)} instead of ${value}`,
    'Put the data folder on a local file system that can lock and share memory.',
  );
}

function unreadable(error: unknown): unknown {
  const failure = sqliteFailure(error);
  return failure
    ? new StoreUnavailableError(`the data file cannot be read: ${failure.message}`, error)
    : error;
}

function refusal(error: unknown, file: string): unknown {
  const failure = sqliteFailure(error);
  if (!failure) return error;
  return new UnsafeSetupError(
    `${file} cannot be used: ${failure.message}`,
    'Check that it is an Aura data file, that it may be written, and that no other program has it open.',
    error,
  );
}
