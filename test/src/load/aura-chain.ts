import { sagaCompleted } from '@aura/contracts';
import { openEmbeddedRuntime, openServerRuntime, serverEnvironment } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { startCoordinator } from '@aura/saga';
import type { RunningCoordinator } from '@aura/saga';
import { startParticipant } from '@aura/workflow';
import type { ParticipantDefinition } from '@aura/workflow';
import { activateDefinition } from './activate-definition';
import { chainDefinition, HOPS } from './chain-definition';
import { driveWorkflow } from './drive-workflow';
import { hopParticipant } from './hop-participant';
import type { RunSaga } from './measure';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Opens what a process of the bench runs on: servers when their URLs are given, else a folder. */
export function openRuntime(
  where: { readonly folder: string } | { readonly prefix: string; readonly name: string },
  tell: (line: string) => void = say,
): Promise<AuraRuntime> {
  if ('folder' in where) return openEmbeddedRuntime({ dataDir: where.folder, log: tell });
  const env = { ...process.env, AURA_PREFIX: where.prefix, AURA_INSTANCE: where.name };
  return openServerRuntime(serverEnvironment(env, where.name), tell);
}

/** Starts the participant of one hop. */
export function startHop(runtime: AuraRuntime, n: number): Promise<() => Promise<void>> {
  return startOne(runtime, hopParticipant(n));
}

/** Starts a participant with stores of its own; answers how to stop it. */
export async function startOne(
  runtime: AuraRuntime,
  definition: ParticipantDefinition,
): Promise<() => Promise<void>> {
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
  await activateDefinition(coordinator, chainDefinition(kind), `bench_${kind}.json`);
}

/** The driver of the chain: its sagas complete. */
export async function driveAura(
  runtime: AuraRuntime,
  coordinator: RunningCoordinator,
  kind: 'pure' | 'stateful',
): Promise<RunSaga> {
  const workflow = `bench_${kind}`;
  return driveWorkflow(runtime, coordinator, { workflow, endsWith: sagaCompleted.type });
}

/** All hops in this process. */
export async function startAllHops(runtime: AuraRuntime): Promise<readonly (() => Promise<void>)[]> {
  return Promise.all(Array.from({ length: HOPS }, (_, n) => startHop(runtime, n + 1)));
}
