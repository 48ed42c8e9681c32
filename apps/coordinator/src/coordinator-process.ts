import type { HealthAnswer } from '@aura/contracts';
import { runtimeModule } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { startCoordinator } from '@aura/saga';
import type { CoordinatorOptions, RunningCoordinator } from '@aura/saga';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { BuiltInDefinitions, builtInFolder } from './built-in-definitions';
import { createHttpApp, httpModule, listen } from './http';

/** Version of Aura, as its health tells it. */
const VERSION = '0.1.0';

/** How a coordinator with its HTTP door is started. */
export interface CoordinatorProcessOptions {
  /** 0: any free port. A busy one moves. */
  readonly port: number;
  readonly host?: string;
  readonly log: (line: string) => void;
  readonly settings?: Partial<CoordinatorOptions>;
}

/** A coordinator that serves HTTP. */
export interface CoordinatorProcess {
  readonly url: string;
  readonly coordinator: RunningCoordinator;
  /** Closes the door, then gives the partitions back. The runtime stays open. */
  stop(): Promise<void>;
}

@Module({})
class CoordinatorModule {}

/** Starts a coordinator on a runtime: tracking, built-in definitions, HTTP. */
export async function startCoordinatorProcess(
  runtime: AuraRuntime,
  options: CoordinatorProcessOptions,
): Promise<CoordinatorProcess> {
  const { bus, leases, world, log, instance, claims } = runtime;
  const stores = await runtime.stores('coordinator');
  const coordinator = await startCoordinator(
    { ...stores, bus, leases, claims, world, log },
    { ...options.settings, instance: `coordinator@${instance}` },
  );
  const definitions = new BuiltInDefinitions(coordinator, world, options.log);
  const health = (): HealthAnswer => healthOf(runtime, coordinator);
  const root: DynamicModule = {
    module: CoordinatorModule,
    imports: [
      runtimeModule(runtime),
      httpModule({ coordinator, claims, health, pending: (id) => definitions.pending(id), log: options.log }),
    ],
  };
  const app = await createHttpApp(root, { log: options.log });
  const url = await listen(app, {
    port: options.port,
    log: options.log,
    ...(options.host === undefined ? {} : { host: options.host }),
  });
  await definitions.start(builtInFolder());
  return {
    url,
    coordinator,
    stop: async () => {
      await definitions.stop();
      await app.close();
      await coordinator.stop();
    },
  };
}

function healthOf({ bus, mode, instance }: AuraRuntime, coordinator: RunningCoordinator): HealthAnswer {
  const { status, reason, withoutConsumer } = bus.health();
  const reasons = [
    ...(reason === undefined ? [] : [reason]),
    ...withoutConsumer.map((queue) => `queue ${queue} has no consumer`),
  ];
  const isOk = status === 'up' && withoutConsumer.length === 0;
  return {
    status: isOk ? 'ok' : 'degraded',
    version: VERSION,
    instance,
    mode,
    bus: status,
    reasons,
    participants: [...coordinator.participants()],
  };
}
