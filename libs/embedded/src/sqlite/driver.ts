import { createRequire } from 'node:module';
import type { SqlValue } from './sql-value';
import { givenRow, storedValue } from './stored-text';

export type { SqlValue } from './sql-value';

/** One row of an answer, by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A prepared statement, as `node:sqlite` has it. */
export interface SqlStatement {
  run(...values: SqlValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
}

/** An open SQLite file, as `node:sqlite` has it. Hold it as long as one of its statements is used. */
export interface SqlDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqlStatement;
  close(): void;
  readonly isTransaction: boolean;
}

/** Options of a database, as `node:sqlite` has them. */
interface DatabaseOptions {
  readonly enableForeignKeyConstraints?: boolean;
  readonly readOnly?: boolean;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: DatabaseOptions) => SqlDatabase;
}

/** Opens a SQLite file with the built-in module where this Node has a complete one, else with the prebuilt package. */
export function openDatabase(
  path: string,
  { readOnly = false }: Pick<DatabaseOptions, 'readOnly'> = {},
): SqlDatabase {
  const { DatabaseSync } = builtIn() ?? prebuilt();
  return new TextSafeDatabase(new DatabaseSync(path, { enableForeignKeyConstraints: false, readOnly }));
}

/** A database whose texts may have any characters, in both modules alike. */
class TextSafeDatabase implements SqlDatabase {
  constructor(private readonly database: SqlDatabase) {}

  get isTransaction(): boolean {
    return this.database.isTransaction;
  }

  exec(sql: string): void {
    this.database.exec(sql);
  }

  prepare(sql: string): SqlStatement {
    const statement = this.database.prepare(sql);
    return {
      run: (...values) => statement.run(...values.map(storedValue)),
      get: (...values) => givenRow(statement.get(...values.map(storedValue))),
      all: (...values) => statement.all(...values.map(storedValue)).map(givenRow),
    };
  }

  close(): void {
    this.database.close();
  }
}

/** Early versions of the built-in module do not tell whether a transaction is open. */
function builtIn(): SqliteModule | undefined {
  const found: unknown = process.getBuiltinModule('node:sqlite');
  if (!isSqlite(found)) return undefined;
  const probe = new found.DatabaseSync(':memory:');
  const isComplete = typeof probe.isTransaction === 'boolean';
  probe.close();
  return isComplete ? found : undefined;
}

function prebuilt(): SqliteModule {
  const found: unknown = createRequire(__filename)('@photostructure/sqlite');
  if (!isSqlite(found)) throw new TypeError('@photostructure/sqlite has no DatabaseSync');
  return found;
}

function isSqlite(found: unknown): found is SqliteModule {
  return typeof found === 'object' && found !== null && 'DatabaseSync' in found;
}
