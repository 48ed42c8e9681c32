import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newLocalServer } from './choose-server';
import { killServer, removeServer, startAgain, stopServer } from './control';
import { waitUntilHealthy } from './health/wait-until-healthy';
import type { ServerName } from './server';
import { environmentOf } from './state-file';

/** A server that one test has for itself and may treat as badly as it likes. */
export interface OwnServer {
  readonly url: string;
  /** What `servers.env` would say of it, for processes that are started against it and for `rabbitmqctl`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The pid of the server's process now. */
  pid(): number;
  /** Orderly end; data stay. */
  stop(): Promise<void>;
  /** SIGKILL; data stay, except what the server keeps in memory. */
  kill(): Promise<void>;
  /** Starts it again on the same URL and waits until it is healthy. */
  start(): Promise<void>;
  /** Ends it and deletes its data. To be called at the end of every test, also when it failed. */
  remove(): Promise<void>;
}

/** Starts a local server apart from all others, in a temporary folder, and waits until it is healthy. Takes 0.1 to 6 s. */
export async function ownServer(name: ServerName): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), `aura-${name}-`));
  let record = await newLocalServer(name, folder, () => undefined);
  const remove = async (): Promise<void> => {
    await removeServer(record);
    rmSync(folder, { recursive: true, force: true });
  };
  await waitUntilHealthy(record).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    url: record.url,
    environment: environmentOf(record),
    pid: () => record.process.pid,
    stop: () => stopServer(record),
    kill: () => killServer(record),
    start: async () => {
      record = await startAgain(record);
    },
    remove,
  };
}
