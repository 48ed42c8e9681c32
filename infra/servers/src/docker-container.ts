import type { ContainerRuntimeClient } from 'testcontainers';
import { freePorts } from './free-ports';
import type { DockerServer, Say, ServerName } from './server';

interface Image {
  readonly variable: string;
  readonly fallback: string;
  readonly port: number;
  readonly command: readonly string[];
  readonly url: (host: string, port: number) => string;
}

const IMAGES: Readonly<Record<ServerName, Image>> = {
  rabbitmq: {
    variable: 'AURA_RABBITMQ_IMAGE',
    fallback: 'rabbitmq:4.1',
    port: 5672,
    command: [],
    url: (host, port) => `amqp://guest:guest@${host}:${port}`,
  },
  mongodb: {
    variable: 'AURA_MONGODB_IMAGE',
    fallback: 'mongo:8.0',
    port: 27017,
    command: [],
    url: (host, port) => `mongodb://${host}:${port}/?directConnection=true`,
  },
  redis: {
    variable: 'AURA_REDIS_IMAGE',
    fallback: 'redis:7.4',
    port: 6379,
    command: [
      ...'redis-server --appendonly no --maxmemory-policy noeviction --protected-mode no --save'.split(' '),
      '',
    ],
    url: (host, port) => `redis://${host}:${port}/0`,
  },
};

async function library() {
  // Its reaper would remove the containers when this command ends; ours outlive it and are removed by `servers:down`.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  return import('testcontainers');
}

/** The connection to a Docker daemon; undefined when none answers. */
export async function dockerClient(): Promise<ContainerRuntimeClient | undefined> {
  const { getContainerRuntimeClient } = await library();
  return getContainerRuntimeClient().catch(() => undefined);
}

/** Starts a container on a fixed port of the host, so that its URL stays when it is restarted. */
export async function startContainer(
  client: ContainerRuntimeClient,
  name: ServerName,
  say: Say,
): Promise<DockerServer> {
  const image = IMAGES[name];
  const tag = process.env[image.variable] ?? image.fallback;
  say(`${name}: starting a container of ${tag}`);
  const { GenericContainer } = await library();
  const [host = 0] = await freePorts(1);
  const container = new GenericContainer(tag).withExposedPorts({ container: image.port, host });
  const started = await (
    image.command.length > 0 ? container.withCommand([...image.command]) : container
  ).start();
  const containerId = started.getId();
  return {
    name,
    how: 'docker',
    containerId,
    url: image.url(client.info.containerRuntime.host, host),
    settings: name === 'rabbitmq' ? { AURA_RABBITMQ_CONTAINER: containerId } : {},
  };
}
