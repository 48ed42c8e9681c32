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

describe('a bus whose commit is refused at the last moment', () => {
  const folder = new TemporaryFolder();
  const store = EmbeddedStore.open(folder.file);
  const standing = new BusStanding();
  const broker = new Broker(store, systemWorld(), 100, (error) => standing.note(error));
  const bus = new EmbeddedBus(broker, standing);
  let isRefusing = false;

  beforeAll(() => {
    store.commits.join({
      beforeCommit: () => {
        if (isRefusing) throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
      },
      committed: () => undefined,
      rolledBack: () => undefined,
      outcome: () => undefined,
    });
  });

  afterAll(async () => {
    await bus.close();
    broker.close();
    await store.close();
    folder.remove();
  });

  it('takes back what it had planned to hand out, and hands it out later as if nothing had been', async () => {
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    await send(bus, 'q', ['a', 'b']);
    isRefusing = true;
    const { deliveries } = await watch(bus, 'q', 3);
    const many = Array.from({ length: 150 }, (_, n) => `lost${n}`);
    await expect(send(bus, 'q', many)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect([deliveries.length, await bus.depth('q'), bus.health().status]).toEqual([0, 2, 'down']);
    isRefusing = false;
    await send(bus, 'q', ['c', 'd']);
    await until(() => deliveries.length === 3, 'three in hand');
    deliveries.forEach((delivery) => delivery.ack());
    await until(() => deliveries.length === 4, 'the fourth');
    deliveries[3]?.ack();
    expect(deliveries.map((one) => [idOf(one), one.redelivered, one.returns])).toEqual(
      ['a', 'b', 'c', 'd'].map((id) => [id, false, 0]),
    );
    await until(() => bus.health().status === 'up', 'health');
  });

  it('a statement of somebody else that fails in the same turn changes nothing for the messages', async () => {
    await bus.declareQueue({ queue: 'r', kind: 'work' });
    const { deliveries } = await watch(bus, 'r', 10, (delivery) => delivery.ack());
    const results = await Promise.allSettled([
      send(bus, 'r', ['a']),
      store.commits.run(() => store.database.exec("INSERT INTO queues (id, name) VALUES (1, 'no')")),
      send(bus, 'r', ['b']),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await until(() => deliveries.length === 2, 'both');
    expect(deliveries.map(idOf)).toEqual(['a', 'b']);
    expect(await bus.depth('r')).toBe(0);
  });
});
