import { join } from 'node:path';
import { closeInOrder } from '@aura/kernel';
import { Authenticator, environmentOf, processTelemetry, readSettings, ServerConnections } from '@aura/nest';
import type { AuraRuntime, GivenSettings, ProcessTelling, StartedProcess } from '@aura/nest';
import { startCoordinator } from '@aura/saga';
import type { CoordinatorOptions, RunningCoordinator } from '@aura/saga';
import type { Telemetry } from '@aura/telemetry';
import type { z } from 'zod';
import { BuiltInDefinitions, builtInFolder } from './built-in-definitions';
import { CoordinatorDoor } from './coordinator-door';
import type { CoordinatorDoorOptions } from './coordinator-door';
import { keepExamples } from './keep-examples';
import { coordinatorSettings } from './settings';

/** How a coordinator with its HTTP door is started. */
export interface CoordinatorProcessOptions extends CoordinatorDoorOptions {
  readonly settings?: Partial<CoordinatorOptions>;
}

/** A coordinator that serves HTTP. */
export interface CoordinatorProcess {
  readonly url: string;
  readonly coordinator: RunningCoordinator;
  /** Closes the door, then gives the partitions back. The runtime stays open. */
  stop(): Promise<void>;
}

/** Starts a coordinator on a runtime: HTTP, tracking, built-in definitions. */
export async function startCoordinatorProcess(
  runtime: AuraRuntime,
  options: CoordinatorProcessOptions,
): Promise<CoordinatorProcess> {
  const door = await CoordinatorDoor.open(runtime, options);
  return startBehind(door, runtime, options);
}

/**
 * Runs a coordinator on servers: reads its settings, opens its door, waits for its servers, takes up work. `signal` ends
 * the waiting. Errors: `UnsafeSetupError` for settings, port and servers that must be mended first.
 */
export async function startCoordinatorOnServers(
  given: GivenSettings,
  { signal, out }: { readonly signal: AbortSignal } & Pick<ProcessTelling, 'out'>,
): Promise<StartedProcess> {
  const settings = readSettings('coordinator', coordinatorSettings, given);
  const environment = environmentOf(settings, 'coordinator');
  const telemetry = processTelemetry('coordinator', environment.instance, {
    env: given.env,
    ...(out === undefined ? {} : { out }),
  });
  const { meter } = telemetry;
  const connections = new ServerConnections(environment, telemetry.log, { service: 'coordinator', meter });
  const options = optionsOf(settings, telemetry);
  const dependencies = () => connections.dependencies();
  const { instance } = environment;
  const door = await CoordinatorDoor.open({ mode: 'servers', instance, dependencies }, options);
  const runtime = await orClose(connections.open(signal), () => door.close());
  const running = await orClose(startBehind(door, runtime, options), () => runtime.close());
  return {
    ready: `coordinator ready at ${running.url}`,
    url: running.url,
    stop: () => closeInOrder([() => running.stop(), () => runtime.close(), () => telemetry.close()]),
  };
}

function optionsOf(
  settings: z.output<typeof coordinatorSettings>,
  { log, metrics }: Pick<Telemetry, 'log' | 'metrics'>,
): CoordinatorProcessOptions {
  return {
    port: settings.PORT,
    host: settings.AURA_HOST,
    whenBusy: 'refuse',
    authenticator: Authenticator.of(settings),
    metrics: { page: () => metrics() },
    http: {
      bodyBytes: settings.AURA_BODY_BYTES,
      imageBytes: settings.AURA_IMAGE_BYTES,
      maxFeeds: settings.AURA_MAX_FEEDS,
      origins: settings.AURA_ORIGINS,
    },
    settings: { partitions: settings.AURA_PARTITIONS, mostOpenSagas: settings.AURA_MOST_OPEN_SAGAS },
    log: (line) => log.warn(line),
  };
}

async function startBehind(
  door: CoordinatorDoor,
  runtime: AuraRuntime,
  options: CoordinatorProcessOptions,
): Promise<CoordinatorProcess> {
  const { bus, leases, world, log, meter, instance, claims } = runtime;
  const stores = await orClose(runtime.stores('coordinator'), () => door.close());
  const starting = startCoordinator(
    { ...stores, bus, leases, claims, world, log, meter },
    { ...options.settings, instance: `coordinator@${instance}` },
  );
  const coordinator = await orClose(starting, () => door.close());
  const definitions = new BuiltInDefinitions(coordinator, world, options.log);
  await keepExamples(claims, join(builtInFolder(), 'examples'));
  await definitions.start(builtInFolder());
  const { journal } = stores;
  door.serve({ coordinator, journal, runtime, pending: (id) => definitions.pending(id) });
  return {
    url: door.url,
    coordinator,
    stop: () => closeInOrder([() => definitions.stop(), () => door.close(), () => coordinator.stop()]),
  };
}

/** What was opened for something that fails is closed. */
async function orClose<T>(opening: Promise<T>, close: () => Promise<void>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    await close();
    throw error;
  }
}
