import type { CloudEvent } from '@aura/contracts';
import type { Consumer, Delivery, EventBus } from '@aura/messaging';

/** A small valid event. */
export function eventOf(id: string, data: string = id): CloudEvent {
  return { specversion: '1.0', id, source: '/spec', type: 'spec.thing.happened.v1', data };
}

/** Publishes events into a queue, all in one call. */
export function send(bus: EventBus, queue: string, ids: readonly string[]): Promise<void> {
  return bus.publish(ids.map((id) => ({ event: eventOf(id), to: [{ kind: 'queue', queue }] })));
}

/** Id of a delivery's event. */
export function idOf({ event }: Delivery): string {
  return event.ok ? event.value.id : event.error.code;
}

/** Waits until a condition holds, at most `limitMs`; default 20 s. */
export async function until(holds: () => boolean, what: string, limitMs = 20_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Consumes a queue, keeps what comes, settles it when `onDelivery` does. */
export async function watch(
  bus: EventBus,
  queue: string,
  prefetch: number,
  onDelivery: (delivery: Delivery) => void = () => undefined,
): Promise<{ readonly deliveries: readonly Delivery[]; readonly consumer: Consumer }> {
  const deliveries: Delivery[] = [];
  const consumer = await bus.consume({
    queue,
    prefetch,
    handle: (batch) => {
      deliveries.push(...batch);
      batch.forEach(onDelivery);
    },
  });
  return { deliveries, consumer };
}
