import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AuraError, UnsafeSetupError } from '@aura/kernel';
import { openDatabase, type SqlDatabase } from '../sqlite/driver';
import { sqliteFailure } from '../sqlite/sqlite-failure';

/** The right to write a data file, held by one process. */
export interface OwnerLock {
  /** Lets the next owner in. */
  release(): void;
}

/** How long two that try at the same moment wait for each other, milliseconds; without it both could be refused. */
const RIVALS_WAIT_MS = 100;

/** Primary result code of SQLite: another connection holds the lock. */
const BUSY = 5;

/**
 * Takes the lock of a data file: an exclusive transaction on `FILE.lock`, an empty SQLite file that is never removed.
 * The operating system lets it go when its process ends, however that ends, so a lock is never stale, and process
 * numbers (used again, and others in each container) decide nothing. `FILE.owner` names the process, for people. It is a POSIX
 * lock where the system has these: the owner's process must not open `FILE.lock` by other means, as closing it gives the lock away.
 * Errors: an `AuraError` with code `DATA_IN_USE`, naming the process that holds it when it has said so; `UnsafeSetupError` where
 * one of the two files cannot be written.
 */
export function takeOwnerLock(file: string): OwnerLock {
  const owner = `${file}.owner`;
  const lock = lockOf(file, owner);
  try {
    writeFileSync(owner, `${process.pid}\n`);
  } catch (error) {
    lock.close();
    throw unwritten(owner, error);
  }
  const release = (): void => {
    try {
      rmSync(owner, { force: true });
    } finally {
      lock.close();
    }
  };
  return { release };
}

function lockOf(file: string, owner: string): SqlDatabase {
  const path = `${file}.lock`;
  let lock: SqlDatabase | undefined;
  try {
    lock = openDatabase(path);
    lock.exec(`PRAGMA busy_timeout = ${RIVALS_WAIT_MS}; BEGIN EXCLUSIVE`);
    return lock;
  } catch (error) {
    lock?.close();
    const failure = sqliteFailure(error);
    if (failure === undefined) throw error;
    if ((failure.errcode & 0xff) === BUSY) throw inUse(file, readOwner(owner));
    throw new UnsafeSetupError(
      `${path} cannot be used: ${failure.message}`,
      'Check that the data folder may be written. Remove this file when no Aura runs on the folder.',
      error,
    );
  }
}

function unwritten(owner: string, cause: unknown): UnsafeSetupError {
  return new UnsafeSetupError(
    `${owner} cannot be written: ${String(cause)}`,
    `Check that ${dirname(owner)} may be written, and has room, and that this file is none of another user.`,
    cause,
  );
}

function inUse(file: string, pid: number | undefined): AuraError {
  return new AuraError(`${file} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}`, {
    code: 'DATA_IN_USE',
    help: 'One process owns the data folder: stop that process, talk to it, or give another folder.',
    details: pid === undefined ? {} : { pid },
  });
}

/** The process that a lock's owner named; undefined in the moment before it does. */
function readOwner(file: string): number | undefined {
  try {
    return Number(/^\d+(?=\n$)/.exec(readFileSync(file, 'utf8'))?.[0] ?? NaN) || undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
