import type { EmbeddedQueue, QueueConsumer } from './embedded-queue';

/**
 * Shares what waits in a queue among its consumers, in turn, as far as they have room. What may be what kills
 * consumers goes to one that has nothing in hand; until there is one, everything behind it waits.
 */
export function dispatch(queue: EmbeddedQueue): void {
  for (let next = queue.next; next !== undefined; next = queue.next) {
    const consumer = chosen(queue.consumers, next === 'suspect');
    const unit = consumer && queue.take();
    if (!unit) return;
    consumer.take(unit);
  }
}

/** The first consumer that can take one; it goes to the end of the line. */
function chosen(line: QueueConsumer[], alone: boolean): QueueConsumer | undefined {
  const index = line.findIndex((consumer) => consumer.room > 0 && (!alone || consumer.isIdle));
  const [consumer] = index < 0 ? [] : line.length === 1 ? line : line.splice(index, 1);
  if (consumer && line[0] !== consumer) line.push(consumer);
  return consumer;
}
