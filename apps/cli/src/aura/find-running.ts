import { rmSync } from 'node:fs';
import { connect, type AuraClient } from '@aura/client';
import { isAlive, readRunFile, type RunRecord } from './run-file';

/** How long an announced Aura may take to say how it is, milliseconds. */
const HEALTH_MS = 3000;

/** A client for an Aura on this machine: no long waiting, as a dead one is replaced by an embedded one. */
export function localClient(url: string): AuraClient {
  return connect({ url, reconnects: 3 });
}

/**
 * The Aura that a run file announces, if its process lives and its health answers. An announcement of a dead one is
 * removed.
 */
export async function findRunning(
  runFile: string,
): Promise<(RunRecord & { client: AuraClient }) | undefined> {
  const record = readRunFile(runFile);
  if (record === undefined) return undefined;
  const client = localClient(record.url);
  if (isAlive(record.pid) && (await answers(record.url))) return { ...record, client };
  // Only what was judged: another process may have announced itself meanwhile.
  if (readRunFile(runFile)?.pid === record.pid) rmSync(runFile, { force: true });
  return undefined;
}

async function answers(url: string): Promise<boolean> {
  const impatient = connect({ url, retries: 1, timeoutMs: HEALTH_MS });
  return impatient.health().then(
    () => true,
    () => false,
  );
}
