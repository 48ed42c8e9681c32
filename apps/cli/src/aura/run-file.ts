import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** A process of an Aura of several. */
const processRecord = z.object({
  name: z.string(),
  status: z.enum(['starting', 'up', 'waiting', 'stopped']),
  restarts: z.int(),
  pid: z.int().optional(),
  url: z.url().optional(),
  lastEnd: z.string().optional(),
});

/** What the owner of a data folder, or of several processes on servers, says of itself while it runs. */
const runRecord = z.object({
  pid: z.int().positive(),
  /** Absent while it starts. */
  url: z.url().optional(),
  /** What it stands on; default: embedded. */
  ground: z.enum(['embedded', 'servers']).optional(),
  version: z.string().optional(),
  /** Folder of the logs, where it writes some. */
  logs: z.string().optional(),
  /** Its processes, where it has several. */
  processes: z.array(processRecord).optional(),
  /** Whether it serves workflows; absent: it does. */
  isReady: z.boolean().optional(),
  /** Repeated every 2 s by one of several processes, ms since 1970. */
  seenAt: z.number().optional(),
  /** Where participants of other repositories join an embedded Aura; the token is a secret of this user. */
  door: z.object({ url: z.url(), token: z.string() }).optional(),
});

/** A record that is repeated is older than this only when its process stands still, ms. */
const FRESH_MS = 10_000;

export type RunRecord = z.infer<typeof runRecord>;

/** The record in a run file; undefined when there is none, or it cannot be read. */
export function readRunFile(file: string): RunRecord | undefined {
  try {
    return runRecord.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // Absent, or broken off while a process died; either way nobody is announced there.
    return undefined;
  }
}

/** Announces a running Aura; whole or not at all, and readable by this user alone. */
export function writeRunFile(file: string, record: RunRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${record.pid}`;
  writeFileSync(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** Takes an announcement back, if it is still that of this process. */
export function removeRunFile(file: string, pid: number): void {
  if (readRunFile(file)?.pid === pid) rmSync(file, { force: true });
}

/** Whether a record was repeated a moment ago: then its process is the one that wrote it, whatever answers at its URL. */
export function isFresh({ seenAt }: RunRecord): boolean {
  return seenAt !== undefined && Date.now() - seenAt < FRESH_MS;
}

/** Whether a process with this id lives; one that has ended and only waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // No such file system here, or gone by now: the signal has told.
    return false;
  }
}
