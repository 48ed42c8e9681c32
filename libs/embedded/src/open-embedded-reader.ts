import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import type { JournalReader } from '@aura/kernel';
import { SqliteJournalReader } from './journal/sqlite-journal-reader';
import { integer, many, one, text } from './sqlite/columns';
import { openDatabase } from './sqlite/driver';
import type { SqlDatabase } from './sqlite/driver';
import { OLDEST_READABLE_VERSION, SCHEMA_VERSION } from './sqlite/schema';
import { sqliteFailure } from './sqlite/sqlite-failure';

/** The journals of a data file, as they stood in one moment. */
export interface EmbeddedReader {
  /** Names of all participants and the coordinator that ever wrote. */
  namespaces(): Promise<readonly string[]>;
  journal(namespace: string): JournalReader;
  close(): void;
}

/** How {@link openEmbeddedReader} reads. */
export interface EmbeddedReaderOptions {
  /** The SQLite file. */
  readonly path: string;
  /** Whether all is read as it stood when the first question was asked; default true. */
  readonly frozen?: boolean;
}

/**
 * Opens a data file for reading, also while its owner writes: neither lock nor file is changed. What it shows is one
 * moment of the whole file. Errors: `UnsafeSetupError` when there is no such file, or its schema is newer than this code.
 */
export function openEmbeddedReader({ path, frozen = true }: EmbeddedReaderOptions): EmbeddedReader {
  const file = resolve(path);
  if (!existsSync(file))
    throw new UnsafeSetupError(
      `there is no data file ${file}`,
      'Give the folder of an Aura that has run before.',
    );
  const database = opened(file);
  const read = <T>(work: () => T): Promise<T> =>
    new Promise((done) => {
      try {
        done(work());
      } catch (error) {
        throw unreadable(error);
      }
    });
  const names = database.prepare('SELECT name FROM namespaces ORDER BY name');
  if (frozen) database.exec('BEGIN');
  return {
    namespaces: () => read(() => many(names).map((row) => text(row, 'name'))),
    journal: (namespace) => new SqliteJournalReader(database, namespace, read),
    close: () => database.close(),
  };
}

function opened(file: string): SqlDatabase {
  const database = openDatabase(file, { readOnly: true });
  try {
    const row = one(database.prepare('PRAGMA user_version'));
    const version = row === undefined ? 0 : integer(row, 'user_version');
    if (version < OLDEST_READABLE_VERSION || version > SCHEMA_VERSION) throw otherSchema(file, version);
    return database;
  } catch (error) {
    database.close();
    throw unreadable(error);
  }
}

function otherSchema(file: string, version: number): UnsafeSetupError {
  return new UnsafeSetupError(
    `${file} has schema version ${version}; this Aura reads versions ${OLDEST_READABLE_VERSION} to ${SCHEMA_VERSION}`,
    'Use the Aura that wrote it.',
  );
}

function unreadable(error: unknown): unknown {
  const failure = sqliteFailure(error);
  return failure === undefined
    ? error
    : new StoreUnavailableError(`the data file cannot be read: ${failure.message}`, error);
}
