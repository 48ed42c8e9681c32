import {
  sagaCancelled,
  sagaCompensated,
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaSuspended,
} from '@aura/contracts';
import { openEmbeddedRuntime, openServerRuntime, serverEnvironment } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import type { Delivery } from '@aura/messaging';
import { startCoordinator } from '@aura/saga';
import type { RunningCoordinator } from '@aura/saga';
import { startParticipant } from '@aura/workflow';
import { setTimeout as delay } from 'node:timers/promises';
import { chainDefinition, HOPS } from './chain-definition';
import { hopParticipant } from './hop-participant';
import type { RunSaga } from './measure';

/** What the driver listens to: how sagas end, or stop. */
const ENDS = [
  sagaCompleted,
  sagaFailed,
  sagaCompensated,
  sagaCompensationFailed,
  sagaCancelled,
  sagaSuspended,
];
const BY_BENCH = { subject: 'bench', roles: [] } as const;
const ACTIVE_WITHIN_MS = 60_000;

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Opens what a process of the bench runs on: servers when their URLs are given, else a folder. */
export function openRuntime(
  where: { readonly folder: string } | { readonly prefix: string; readonly name: string },
): Promise<AuraRuntime> {
  if ('folder' in where) return openEmbeddedRuntime({ dataDir: where.folder, log: tell });
  const env = { ...process.env, AURA_PREFIX: where.prefix, AURA_INSTANCE: where.name };
  return openServerRuntime(serverEnvironment(env, where.name), tell);
}

/** Starts the participant of one hop. */
export async function startHop(runtime: AuraRuntime, n: number): Promise<() => Promise<void>> {
  const definition = hopParticipant(n);
  const stores = await runtime.stores(definition.name);
  const { bus, claims, world, log, instance } = runtime;
  const running = await startParticipant(
    definition,
    { ...stores, bus, claims, world, log },
    { instance: `${definition.name}@${instance}` },
  );
  return () => running.stop(2000);
}

/** Starts a coordinator that tracks everything. */
export async function startTracking(runtime: AuraRuntime): Promise<RunningCoordinator> {
  const stores = await runtime.stores('coordinator');
  const { bus, claims, leases, world, log, instance } = runtime;
  return startCoordinator(
    { ...stores, bus, claims, leases, world, log },
    { instance: `coordinator@${instance}` },
  );
}

/** Publishes the chain's definition and waits until it is active. */
export async function activate(coordinator: RunningCoordinator, kind: 'pure' | 'stateful'): Promise<void> {
  const deadline = Date.now() + ACTIVE_WITHIN_MS;
  for (;;) {
    const published = await coordinator.publishDefinition(
      chainDefinition(kind),
      `bench_${kind}.json`,
      BY_BENCH,
    );
    if (published.ok && published.value.status === 'active') return;
    if (Date.now() > deadline)
      throw new Error(
        `the chain did not become active: ${JSON.stringify(published.ok ? published.value.waitsFor : published.error)}`,
      );
    await delay(100);
  }
}

/** The driver: starts sagas at the coordinator and sees their completion as any subscriber would. */
export async function driveAura(
  runtime: AuraRuntime,
  coordinator: RunningCoordinator,
  kind: 'pure' | 'stateful',
): Promise<RunSaga> {
  const waiting = new Map<string, () => void>();
  const early = new Set<string>();
  const queue = `bench.driver.${runtime.instance}`;
  const workflow = `bench_${kind}`;
  await runtime.bus.declareQueue({ queue, kind: 'subscriber' });
  await runtime.bus.bind(
    ENDS.map(({ type }) => ({ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: `${type}.${workflow}` })),
  );
  const onEnd = (delivery: Delivery): void => {
    delivery.ack();
    if (!delivery.event.ok) throw new Error(delivery.event.error.message);
    const { type, correlationid = '' } = delivery.event.value;
    if (type !== sagaCompleted.type) throw new Error(`a saga of the bench ended otherwise: ${type}`);
    const resolve = waiting.get(correlationid);
    if (resolve === undefined) early.add(correlationid);
    else resolve();
    waiting.delete(correlationid);
  };
  await runtime.bus.consume({ queue, prefetch: 2000, handle: (deliveries) => deliveries.forEach(onEnd) });
  return async (payload) => {
    const started = await coordinator.start({ workflow, input: { payload }, actor: BY_BENCH });
    if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
    const { sagaId } = started.value;
    if (early.delete(sagaId)) return;
    await new Promise<void>((resolve) => waiting.set(sagaId, resolve));
  };
}

/** All hops in this process. */
export async function startAllHops(runtime: AuraRuntime): Promise<readonly (() => Promise<void>)[]> {
  return Promise.all(Array.from({ length: HOPS }, (_, n) => startHop(runtime, n + 1)));
}
