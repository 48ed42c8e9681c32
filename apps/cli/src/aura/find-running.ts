import { rmSync } from 'node:fs';
import { connect, type AuraClient } from '@aura/client';
import { isAlive, isFresh, readRunFile, type RunRecord } from './run-file';

/** How long an announced Aura may take to say how it is, milliseconds. */
const HEALTH_MS = 3000;

/** An Aura that runs, and how to talk to it. */
export interface RunningRecord extends RunRecord {
  readonly url: string;
  readonly client: AuraClient;
}

/** A client for an Aura on this machine: no long waiting, as a dead one is replaced by an embedded one. */
export function localClient(url: string): AuraClient {
  return connect({ url, reconnects: 3, ...ownToken() });
}

/** The secret of this machine's Aura, where it asks for one. */
export function ownToken(): { readonly token?: string } {
  const token = process.env['AURA_TOKEN'];
  return token === undefined || token === '' ? {} : { token };
}

/**
 * The Aura that a run file announces, if its process lives and its health answers. An announcement of a dead one is
 * removed.
 */
export async function findRunning(runFile: string): Promise<RunningRecord | undefined> {
  const record = readRunFile(runFile);
  if (record === undefined) return undefined;
  const { pid, url } = record;
  if (isAlive(pid)) {
    if (url !== undefined && (await answers(url))) return { ...record, url, client: localClient(url) };
    // Its coordinator is being started, or started again.
    if (isFresh(record)) return undefined;
  }
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
