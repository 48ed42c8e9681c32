import { NO_METER } from '@aura/kernel';
import { openServerRuntime, serverEnvironment } from '@aura/nest';
import { composeAura } from './compose';
import type { ComposeOptions, RunningAura } from './compose';
import { withStoredServers } from './processes/stored-servers';

/** How an Aura on servers is started. */
export interface ServerAuraOptions extends ComposeOptions {
  /** The environment; what it does not name is taken from `.aura/servers.env` in the working directory. */
  readonly env: NodeJS.ProcessEnv;
}

/** Starts coordinator and services in this process, on RabbitMQ, MongoDB and Redis. */
export async function startOnServers(options: ServerAuraOptions): Promise<RunningAura> {
  const environment = serverEnvironment(withStoredServers(options.env), 'aura');
  const { telemetry } = options;
  const { log, meter } = telemetry ?? { log: options.log ?? (() => undefined), meter: NO_METER };
  const runtime = await openServerRuntime(environment, log, { meter });
  return composeAura(runtime, options);
}
