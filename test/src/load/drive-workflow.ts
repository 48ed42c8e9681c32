import {
  sagaCancelled,
  sagaCompensated,
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaSuspended,
} from '@aura/contracts';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import type { Delivery } from '@aura/messaging';
import type { AuraRuntime } from '@aura/nest';
import type { RunningCoordinator } from '@aura/saga';
import { BY_BENCH } from './bench-actor';
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

/** What sagas are started of, and the type of the event that each has to end with. */
export interface Driven {
  readonly workflow: string;
  readonly endsWith: string;
}

/** Starts sagas at the coordinator and sees their ends as any subscriber would. */
export async function driveWorkflow(
  runtime: AuraRuntime,
  coordinator: RunningCoordinator,
  { workflow, endsWith }: Driven,
): Promise<RunSaga> {
  const waiting = new Map<string, () => void>();
  const early = new Set<string>();
  const queue = `bench.driver.${runtime.instance}`;
  await runtime.bus.declareQueue({ queue, kind: 'subscriber' });
  await runtime.bus.bind(
    ENDS.map(({ type }) => ({ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: `${type}.${workflow}` })),
  );
  const onEnd = (delivery: Delivery): void => {
    delivery.ack();
    if (!delivery.event.ok) throw new Error(delivery.event.error.message);
    const { type, correlationid = '' } = delivery.event.value;
    if (type !== endsWith) throw new Error(`a saga of the bench ended otherwise: ${type}`);
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
