import type { BusHealth, Delivery } from '@aura/messaging';
import { integer, one } from '../sqlite/columns';
import { EmbeddedStore } from '../store/embedded-store';
import { systemWorld } from '../system-world';
import { eventOf, idOf, send, until, watch } from '../testing/bus-watch';
import { TemporaryFolder } from '../testing/temporary-folder';
import { Broker } from './broker';
import { BusStanding } from './bus-standing';
import { EmbeddedBus } from './embedded-bus';

describe('a bus whose disk is full', () => {
  const folder = new TemporaryFolder();
  const store = EmbeddedStore.open(folder.file);
  const standing = new BusStanding();
  const broker = new Broker(store, systemWorld(), 100, (error) => standing.note(error));
  const bus = new EmbeddedBus(broker, standing);

  const fill = (free: number) => {
    const pages = integer(one(store.database.prepare('PRAGMA page_count')) ?? {}, 'page_count');
    store.database.exec(`PRAGMA max_page_count = ${pages + free}`);
  };

  afterAll(async () => {
    await bus.close();
    broker.close();
    await store.close();
    folder.remove();
  });

  it('refuses and says so, shows nothing that is not safe, and goes on by itself when there is room', async () => {
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    await send(bus, 'q', ['a', 'b', 'c']);
    const healths: BusHealth[] = [];
    const stopListening = bus.onHealth((health) => healths.push(health));
    const held: Delivery[] = [];
    const { deliveries } = await watch(bus, 'q', 2, (delivery) => held.push(delivery));
    await until(() => held.length === 2, 'two in hand');

    fill(0);
    const large = Array.from({ length: 40 }, (_, n) => ({
      event: eventOf(`large${n}`, 'x'.repeat(20_000)),
      to: [{ kind: 'queue', queue: 'q' } as const],
    }));
    await expect(bus.publish(large)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect([bus.health().status, await bus.depth('q')]).toEqual(['down', 3]);
    expect(bus.health().reason).toContain('full');

    held.splice(0).forEach((delivery) => delivery.ack());
    const refused = Promise.allSettled(large.map((message) => bus.publish([message])));
    expect(new Set((await refused).map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(deliveries.map(idOf)).toEqual(['a', 'b']);

    fill(100_000);
    await until(() => deliveries.length === 3, 'the third, by itself');
    expect(deliveries.map((one) => [idOf(one), one.redelivered])).toEqual([
      ['a', false],
      ['b', false],
      ['c', false],
    ]);
    held.splice(0).forEach((delivery) => delivery.ack());
    await send(bus, 'q', ['d']);
    await until(() => deliveries.length === 4, 'the fourth');
    expect([await bus.depth('q'), healths.map(({ status }) => status)]).toEqual([1, ['down', 'up']]);
    stopListening();
  });
});
