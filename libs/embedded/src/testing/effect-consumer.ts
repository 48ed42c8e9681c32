import type { Journal } from '@aura/kernel';
import type { Consumer, Delivery, EventBus } from '@aura/messaging';
import { idOf } from './bus-watch';

/** Stream in which every event of the queue leaves one row. */
export const EFFECTS = 'effects';

/**
 * Consumes a queue as a participant would: asks the journal, appends the effect once, acks behind it. Writes of one
 * stream go one after the other. `onEffect` hears of each event whose effect stands.
 */
export async function consumeOnce(
  bus: EventBus,
  journal: Journal,
  queue: string,
  onEffect: (id: string) => void,
): Promise<Consumer> {
  let head = await journal.head(EFFECTS);
  let last: Promise<void> = Promise.resolve();
  const take = async (delivery: Delivery): Promise<void> => {
    const id = idOf(delivery);
    if (!(await journal.findOperation(EFFECTS, id))) {
      const row = {
        stream: EFFECTS,
        seq: head + 1,
        at: head,
        operations: [id],
        body: JSON.stringify({ id }),
      };
      const [result] = await journal.append([row]);
      if (result !== 'appended') throw new Error(`the effect of ${id} met ${result}`);
      head += 1;
    }
    onEffect(id);
    delivery.ack();
  };
  return bus.consume({
    queue,
    prefetch: 20,
    handle: (deliveries) => {
      for (const delivery of deliveries) last = last.then(() => take(delivery));
    },
  });
}
