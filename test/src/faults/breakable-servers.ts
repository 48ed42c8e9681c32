import { TcpProxy } from '@aura/amqp/testing';
import {
  killOne,
  ownServer,
  SERVER_NAMES,
  ServersError,
  serversDown,
  serversEnvironment,
  serversFolder,
  serversStatus,
  serversUp,
  startOne,
  stopOne,
} from '@aura/servers';
import type { ServerName } from '@aura/servers';
import { closeAll } from '../e2e/close-all';

/** A server that may be broken. */
export interface BreakableServer {
  /** Straight to it. */
  readonly url: string;
  /** Through a proxy that can cut connections. */
  readonly throughProxy: string;
  /** What `rabbitmqctl` must know. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Cuts every connection that goes through the proxy. */
  cut(): void;
}

/** RabbitMQ, MongoDB and Redis that nobody minds being broken, each behind a proxy. */
export interface BreakableServers extends Readonly<Record<ServerName, BreakableServer>> {
  close(): Promise<void>;
}

type Broken = Omit<BreakableServer, 'throughProxy' | 'cut'>;

/** Servers that nobody else has, with data of their own. */
export async function ownBreakableServers(): Promise<BreakableServers> {
  const all = await Promise.all(SERVER_NAMES.map((name) => ownServer(name)));
  const [rabbitmq, mongodb, redis] = all;
  if (rabbitmq === undefined || mongodb === undefined || redis === undefined)
    throw new TypeError('a server is missing');
  return behindProxies({ rabbitmq, mongodb, redis }, async () => {
    await closeAll(all.map((server) => () => server.remove()));
  });
}

/**
 * The servers of this checkout; those that are not there are started, and ended again. Errors: a server that was given by
 * its URL, which is not ours to break.
 */
export async function breakableServersOfCheckout(say: (line: string) => void): Promise<BreakableServers> {
  const folder = serversFolder();
  const areThere = (await serversStatus(folder)).every(({ record }) => record !== undefined);
  const records = await serversUp(folder, say);
  const given = records.filter(({ how }) => how === 'url').map(({ name }) => name);
  if (given.length > 0)
    throw new ServersError(
      `A fault run breaks its servers, and ${given.join(', ')} was given by its URL.`,
      'Take the AURA_*_URL out of the environment, or let AURA_SERVERS_DIR name a folder of their own.',
    );
  const one = (name: ServerName): Broken => ({
    url: records.find((record) => record.name === name)?.url ?? '',
    environment: serversEnvironment(folder) ?? {},
    stop: () => stopOne(folder, name),
    kill: () => killOne(folder, name),
    start: async () => void (await startOne(folder, name)),
  });
  return behindProxies({ rabbitmq: one('rabbitmq'), mongodb: one('mongodb'), redis: one('redis') }, () =>
    areThere ? Promise.resolve() : serversDown(folder, say),
  );
}

async function behindProxies(
  servers: Readonly<Record<ServerName, Broken>>,
  remove: () => Promise<void>,
): Promise<BreakableServers> {
  const proxies: TcpProxy[] = [];
  const behind = async ({ url, environment, ...act }: Broken): Promise<BreakableServer> => {
    const proxy = await TcpProxy.open(url);
    proxies.push(proxy);
    return {
      ...{ url, environment, throughProxy: proxy.through(url) },
      stop: () => act.stop(),
      kill: () => act.kill(),
      start: () => act.start(),
      cut: () => proxy.cut(),
    };
  };
  return {
    rabbitmq: await behind(servers.rabbitmq),
    mongodb: await behind(servers.mongodb),
    redis: await behind(servers.redis),
    close: () => closeAll([...proxies.map((proxy) => () => proxy.close()), remove]),
  };
}
