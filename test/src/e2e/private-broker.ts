import { ownServer, rabbitmqctl, serversEnvironment } from '@aura/servers';
import { randomBytes } from 'node:crypto';
import { once } from './once';

/** A RabbitMQ in which nobody else has exchanges or queues. */
export interface PrivateBroker {
  readonly url: string;
  /** Shows every message that is published, on the exchange `amq.rabbitmq.trace` under `publish.<exchange>`. */
  trace(): Promise<void>;
  /** Closes every connection, as a broken network would. */
  cut(): Promise<void>;
  /** Ends it, once and for all. */
  remove(): Promise<void>;
}

/**
 * A virtual host on the shared broker, when it may be administered (2 s); else a broker of its own (5 s). Names of
 * exchanges and queues are the same in every installation of Aura, so that two of them cannot share one.
 */
export async function privateBroker(): Promise<PrivateBroker> {
  const environment = serversEnvironment() ?? {};
  const { AURA_RABBITMQ_URL, AURA_RABBITMQCTL, AURA_RABBITMQ_CONTAINER } = environment;
  const mayBeAdministered = (AURA_RABBITMQCTL ?? AURA_RABBITMQ_CONTAINER) !== undefined;
  return AURA_RABBITMQ_URL === undefined || !mayBeAdministered ? ownBroker() : virtualHost(environment);
}

/** A virtual host of its own on the broker that an environment describes. Errors: who may not administer it. */
export async function virtualHost(environment: Readonly<Record<string, string>>): Promise<PrivateBroker> {
  const name = `aura-e2e-${randomBytes(4).toString('hex')}`;
  const { username, host, protocol, password } = new URL(environment['AURA_RABBITMQ_URL'] ?? '');
  await rabbitmqctl(['add_vhost', name], environment);
  await rabbitmqctl(['set_permissions', '-p', name, username, '.*', '.*', '.*'], environment);
  return {
    url: `${protocol}//${username}:${password}@${host}/${name}`,
    trace: async () => void (await rabbitmqctl(['trace_on', '-p', name], environment)),
    cut: async () =>
      void (await rabbitmqctl(['close_all_connections', '--vhost', name, 'cut by a test'], environment)),
    remove: once(async () => void (await rabbitmqctl(['delete_vhost', name], environment))),
  };
}

async function ownBroker(): Promise<PrivateBroker> {
  const server = await ownServer('rabbitmq');
  return {
    url: server.url,
    trace: async () => void (await rabbitmqctl(['trace_on'], server.environment)),
    cut: async () => void (await rabbitmqctl(['close_all_connections', 'cut by a test'], server.environment)),
    remove: once(() => server.remove()),
  };
}
