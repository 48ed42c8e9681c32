import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type AuraClient } from '@aura/client';
import { CliError } from '../cli-error';
import { ExitCode } from '../exit-code';
import { isAlive, isFresh, readRunFile, type RunRecord } from './run-file';

/** How long an announced Aura may take to say how it is, milliseconds. */
const HEALTH_MS = 3000;
/** How long the coordinator of an Aura that is kept alive may be silent, milliseconds. */
const SILENT_MS = 15_000;
const LOOK_EVERY_MS = 250;

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

/**
 * As {@link findRunning}; one whose processes are kept alive is waited for while its coordinator is silent, because it is being
 * started again. Another Aura in its place would know nothing of its sagas. Errors: `CliError` UNREACHABLE when it stays silent.
 */
export async function findAnswering(
  runFile: string,
  tell: (line: string) => void,
  withinMs = SILENT_MS,
): Promise<RunningRecord | undefined> {
  const deadline = performance.now() + withinMs;
  for (let looks = 0; ; looks += 1) {
    const running = await findRunning(runFile);
    const record = readRunFile(runFile);
    if (running !== undefined || record === undefined || !isKept(record)) return running;
    if (performance.now() > deadline) throw silent(record);
    if (looks === 0) tell(`Aura is up (process ${record.pid}); waiting for its coordinator.`);
    await delay(LOOK_EVERY_MS);
  }
}

function isKept(record: RunRecord): boolean {
  return isAlive(record.pid) && isFresh(record);
}

function silent({ pid, url }: RunRecord): CliError {
  return new CliError(
    `Aura is up (process ${pid}), and its coordinator does not answer${url === undefined ? '' : ` at ${url}`}`,
    'aura status tells how its processes stand, and aura logs what they say.',
    ExitCode.UNREACHABLE,
  );
}

async function answers(url: string): Promise<boolean> {
  const impatient = connect({ url, retries: 1, timeoutMs: HEALTH_MS });
  return impatient.health().then(
    () => true,
    () => false,
  );
}
