import { rmSync } from 'node:fs';
import type { ContainerRuntimeClient } from 'testcontainers';
import { dockerClient } from './docker-container';
import { ServersError } from './errors';
import { waitUntilHealthy } from './health/wait-until-healthy';
import { localKinds } from './local/local-kinds';
import { endProcess, isRunning, killProcess } from './processes';
import type { DockerServer, LocalServer, ServerRecord } from './server';

type Container = ReturnType<ContainerRuntimeClient['container']['getById']>;

/** True while the process or container runs; of a given server nothing is known but its URL, and this says true. */
export async function isStarted(record: ServerRecord): Promise<boolean> {
  switch (record.how) {
    case 'url':
      return true;
    case 'docker':
      return (await inspect(record))?.State.Running ?? false;
    case 'local':
      return isRunning(record.process);
  }
}

/** Starts a stopped server again with its data and ports, waits until it is healthy, and returns what is true from now on. */
export async function startAgain<R extends ServerRecord>(record: R): Promise<R> {
  const started = await restarted(record);
  await waitUntilHealthy(started);
  return started;
}

async function restarted<R extends ServerRecord>(record: R): Promise<R> {
  if (await isStarted(record)) return record;
  if (record.how === 'docker') await (await container(record)).start();
  if (record.how !== 'local') return record;
  return { ...record, ...localKinds[record.name].launch(record.folder, record.ports) };
}

/** Stops a server in an orderly way and keeps its data. */
export async function stopServer(record: ServerRecord): Promise<void> {
  if (ours(record).how === 'docker') return act(record, (c) => c.stop());
  await endLocal(record, endProcess);
}

/** Ends a server without a warning, as a power cut would, and keeps its data. */
export async function killServer(record: ServerRecord): Promise<void> {
  if (ours(record).how === 'docker') return act(record, (c) => c.kill());
  await endLocal(record, killProcess);
}

/** Ends a server and deletes its data. A given server is left alone. */
export async function removeServer(record: ServerRecord): Promise<void> {
  if (record.how === 'docker') return act(record, (c) => c.remove({ force: true, v: true }));
  if (record.how === 'url') return;
  await endLocal(record, endProcess);
  rmSync(record.folder, { recursive: true, force: true });
}

async function endLocal(record: ServerRecord, end: typeof endProcess): Promise<void> {
  if (record.how !== 'local') return;
  await end(record.process);
  await localKinds[record.name].afterEnd?.(record.ports);
}

function ours(record: ServerRecord): DockerServer | LocalServer {
  if (record.how !== 'url') return record;
  throw new ServersError(
    `${record.name} was given by its URL ${record.url} and is not ours to stop.`,
    'Take the URL out of the environment and run servers:up again.',
  );
}

async function act(record: ServerRecord, work: (container: Container) => Promise<unknown>): Promise<void> {
  if (record.how !== 'docker' || (await inspect(record)) === undefined) return;
  await work(await container(record));
}

async function container(record: DockerServer): Promise<Container> {
  const client = await dockerClient();
  if (client === undefined) {
    throw new ServersError(
      `${record.name} runs in Docker, and no Docker daemon answers.`,
      'Start Docker again.',
    );
  }
  return client.container.getById(record.containerId);
}

async function inspect(record: DockerServer): Promise<Awaited<ReturnType<Container['inspect']>> | undefined> {
  try {
    return await (await container(record)).inspect();
  } catch (error) {
    if ((error as { readonly statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}
