import { setTimeout as delay } from 'node:timers/promises';
import { findRunning } from './find-running';
import { runFileOf, type GlobalOptions } from './global-options';
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
}

/** How long the owner of the data may take to announce itself, milliseconds: it is starting. */
const ANNOUNCED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;

/**
 * Starts an embedded Aura and announces it in the run file, so that other commands talk to it. Of two commands that
 * start at once one owns the data; the other waits until the owner has announced itself.
 */
export async function startOwn(options: GlobalOptions, { port, log }: OwnOptions): Promise<OwnAura> {
  const runFile = runFileOf(options.data);
  // Loaded only here: a command that talks to a running Aura must not load a whole one.
  const { startEmbedded } = await import('@aura/host');
  try {
    const embedded = await startEmbedded({ dataDir: options.data, port, log });
    writeRunFile(runFile, { pid: process.pid, url: embedded.url });
    const stop = async (): Promise<void> => {
      removeRunFile(runFile, process.pid);
      await embedded.stop();
    };
    return { url: embedded.url, isOwn: true, stop };
  } catch (error) {
    const owner = isOwnedByAnother(error) ? await announcedOwner(runFile) : undefined;
    if (owner === undefined) throw error;
    log(`Another command was faster; using its Aura at ${owner.url}.`);
    return { url: owner.url, isOwn: false, stop: async () => undefined };
  }
}

async function announcedOwner(runFile: string): Promise<{ readonly url: string } | undefined> {
  const deadline = performance.now() + ANNOUNCED_WITHIN_MS;
  for (;;) {
    const found = await findRunning(runFile);
    if (found !== undefined || performance.now() > deadline) return found;
    await delay(LOOK_EVERY_MS);
  }
}

/** The embedded stores refuse a folder that another process holds with this code. */
function isOwnedByAnother(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'DATA_IN_USE';
}
