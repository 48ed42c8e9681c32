import type { Telemetry } from '@aura/host';
import { setTimeout as delay } from 'node:timers/promises';
import { findRunning } from './find-running';
import { runFileOfOptions, type GlobalOptions } from './global-options';
import { removeRunFile, writeRunFile } from './run-file';

/** An Aura in this process, or the one that owns the data when this process came second. */
export interface OwnAura {
  readonly url: string;
  readonly isOwn: boolean;
  stop(): Promise<void>;
}

/** How an embedded Aura is to be started. */
export interface OwnOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly log: (line: string) => void;
  /** Lowest level of the log that is written to stderr; default `warn`. `AURA_LOG_LEVEL` has the last word. */
  readonly logLevel?: 'info' | 'warn';
}

/** How long the data may have an owner that has not announced itself, milliseconds: it is starting, or stopping. */
const OWNER_SHOWS_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

/**
 * Starts an embedded Aura and announces it in the run file, so that other commands talk to it. Of two commands that
 * start at once one owns the data; the other talks to the owner as soon as that has announced itself, or owns the data
 * next when the owner was about to stop.
 */
export async function startOwn(options: GlobalOptions, how: OwnOptions): Promise<OwnAura> {
  // Loaded only here: a command that talks to a running Aura must not load a whole one.
  const { hostTelemetry } = await import('@aura/host');
  const defaults = { logLevel: how.logLevel ?? 'warn' } as const;
  const telemetry = hostTelemetry({ env: process.env, out: process.stderr, defaults });
  try {
    const { stop, ...found } = await ownOrOther(options, { ...how, telemetry });
    return { ...found, stop: () => stop().finally(() => telemetry.close()) };
  } catch (error) {
    await telemetry.close();
    throw error;
  }
}

interface ToldOptions extends OwnOptions {
  readonly telemetry: Telemetry;
}

async function ownOrOther(options: GlobalOptions, how: ToldOptions): Promise<OwnAura> {
  const runFile = runFileOfOptions(options);
  const deadline = performance.now() + OWNER_SHOWS_WITHIN_MS;
  for (;;) {
    const own = await tryOwn(options, how, runFile);
    if (own.aura !== undefined) return own.aura;
    const owner = await findRunning(runFile);
    if (owner !== undefined) {
      how.log(`Another command was faster; using its Aura at ${owner.url}.`);
      return { url: owner.url, isOwn: false, stop: async () => undefined };
    }
    if (performance.now() > deadline) throw own.refused;
    await delay(LOOK_EVERY_MS);
  }
}

type Attempt = { readonly aura: OwnAura } | { readonly aura: undefined; readonly refused: Error };

async function tryOwn(options: GlobalOptions, how: ToldOptions, runFile: string): Promise<Attempt> {
  const { startEmbedded, startOnServers } = await import('@aura/host');
  try {
    const embedded =
      options.servers === true
        ? await startOnServers({ ...how, env: process.env })
        : await startEmbedded({ ...how, env: process.env, dataDir: options.data });
    const { url, door } = embedded;
    writeRunFile(runFile, { pid: process.pid, url, ...(door === undefined ? {} : { door }) });
    const stop = async (): Promise<void> => {
      removeRunFile(runFile, process.pid);
      await embedded.stop();
    };
    return { aura: { url: embedded.url, isOwn: true, stop } };
  } catch (error) {
    if (!isOwnedByAnother(error)) throw error;
    return { aura: undefined, refused: error };
  }
}

/** The embedded stores refuse a folder that another process holds with this code. */
function isOwnedByAnother(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'DATA_IN_USE';
}
