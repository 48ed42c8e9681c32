import { NO_METER } from '@aura/kernel';
import type { Meter } from '@aura/kernel';
import { VirtualWorld } from '@aura/kernel/testing';
import { UnroutableError } from './bus-errors';
import { ObservedBus } from './observed-bus';
import { openEmbedded } from '@aura/embedded';
import type { Embedded } from '@aura/embedded';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { someEvent } from './testing/bus-probe';

/** A meter that keeps what it was told. */
class Told {
  readonly counts = new Map<string, number>();
  readonly observed: string[] = [];
  readonly gauges = new Map<string, () => number>();

  readonly meter: Meter = {
    ...NO_METER,
    counter: (name, labels) => ({
      add: (by = 1) => {
        const key = `${name} ${JSON.stringify(labels)}`;
        this.counts.set(key, (this.counts.get(key) ?? 0) + by);
      },
    }),
    histogram: (name, labels) => ({
      observe: () => void this.observed.push(`${name} ${JSON.stringify(labels)}`),
    }),
    gauge: (name, _labels, read) => {
      this.gauges.set(name, read);
      return () => void this.gauges.delete(name);
    },
  };
}

describe('a bus that is seen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-observed-'));
  let embedded: Embedded;
  let told: Told;
  let bus: ObservedBus;

  beforeAll(async () => {
    embedded = await openEmbedded({ path: join(folder, 'aura.db') });
    told = new Told();
    bus = new ObservedBus(embedded.bus, {
      system: 'aura',
      clock: new VirtualWorld().clock,
      meter: told.meter,
    });
  });
  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true });
  });

  test('works as it does unseen, and counts events and confirms', async () => {
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const binding = { kind: 'queue', queue: 'q', exchange: 'aura.events', key: 'a' } as const;
    await bus.bind([binding]);
    const ids: string[] = [];
    const consumer = await bus.consume({
      queue: 'q',
      prefetch: 10,
      handle: (all) => all.forEach((one) => one.event.ok && ids.push(one.event.value.id)),
    });
    const to = [{ kind: 'exchange', exchange: 'aura.events', key: 'a' } as const];
    await bus.publish([
      { event: someEvent('e1'), to },
      { event: someEvent('e2'), to },
    ]);
    expect(told.counts.get('aura_published_events_total {"outcome":"ok"}')).toBe(2);
    expect(told.observed).toEqual(['aura_publish_confirm_seconds {"outcome":"ok"}']);
    expect(await bus.depth('q')).toBe(2);
    await consumer.stop(0);
    await bus.unbind([binding]);
    expect(bus.health().status).toBe('up');
    bus.onHealth(() => undefined)();
  });

  test('counts what was refused, and hands the refusal on', async () => {
    const to = [{ kind: 'exchange', exchange: 'aura.steps', key: 'nobody', mandatory: true } as const];
    await expect(bus.publish([{ event: someEvent('e'), to }])).rejects.toBeInstanceOf(UnroutableError);
    expect(told.counts.get('aura_published_events_total {"outcome":"error"}')).toBe(1);
  });

  test('counts what is told with its row, and not what is refused or loses its place', async () => {
    const before = told.counts.get('aura_published_events_total {"outcome":"ok"}') ?? 0;
    const telling = bus.telling(embedded.journal('n'));
    const row = (stream: string, body = '{}') => ({ stream, seq: 1, at: 1, operations: [], body });
    const to = [{ kind: 'queue', queue: 'q' } as const];
    const nowhere = [{ kind: 'exchange', exchange: 'aura.steps', key: 'nobody', mandatory: true } as const];
    const results = await telling?.append([
      { row: row('a'), publish: [{ event: someEvent('a'), to }] },
      { row: row('b'), publish: [{ event: someEvent('b'), to: nowhere }] },
    ]);
    expect(results).toEqual(['told', 'appended']);
    const lost = [{ row: row('a', '{"other":true}'), publish: [{ event: someEvent('a2'), to }] }];
    expect(await telling?.append(lost)).toEqual(['conflict']);
    expect(told.counts.get('aura_published_events_total {"outcome":"ok"}')).toBe(before + 1);
    const twice = [...lost, ...lost];
    await expect(telling?.append(twice)).rejects.toBeInstanceOf(TypeError);
    expect(told.counts.get('aura_published_events_total {"outcome":"error"}')).toBe(3);
  });

  test('tells nothing where the bus and the journal are apart', async () => {
    const other = await openEmbedded({ path: join(folder, 'other.db') });
    expect(bus.telling(other.journal('n'))).toBeUndefined();
    await other.close();
  });

  test('says whether it is up, until it is closed', async () => {
    expect(told.gauges.get('aura_bus_up')?.()).toBe(1);
    await bus.close();
    expect(told.gauges.has('aura_bus_up')).toBe(false);
  });
});
