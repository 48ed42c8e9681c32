import { ServersError } from '@aura/servers';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A way in which the store of a running embedded Aura can be sick. */
export interface Sickness {
  readonly name: string;
  /** Why it cannot be brought about here, in a sentence that says what to do; undefined when it can. */
  cannot(): string | undefined;
  /** Brings it about, for a process with a data folder that {@link mountSmallDisk} made. */
  begin(pid: number, folder: string): Promise<void>;
  end(): Promise<void>;
}

const SMALL_DISK = '192m';
const CHUNK = Buffer.alloc(1 << 20);

/** Mounts a small disk of its own, in memory, as a folder; answers how to take it away. Root only. */
export function mountSmallDisk(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'tmpfs', folder]);
  // Lazily: SQLite lets go of a file when its last statement is collected.
  return () => void execFileSync('umount', ['-l', folder]);
}

/** Why no disk can be mounted here. */
export function cannotMount(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'a small disk cannot be mounted: run it as root on Linux';
}

/** No byte is left on the disk; whoever writes gets ENOSPC. */
function diskFull(): Sickness {
  let filler = '';
  return {
    name: 'disk full',
    cannot: cannotMount,
    begin: (_pid, folder) => {
      filler = join(folder, 'filler');
      const file = openSync(filler, 'w');
      try {
        fill(file);
      } finally {
        closeSync(file);
      }
      return Promise.resolve();
    },
    end: () => Promise.resolve(rmSync(filler)),
  };
}

/** Writes until nothing more goes in, in ever smaller pieces. */
function fill(file: number): void {
  for (let size = CHUNK.length; size >= 1;)
    try {
      writeSync(file, CHUNK, 0, size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      size = size >> 1;
    }
}

/** The kernel answers the main thread's calls on the data file and its log as `answer` says. */
function injected(name: string, calls: string, answer: string): Sickness {
  let strace: ChildProcess | undefined;
  return {
    name,
    cannot: () => cannotMount() ?? cannotTrace(),
    begin: async (pid, folder) => {
      const files = ['aura.db', 'aura.db-wal'].flatMap((file) => ['-P', join(folder, file)]);
      const what = ['-e', `trace=${calls}`, '-e', `inject=${calls}:${answer}`];
      strace = spawn('strace', ['-p', String(pid), '-o', '/dev/null', ...files, ...what], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      // It says "Process … attached".
      const said = strace.stderr === null ? [] : ((await once(strace.stderr, 'data')) as [Buffer]);
      if (!String(said[0]).includes('attached'))
        throw new ServersError(`strace does not attach: ${String(said[0])}`, 'Let root trace processes.');
    },
    end: async () => {
      if (strace === undefined) return;
      const closed = once(strace, 'close');
      strace.kill('SIGTERM');
      await closed;
    },
  };
}

function cannotTrace(): string | undefined {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'calls of a process cannot be answered for the kernel: install strace';
  }
}

/** Every sickness: a full disk, one that has become read-only, one whose syncs take 1.5 s each. */
export const SICKNESSES: readonly Sickness[] = [
  diskFull(),
  injected('read-only store', 'write,pwrite64', 'error=EROFS'),
  injected('slow store', 'fdatasync,fsync', 'delay_enter=1500000'),
];
