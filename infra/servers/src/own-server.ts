import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newServer } from './choose-server';
import { killServer, removeServer, startAgain, stopServer } from './control';
import { waitUntilHealthy } from './health/wait-until-healthy';
import { ServersError } from './errors';
import type { DockerServer, LocalServer, ServerName } from './server';
import { environmentOf } from './state-file';

/** A server that one test has for itself and may treat as badly as it likes. */
export interface OwnServer {
  readonly url: string;
  /** What `servers.env` would say of it, for processes that are started against it and for `rabbitmqctl`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The pid of the server's process now. Throws for a container, whose processes are not ours to signal. */
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

/** Starts a server apart from all others, with data of its own, and waits until it is healthy. Takes 0.1 to 6 s. */
export async function ownServer(name: ServerName): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), `aura-${name}-`));
  let record = await newServer(name, folder, () => undefined);
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
    pid: () => pidOf(record),
    stop: () => stopServer(record),
    kill: () => killServer(record),
    start: async () => {
      record = await startAgain(record);
    },
    remove,
  };
}

function pidOf(record: DockerServer | LocalServer): number {
  if (record.how === 'local') return record.process.pid;
  throw new ServersError(`${record.name} runs in a container.`, 'Use stop, kill and start.');
}
