import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthAnswer } from '@aura/contracts';
import { healthModule, openEmbeddedRuntime, type AuraRuntime } from '@aura/nest';
import { startCoordinator, type CoordinatorOptions, type RunningCoordinator } from '@aura/saga';
import { PrometheusMeter } from '@aura/telemetry';
import { startParticipant } from '@aura/workflow';
import { Module } from '@nestjs/common';
import { createHttpApp } from '../http-app';
import type { HttpDependencies } from '../http-dependencies';
import { httpModule } from '../http-module';
import { listen } from '@aura/nest';
import type { RouteTable } from '../route-table';
import { Gate, greeter } from './greeter';

/** The HTTP door of a real coordinator, with one participant, on a runtime. */
export interface RealDoor {
  readonly url: string;
  readonly runtime: AuraRuntime;
  readonly coordinator: RunningCoordinator;
  /** What the participant's `ponder` waits for; closed at first. */
  readonly gate: Gate;
  /** Every route of the server. */
  readonly routes: RouteTable;
  /** What the process would have logged. */
  readonly lines: readonly string[];
  /** Ends the participant, as if its process were stopped. */
  dismiss(): Promise<void>;
  /** Begins the participant again. */
  call(): Promise<void>;
  close(): Promise<void>;
}

/** How a door of a test differs from the usual one. */
export interface RealDoorOptions extends Pick<HttpDependencies, 'settings' | 'identify'> {
  readonly coordinator?: Partial<CoordinatorOptions>;
  /** Default: embedded, in a folder of its own. Closed with the door. */
  readonly runtime?: (log: (line: string) => void) => Promise<AuraRuntime>;
}

@Module({})
class DoorModule {}

/** Opens a real door on a free port. */
export async function openRealDoor(options: RealDoorOptions = {}): Promise<RealDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'aura-door-'));
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const openRuntime = options.runtime ?? ((tell) => openEmbeddedRuntime({ dataDir: folder, log: tell }));
  const runtime = await openRuntime(log);
  const { bus, leases, world, claims } = runtime;
  const ports = { bus, leases, world, claims, log: runtime.log };
  const coordinator = await startCoordinator(
    { ...(await runtime.stores('coordinator')), ...ports },
    { ...options.coordinator, instance: 'coordinator@door' },
  );
  const { settings = {}, identify } = options;
  const door = httpModule({
    coordinator,
    claims,
    health: () => healthOf(runtime, coordinator),
    log,
    settings,
    ...(identify === undefined ? {} : { identify }),
  });
  const source = {
    service: 'coordinator',
    version: '0.1.0',
    instance: runtime.instance,
    dependencies: () => [],
  };
  const root = { module: DoorModule, imports: [healthModule(source, new PrometheusMeter()), door] };
  let routes: RouteTable = new Map();
  const app = await createHttpApp(root, { settings, log, onRoutes: (table) => (routes = table) });
  const url = await listen(app, { port: 0, log });
  const gate = new Gate();
  const stores = await runtime.stores('greeter');
  const begin = () => startParticipant(greeter(gate), { ...stores, ...ports }, { instance: 'greeter@door' });
  let participant = await begin();
  const close = async (): Promise<void> => {
    gate.open();
    await app.close();
    await participant.stop(1000);
    await coordinator.stop();
    await runtime.close();
    await rm(folder, { recursive: true });
  };
  return {
    url,
    runtime,
    coordinator,
    gate,
    routes,
    lines,
    dismiss: () => participant.stop(1000),
    call: async () => {
      participant = await begin();
    },
    close,
  };
}

/** Publishes a definition as soon as its participant is known, and waits until it takes sagas. */
export async function activate({ coordinator }: RealDoor, text: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const actor = { subject: 'tester', roles: [] };
    const published = await coordinator.publishDefinition(text, 'test.yaml', actor);
    if (published.ok && published.value.status === 'active') return;
    if (performance.now() > deadline) throw new Error(`not active: ${JSON.stringify(published)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function healthOf({ bus, instance, mode }: AuraRuntime, coordinator: RunningCoordinator): HealthAnswer {
  return {
    status: 'ok',
    version: '0.1.0',
    instance,
    mode,
    bus: bus.health().status,
    reasons: [],
    participants: [...coordinator.participants()],
  };
}
