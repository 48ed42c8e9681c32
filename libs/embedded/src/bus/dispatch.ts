import type { EmbeddedQueue, QueueConsumer } from './embedded-queue';
import type { Unit } from './unit';

/** Shares what waits in a queue among its consumers, in turn, as far as they have room; a suspect stops it. */
export function dispatch(queue: EmbeddedQueue): void {
  while (queue.next === 'plain') {
    const consumer = chosen(queue.consumers, false);
    const unit = consumer && queue.take();
    if (!unit) return;
    consumer.take(unit);
  }
}

/**
 * Hands a suspect that waits in a queue to a consumer that has nothing in hand; answers it. Until there is such a
 * consumer, everything behind the suspect waits.
 */
export function dispatchSuspect(queue: EmbeddedQueue): Unit | undefined {
  if (queue.next !== 'suspect') return undefined;
  const consumer = chosen(queue.consumers, true);
  const unit = consumer && queue.take();
  if (unit) consumer.take(unit);
  return unit;
}

/** The first consumer that can take one; it goes to the end of the line. */
function chosen(line: QueueConsumer[], alone: boolean): QueueConsumer | undefined {
  const index = line.findIndex((consumer) => consumer.room > 0 && (!alone || consumer.isIdle));
  const [consumer] = index < 0 ? [] : line.length === 1 ? line : line.splice(index, 1);
  if (consumer && line[0] !== consumer) line.push(consumer);
  return consumer;
}
