import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

const LEASE_MS = 60_000;

/** Time without a coordinator is nobody's fault: timeouts run on from where they stood. */
describe('time that was nobody’s fault', () => {
  let house: House;
  let one: Housed;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one', { leaseMs: LEASE_MS });
    await house.publish(
      one,
      puppetDefinition('slow', [{ id: 'a', timeout: '80s', retryPolicy: { maxEpochs: 1 } }], {
        timeout: '10m',
      }),
    );
  });

  afterEach(() => house.close());

  async function untilOf(housed: Housed, saga: string): Promise<number> {
    return Date.parse((await housed.coordinator.find(saga))?.until ?? '');
  }

  /** Time that the coordinator had to act on what is due. */
  async function looked(): Promise<void> {
    const marker = await house.start(one, 'slow');
    await house.puppet.end({ saga: marker, step: 'a', partition: await house.partition(marker) });
    await house.until(one, marker, 'completed');
  }

  /** The owner has renewed its leases, so that what passes next is no gap. */
  async function renewed(): Promise<void> {
    const now = house.world.clock.now();
    await eventually('the leases are renewed', async () =>
      (await house.embedded.leases.list('partition/')).every(({ until }) => until >= now + LEASE_MS)
        ? true
        : undefined,
    );
  }

  async function expectShifted(saga: string, before: number, ms: number): Promise<void> {
    await eventually('its timeout is later', async () =>
      (await untilOf(one, saga)) >= before + ms - 1000 ? true : undefined,
    );
    expect(await untilOf(one, saga)).toBeLessThan(before + ms + 5000);
    await looked();
    expect((await one.coordinator.find(saga))?.status).toBe('running');
    for (let round = 0; round < 2; round++) {
      house.world.pass(45_000);
      await renewed();
    }
    await house.until(one, saga, 'failed');
  }

  it('all coordinators were stopped', async () => {
    const saga = await house.start(one, 'slow');
    const before = await untilOf(one, saga);
    await one.stop();
    house.world.pass(3_600_000);
    one = await house.coordinator('one', { leaseMs: LEASE_MS });
    await expectShifted(saga, before, 3_600_000);
  });

  it('all coordinators had died', async () => {
    const saga = await house.start(one, 'slow');
    const before = await untilOf(one, saga);
    await one.die();
    house.world.pass(120_000);
    one = await house.coordinator('two', { leaseMs: LEASE_MS });
    await expectShifted(saga, before, 60_000);
  });

  it('the process stood still, so that its leases had run out', async () => {
    const saga = await house.start(one, 'slow');
    const before = await untilOf(one, saga);
    house.world.pass(120_000);
    await expectShifted(saga, before, 60_000);
  });

  it('somebody set the clock forward', async () => {
    const saga = await house.start(one, 'slow');
    const before = await untilOf(one, saga);
    house.world.jump(7_200_000);
    await eventually('its timeout is later', async () =>
      (await untilOf(one, saga)) >= before + 7_199_000 ? true : undefined,
    );
    await looked();
    // Its leases had run out by this clock, too.
    await renewed();
    expect(await untilOf(one, saga)).toBeLessThan(before + 7_205_000);
    expect((await one.coordinator.find(saga))?.status).toBe('running');
  });

  it('is known to the owner after the next one', async () => {
    const saga = await house.start(one, 'slow');
    const before = await untilOf(one, saga);
    await one.stop();
    house.world.pass(600_000);
    one = await house.coordinator('one', { leaseMs: LEASE_MS });
    const two = await house.coordinator('two', { leaseMs: LEASE_MS });
    await eventually('two has one', () => (two.coordinator.partitions().length === 1 ? true : undefined));
    await one.stop();
    one = two;
    await eventually('two has both', () => (two.coordinator.partitions().length === 2 ? true : undefined));
    expect(await untilOf(one, saga)).toBeGreaterThan(before + 599_000);
  });

  it('does not count for what began behind it', async () => {
    await one.stop();
    house.world.pass(600_000);
    one = await house.coordinator('one', { leaseMs: LEASE_MS });
    const saga = await house.start(one, 'slow');
    expect((await untilOf(one, saga)) - house.world.clock.now()).toBeLessThanOrEqual(80_000);
  });
});
