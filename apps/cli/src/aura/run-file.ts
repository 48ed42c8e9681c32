import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** What the owner of a data folder says of itself while it runs. */
const runRecord = z.object({
  pid: z.int().positive(),
  url: z.url(),
  /** Where participants of other repositories join an embedded Aura; the token is a secret of this user. */
  door: z.object({ url: z.url(), token: z.string() }).optional(),
});

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

/** Whether a process with this id lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}
