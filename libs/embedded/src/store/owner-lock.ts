import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { AuraError, UnsafeSetupError } from '@aura/kernel';

/** Who holds a lock file: its process, and when that process began (Linux only), as a process id is used again. */
interface Owner {
  readonly pid: number;
  readonly began: string | null;
}

/** A lock file that says which process owns a data file. */
export interface OwnerLock {
  /** Lets the next owner in. */
  release(): void;
}

/**
 * Takes the lock file, created in one atomic step. One that a dead process left behind is moved away first.
 * Errors: an `AuraError` with code `DATA_IN_USE` naming the process that holds it.
 */
export function takeOwnerLock(file: string, what: string): OwnerLock {
  for (let tries = 0; tries < 10; tries++) {
    if (create(file)) return { release: () => rmSync(file, { force: true }) };
    const owner = readOwner(file);
    if (owner && lives(owner)) throw inUse(what, owner.pid);
    removeStale(file, owner);
  }
  throw new UnsafeSetupError(
    `${file} could not be taken`,
    'Remove it when no Aura runs on this data folder.',
  );
}

function inUse(what: string, pid: number): AuraError {
  return new AuraError(`${what} is in use by process ${pid}`, {
    code: 'DATA_IN_USE',
    help: 'One process owns the data folder: stop that process, talk to it, or give another folder.',
    details: { pid },
  });
}

function create(file: string): boolean {
  try {
    const fd = openSync(file, 'wx', 0o644);
    try {
      writeSync(fd, JSON.stringify({ pid: process.pid, began: beginning(process.pid) } satisfies Owner));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moves a stale lock away. Whoever moved a live one by a race puts it back, unless a newer one stands already. */
function removeStale(file: string, seen: Owner | undefined): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = readOwner(aside);
  if (moved && (moved.pid !== seen?.pid || moved.began !== seen.began) && lives(moved))
    renameSync(aside, file);
  else rmSync(aside, { force: true });
}

/** The owner that a lock file names; undefined when it is gone, empty or torn (its writer died while writing). */
function readOwner(file: string): Owner | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const [, pid, began] = /^\{"pid":(\d+),"began":(?:null|"([^"]*)")\}$/.exec(content) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), began: began ?? null };
}

function lives(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (!isCode(error, 'EPERM')) return false;
  }
  const began = beginning(owner.pid);
  return began === null || owner.began === null || began === owner.began;
}

/** When a process began, in ticks since boot, from /proc; null where there is none. */
function beginning(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'EACCES') || isCode(error, 'ESRCH')) return null;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
