import type { Cancel } from '@aura/kernel';
import type { Consumer, EventBus, OutboundMessage } from '@aura/messaging';
import type { AuraRuntime } from '@aura/nest';

/** A runtime whose user can die as a process does: between any two effects, without a goodbye. */
export interface Mortal {
  readonly runtime: AuraRuntime;
  /** From now on nothing that is published leaves the process; nobody is told. */
  hush(): void;
  /** No timer fires, nothing is published, and the deliveries in hand go back to their queues. */
  die(): Promise<void>;
}

/** Makes a mortal one out of a runtime, which itself lives on. */
export function mortal(runtime: AuraRuntime): Mortal {
  const consumers: Consumer[] = [];
  let isHushed = false;
  let isDead = false;
  const { bus, world } = runtime;
  const own: EventBus = {
    publish: (messages: readonly OutboundMessage[]) => (isHushed ? never() : bus.publish(messages)),
    declareQueue: (declaration) => bus.declareQueue(declaration),
    bind: (bindings) => bus.bind(bindings),
    unbind: (bindings) => bus.unbind(bindings),
    depth: (queue) => bus.depth(queue),
    health: () => bus.health(),
    onHealth: (listener) => bus.onHealth(listener),
    close: () => Promise.resolve(),
    consume: async (request) => {
      const consumer = await bus.consume(request);
      consumers.push(consumer);
      return consumer;
    },
  };
  const timers = new Set<Cancel>();
  const after: typeof world.scheduler.after = (delayMs, task) => {
    if (isDead) return () => undefined;
    const cancel = world.scheduler.after(delayMs, () => {
      timers.delete(cancel);
      task();
    });
    timers.add(cancel);
    return () => {
      timers.delete(cancel);
      cancel();
    };
  };
  return {
    runtime: { ...runtime, bus: own, world: { ...world, scheduler: { after } } },
    hush: () => {
      isHushed = true;
    },
    die: async () => {
      isHushed = true;
      isDead = true;
      for (const cancel of timers) cancel();
      await Promise.all(consumers.map((consumer) => consumer.stop(0)));
    },
  };
}

/** An answer that never comes. One for each asker: what waits for a shared one is never forgotten. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
