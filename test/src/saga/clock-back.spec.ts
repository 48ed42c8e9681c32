import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

const HOUR_MS = 3_600_000;

describe('a clock that is set back by an hour', () => {
  let house: House;
  let one: Housed;
  const slow = puppetDefinition('slow', [{ id: 'a', timeout: '5s', retryPolicy: { maxEpochs: 2 } }], {
    timeout: '20s',
  });

  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  function askedAgain(saga: string): boolean {
    return house.puppet.received.some(
      ({ event, headers }) => event.ok && event.value.correlationid === saga && headers.epoch === 2,
    );
  }

  /** The coordinator has looked for timers since now. */
  async function looked(): Promise<void> {
    const before = one.grip.calls('bus.health');
    await eventually('it has looked', () => (one.grip.calls('bus.health') > before + 2 ? true : undefined));
  }

  it('delays no timer, and hurries none that began behind', async () => {
    one = await house.coordinator('one', { leaseMs: 600_000 });
    await house.publish(one, slow);
    const before = await house.start(one, 'slow');
    house.world.jump(-HOUR_MS);
    await looked();
    const behind = await house.start(one, 'slow');
    house.world.pass(3000);
    await looked();
    expect([askedAgain(before), askedAgain(behind)]).toEqual([false, false]);
    house.world.pass(2000);
    await eventually('the timer of before fires', () => (askedAgain(before) ? true : undefined));
    await eventually('the timer of behind fires', () => (askedAgain(behind) ? true : undefined));
    house.world.pass(20_000);
    expect((await house.until(one, before, 'failed')).error).toMatchObject({ kind: 'timeout' });
    expect((await house.until(one, behind, 'failed')).error).toMatchObject({ kind: 'timeout' });
  });

  it('takes back what was lost while it was ahead', async () => {
    one = await house.coordinator('one', { leaseMs: 60_000 });
    await house.publish(one, slow);
    const saga = await house.start(one, 'slow');
    house.world.jump(HOUR_MS);
    await looked();
    house.world.jump(-HOUR_MS);
    await looked();
    house.world.pass(6000);
    await eventually('it is asked again', () => (askedAgain(saga) ? true : undefined));
    house.world.pass(6000);
    expect((await house.until(one, saga, 'failed')).error).toMatchObject({ kind: 'timeout' });
  });

  it('does not keep a dead coordinator in its place', async () => {
    one = await house.coordinator('one');
    const two = await house.coordinator('two');
    await house.publish(one, slow);
    const sagas = await Promise.all(Array.from({ length: 6 }, () => house.start(one, 'slow')));
    await eventually('both have a share', () =>
      one.coordinator.partitions().length === 1 && two.coordinator.partitions().length === 1
        ? true
        : undefined,
    );
    await two.die();
    house.world.jump(-HOUR_MS);
    await eventually('the other one takes over', () =>
      one.coordinator.partitions().length === 2 ? true : undefined,
    );
    for (const saga of sagas)
      await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    for (const saga of sagas) await house.until(one, saga, 'completed');
  });

  it('leaves the timers of a dead coordinator to the next one', async () => {
    one = await house.coordinator('one');
    await house.publish(one, slow);
    const saga = await house.start(one, 'slow');
    await eventually('its view is told of', async () => {
      const leases = await house.embedded.leases.list('partition/');
      const notes = leases.map(({ note }) => JSON.parse(note) as { readonly flushedUpTo: number } | null);
      return notes.every((note) => note !== null) ? true : undefined;
    });
    await one.die();
    house.world.jump(-HOUR_MS);
    one = await house.coordinator('two');
    await eventually('it takes over', () => (one.coordinator.partitions().length === 2 ? true : undefined));
    await eventually('the timer fires', () => (askedAgain(saga) ? true : undefined));
  }, 40_000);

  it('leaves timers to the next one that were recorded behind the last word of its owner', async () => {
    one = await house.coordinator('one', { tickMs: 600_000 });
    await house.publish(one, slow);
    house.world.jump(HOUR_MS);
    const saga = await house.start(one, 'slow');
    await eventually('its view is written', async () => await one.coordinator.find(saga));
    await one.die();
    house.world.jump(-HOUR_MS);
    one = await house.coordinator('two');
    await eventually('it takes over', () => (one.coordinator.partitions().length === 2 ? true : undefined));
    expect(askedAgain(saga)).toBe(false);
    house.world.pass(6000);
    await eventually('the timer fires', () => (askedAgain(saga) ? true : undefined));
  }, 40_000);
});
