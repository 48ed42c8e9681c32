import type { CloudEvent } from '@aura/contracts';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

// Time passes faster than leases are renewed, which must not look like a gap here.
const LONG_LEASE = { leaseMs: 3_600_000 };
const PAID = 'com.shop.paid.v1';

const PAYMENT = {
  id: 'paid',
  type: 'wait',
  wait: { on: PAID, correlate: 'event.data.order', match: 'input.order' },
  timeout: '10m',
};

describe('a wait for an event', () => {
  let house: House;
  let one: Housed;
  let count = 0;

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one', LONG_LEASE);
    await house.publish(one, puppetDefinition('paying', [PAYMENT]));
    await house.publish(one, puppetDefinition('named', [{ id: 'paid', type: 'wait', wait: { on: PAID } }]));
    await house.publish(
      one,
      puppetDefinition('forgiving', [
        { ...PAYMENT, failure: { policy: 'continue', output: { late: true } } },
      ]),
    );
  });

  afterAll(() => house.close());

  /** What a shop says, to the public face, as any stranger does. */
  async function shop(more: Partial<CloudEvent>): Promise<CloudEvent> {
    count += 1;
    const event: CloudEvent = { specversion: '1.0', id: `e${count}`, source: '/shop', type: PAID, ...more };
    await house.embedded.bus.publish([
      { event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: event.type }] },
    ]);
    return event;
  }

  async function listed(name: string, field: string, value: string): Promise<boolean> {
    const views = await (await house.views(name)).all(name === 'early_events' ? 'heldSince' : 'recordedAt');
    return views.some(({ fields, body }) => fields[field] === value || body.includes(value));
  }

  async function isOver(saga: string): Promise<void> {
    const waits = await house.views('waits');
    await eventually('its wait is known as over', async () =>
      (await waits.get(`${saga}/paid`))?.fields['isOpen'] === 0 ? true : undefined,
    );
  }

  it('ends by the event whose key is the one that it waits for; the data is its output', async () => {
    const saga = await house.start(one, 'paying', { input: { order: 'o1' } });
    const other = await house.start(one, 'paying', { input: { order: 'o2' } });
    await shop({ data: { order: 'o1', by: 'ada' } });
    expect((await house.until(one, saga, 'completed')).output).toEqual({ paid: { order: 'o1', by: 'ada' } });
    expect(await one.coordinator.why(other)).toContain(`waits for ${PAID} with key o2 (step paid)`);
  });

  it('is found by the correlation id of the event where nothing else is said', async () => {
    const saga = await house.start(one, 'named');
    await shop({ correlationid: saga, data: { by: 'bea' } });
    expect((await house.until(one, saga, 'completed')).output).toEqual({ paid: { by: 'bea' } });
  });

  it('gets an event that came before it began: held, visible meanwhile, then correlated', async () => {
    const { id } = await shop({ data: { order: 'o3', by: 'cleo' } });
    await eventually('it is held', async () =>
      (await listed('early_events', 'saga', 'o3')) ? true : undefined,
    );
    const saga = await house.start(one, 'paying', { input: { order: 'o3' } });
    expect((await house.until(one, saga, 'completed')).output).toEqual({ paid: { order: 'o3', by: 'cleo' } });
    await eventually('it is no longer listed', async () =>
      (await listed('early_events', 'id', `"id":"${id}"`)) ? undefined : true,
    );
  });

  it('counts an event once that is delivered twice, and leaves no dead letter of the second', async () => {
    const saga = await house.start(one, 'paying', { input: { order: 'o4' } });
    const event = await shop({ data: { order: 'o4', by: 'dora' } });
    await house.until(one, saga, 'completed');
    const rows = await house.rows(saga);
    await isOver(saga);
    await shop(event);
    const marker = await house.start(one, 'paying', { input: { order: 'o5' } });
    await shop({ data: { order: 'o5' } });
    await house.until(one, marker, 'completed');
    expect(await house.rows(saga)).toEqual(rows);
    expect(await listed('early_events', 'saga', 'o4')).toBe(false);
  });

  it('has the definitions read a few times for a hundred events that come at once', async () => {
    const orders = Array.from({ length: 100 }, (_, n) => `many${n}`);
    const sagas = await Promise.all(orders.map((order) => house.start(one, 'paying', { input: { order } })));
    const before = one.grip.calls('views.definitions.find');
    await Promise.all(orders.map((order) => shop({ data: { order } })));
    for (const saga of sagas) await house.until(one, saga, 'completed');
    expect(one.grip.calls('views.definitions.find') - before).toBeLessThan(50);
  });

  it('of several sagas with one key brings the event to each', async () => {
    const sagas = await Promise.all([1, 2].map(() => house.start(one, 'paying', { input: { order: 'o6' } })));
    await shop({ data: { order: 'o6', by: 'eve' } });
    for (const saga of sagas) await house.until(one, saga, 'completed');
  });

  it('of more sagas with one key than are looked at together brings the event to each, whoever else had waited for it', async () => {
    const start = () => house.start(one, 'paying', { input: { order: 'o8' } });
    const over = await start();
    await shop({ data: { order: 'o8', by: 'gus' } });
    await house.until(one, over, 'completed');
    await isOver(over);
    const sagas = await Promise.all(Array.from({ length: 1001 }, start));
    const event = await shop({ data: { order: 'o8', by: 'ida' } });
    for (const saga of sagas)
      expect((await house.until(one, saga, 'completed')).output).toEqual({
        paid: { order: 'o8', by: 'ida' },
      });
    for (const saga of sagas) await isOver(saga);
    await shop(event);
    const marker = await house.start(one, 'paying', { input: { order: 'o9' } });
    await shop({ data: { order: 'o9' } });
    await house.until(one, marker, 'completed');
    expect(await listed('early_events', 'saga', 'o8')).toBe(false);
  });

  it('fails by its policy when the event does not come in time, and what comes later is no news', async () => {
    const saga = await house.start(one, 'forgiving', { input: { order: 'o7' } });
    house.world.pass(600_001);
    expect(await house.until(one, saga, 'completed')).toMatchObject({
      output: { paid: { late: true } },
      steps: [{ status: 'continued', error: { code: 'WAIT_TIMEOUT' } }],
    });
    await isOver(saga);
    const rows = await house.rows(saga);
    const { id } = await shop({ data: { order: 'o7' } });
    await eventually('it is held', async () =>
      (await listed('early_events', 'id', `"id":"${id}"`)) ? true : undefined,
    );
    expect(await house.rows(saga)).toEqual(rows);
  });

  it('leaves an event that gives no key to the dead letters', async () => {
    await shop({ data: { nothing: true } });
    await eventually('it is a dead letter', async () =>
      (await listed('dead_letters', 'code', 'NO_WAIT_KEY')) ? true : undefined,
    );
  });

  it('does not count for admission', async () => {
    const views = await house.views('sagas');
    const saga = await house.start(one, 'paying', { input: { order: 'o8' } });
    expect((await views.get(saga))?.fields).toMatchObject({ status: 'running', inFlight: 0 });
  });

  it('is found again when the index is gone and made again from the journals, the same byte for byte', async () => {
    const saga = await house.start(one, 'paying', { input: { order: 'o10' } });
    const waits = await house.views('waits');
    const before = await waits.get(`${saga}/paid`);
    expect(before?.fields).toMatchObject({ type: PAID, key: 'o10', saga, isOpen: 1 });
    await waits.remove([`${saga}/paid`]);
    await one.coordinator.rebuild(false);
    expect(await waits.get(`${saga}/paid`)).toEqual(before);
    await shop({ data: { order: 'o10' } });
    await house.until(one, saga, 'completed');
  });

  it('goes on when its coordinator died, with what came meanwhile', async () => {
    const saga = await house.start(one, 'paying', { input: { order: 'o9' } });
    await one.die();
    await shop({ data: { order: 'o9', by: 'fay' } });
    house.world.pass(3_600_001);
    one = await house.coordinator('two', LONG_LEASE);
    // The wait's own time limit did not run on while nobody was there.
    expect((await house.until(one, saga, 'completed')).output).toEqual({ paid: { order: 'o9', by: 'fay' } });
  });
});
