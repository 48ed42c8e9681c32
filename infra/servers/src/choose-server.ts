import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { dockerClient, startContainer } from './docker-container';
import { freePorts } from './free-ports';
import { localKinds } from './local/local-kinds';
import type { DockerServer, GivenServer, LocalServer, Say, ServerName, ServerRecord } from './server';
import { urlVariable } from './state-file';

/**
 * A server that nobody has yet: the one whose URL is in the environment, else a container when a Docker daemon answers, else
 * a process of this machine. It is started, but its health is not known yet.
 */
export async function chooseServer(name: ServerName, folder: string, say: Say): Promise<ServerRecord> {
  const url = process.env[urlVariable(name)];
  return url === undefined || url === '' ? newServer(name, folder, say) : givenServer(name, url, say);
}

/** A new server with ports and data of its own: a container when a Docker daemon answers, else a process. */
export async function newServer(
  name: ServerName,
  folder: string,
  say: Say,
): Promise<DockerServer | LocalServer> {
  const docker = await dockerClient();
  return docker === undefined ? newLocalServer(name, folder, say) : startContainer(docker, name, say);
}

async function newLocalServer(name: ServerName, folder: string, say: Say): Promise<LocalServer> {
  const kind = localKinds[name];
  await kind.install(say);
  const ports = await freePorts(kind.portCount);
  // A folder per start: what an ended server left behind is never opened by another one.
  const ownFolder = join(folder, 'servers', `${name}-${randomBytes(3).toString('hex')}`);
  say(`${name}: starting on port ${ports[0]}`);
  return { name, how: 'local', folder: ownFolder, ports, ...kind.launch(ownFolder, ports) };
}

function givenServer(name: ServerName, url: string, say: Say): GivenServer {
  say(`${name}: taking ${urlVariable(name)} from the environment`);
  return { name, how: 'url', url, settings: {} };
}
