import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Delivery } from '@aura/messaging';
import { eventOf, until, watch } from '../testing/bus-watch';
import { EmbeddedHarness } from '../testing/embedded-harness';

const MESSAGES = 200_000;
const BATCH = 500;
/** What the window of a queue may take, with room for the noise of a test run. */
const HEAP_BOUND = 48 * 1024 * 1024;
const PADDING = 'x'.repeat(200);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe('a fast producer and a consumer that stands still', () => {
  it('memory stays bounded over 200,000 messages, and each comes once, in order, when it goes on', async () => {
    const harness = await EmbeddedHarness.open();
    const { bus } = harness.embedded;
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const held: Delivery[] = [];
    const seen = new Uint8Array(MESSAGES);
    let count = 0;
    let misplaced = 0;
    let isStalled = true;
    const take = (delivery: Delivery) => {
      if (isStalled) held.push(delivery);
      else {
        const n = delivery.event.ok ? Number(delivery.event.value.id) : -1;
        if (n !== count) misplaced += 1;
        seen[n] = (seen[n] ?? 0) + 1;
        count += 1;
        delivery.ack();
      }
    };
    const before = heap();
    await bus.consume({ queue: 'q', prefetch: 100, handle: (deliveries) => deliveries.forEach(take) });
    for (let first = 0; first < MESSAGES; first += BATCH) {
      const ids = Array.from({ length: BATCH }, (_, i) => String(first + i));
      await bus.publish(
        ids.map((id) => ({ event: eventOf(id, PADDING), to: [{ kind: 'queue', queue: 'q' }] })),
      );
    }
    expect(held).toHaveLength(100);
    expect(await bus.depth('q')).toBe(MESSAGES);
    expect(heap() - before).toBeLessThan(HEAP_BOUND);
    isStalled = false;
    held.splice(0).forEach(take);
    await until(() => count >= MESSAGES, 'all messages', 90_000);
    expect(heap() - before).toBeLessThan(HEAP_BOUND);
    expect([count, misplaced, seen.every((times) => times === 1)]).toEqual([MESSAGES, 0, true]);
    expect(await bus.depth('q')).toBe(0);
    await harness.close();
  }, 180_000);

  it('a window by bytes: large messages wait in the file', async () => {
    const harness = await EmbeddedHarness.open();
    const { bus } = harness.embedded;
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const large = 'y'.repeat(512 * 1024);
    const before = heap();
    for (let n = 0; n < 200; n++) {
      await bus.publish([{ event: eventOf(String(n), large), to: [{ kind: 'queue', queue: 'q' }] }]);
    }
    expect(heap() - before).toBeLessThan(HEAP_BOUND);
    const { deliveries } = await watch(bus, 'q', 4, (delivery) => delivery.ack());
    await until(() => deliveries.length === 200, 'all', 40_000);
    await harness.close();
  }, 60_000);
});
