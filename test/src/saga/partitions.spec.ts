import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

const QUICK = { partitions: 6 };
/** Five seconds for a queue that is not served, or for a lease that is not given back, are one. */
const HASTE = 5;

/** Tells calls that consume a partition's queue. */
function isOfTracker(partition: number): (args: readonly unknown[]) => boolean {
  return ([asked]) => JSON.stringify(asked).includes(`"aura.tracker.${partition}"`);
}

describe('partitions', () => {
  let house: House;

  beforeEach(async () => {
    house = await House.open();
  });

  afterEach(() => house.close());

  function own({ coordinator }: Housed): readonly number[] {
    return [...coordinator.partitions()].sort();
  }

  async function shared(...counts: readonly (readonly [Housed, number])[]): Promise<void> {
    await eventually('the partitions are shared out', () =>
      counts.every(([housed, count]) => own(housed).length === count) ? true : undefined,
    );
    const all = counts.flatMap(([housed]) => own(housed));
    expect(new Set(all).size).toBe(all.length);
  }

  it('are shared fairly by one, two and three instances, and come back', async () => {
    const one = await house.coordinator('one', QUICK);
    await shared([one, 6]);
    const two = await house.coordinator('two', QUICK);
    await shared([one, 3], [two, 3]);
    const three = await house.coordinator('three', QUICK);
    await shared([one, 2], [two, 2], [three, 2]);
    await two.stop();
    await shared([one, 3], [three, 3]);
    await three.stop();
    await shared([one, 6]);
  });

  it('of an instance that died are taken over, and its sagas go on', async () => {
    const one = await house.coordinator('one', QUICK);
    await house.publish(one, puppetDefinition('chain', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
    const two = await house.coordinator('two', QUICK);
    await shared([one, 3], [two, 3]);
    const sagas = await Promise.all(Array.from({ length: 20 }, () => house.start(one, 'chain')));
    const places = await Promise.all(
      sagas.map(async (saga) => ({ saga, partition: await house.partition(saga) })),
    );
    await house.puppet.end(...places.map((place) => ({ ...place, step: 'a' })));
    await two.die();
    await house.puppet.end(...places.map((place) => ({ ...place, step: 'b' })));
    for (const saga of sagas) await house.until(one, saga, 'completed');
    await shared([one, 6]);
  });

  it('whose lease was lost are let go', async () => {
    const one = await house.coordinator('one', QUICK);
    await shared([one, 6]);
    const { leases } = house.embedded;
    const now = house.world.clock.now() + 3_600_000;
    const [lease] = await leases.list('partition/2');
    const stolen = await leases.acquire({ name: 'partition/2', owner: 'thief', now, ttlMs: 1000 });
    expect(stolen?.fence).toBe((lease?.fence ?? 0) + 1);
    await shared([one, 5]);
    if (stolen !== undefined) await leases.release(stolen);
    await shared([one, 6]);
  });

  it('whose lease was lost just before a stop are left to the thief', async () => {
    const one = await house.coordinator('one', { ...QUICK, tickMs: 60_000 });
    await shared([one, 6]);
    const { leases } = house.embedded;
    const now = house.world.clock.now() + 3_600_000;
    await leases.acquire({ name: 'partition/2', owner: 'thief', now, ttlMs: 1000 });
    await one.stop();
    const owners = (await leases.list('partition/')).map(({ owner }) => owner);
    expect(owners).toEqual(['', '', 'thief', '', '', '']);
  });

  it('keep an owner when there are fewer of them for new sagas', async () => {
    const many = await house.coordinator('one', QUICK);
    await house.publish(many, puppetDefinition('single', [{ id: 'a' }]));
    const sagas = await Promise.all(Array.from({ length: 12 }, () => house.start(many, 'single')));
    await many.stop();
    const few = await house.coordinator('one', { partitions: 2 });
    expect(own(few)).toEqual([0, 1, 2, 3, 4, 5]);
    const places = await Promise.all(
      sagas.map(async (saga) => ({ saga, step: 'a', partition: await house.partition(saga) })),
    );
    expect(Math.max(...places.map(({ partition }) => partition))).toBeGreaterThan(1);
    await house.puppet.end(...places);
    for (const saga of sagas) await house.until(few, saga, 'completed');
    expect(await house.partition(await house.start(few, 'single'))).toBeLessThan(2);
  });

  it('are shared out again after the store was away, and one that could not be begun leaves no consumer', async () => {
    const grip = new Grip();
    const one = await house.coordinator('one', QUICK, grip);
    const two = await house.coordinator('two', QUICK);
    await shared([one, 3], [two, 3]);
    grip.fail({ call: 'bus.consume', when: 'behind' });
    grip.fail({ call: 'leases.list', when: 'before' });
    await two.stop();
    await shared([one, 6]);
    expect(grip.hits).toBe(2);
    const warned = house.warnings.map(({ message }) => message);
    expect(warned).toContain('partitions could not be shared out; trying again');
    expect(warned).toContainEqual(
      expect.stringMatching(/^partition \d could not be taken up; trying again$/),
    );
  });

  it('whose queue the broker does not serve keep the others from nothing', async () => {
    const grip = new Grip(HASTE);
    grip.fail({ call: 'bus.consume', when: 'never', matches: isOfTracker(2) });
    const one = await house.coordinator('one', QUICK, grip);
    await house.publish(one, puppetDefinition('single', [{ id: 'a' }]));
    const sagas = await Promise.all(Array.from({ length: 30 }, () => house.start(one, 'single')));
    const places = await Promise.all(
      sagas.map(async (saga) => ({ saga, step: 'a', partition: await house.partition(saga) })),
    );
    expect(places.filter(({ partition }) => partition === 2)).not.toEqual([]);
    await house.puppet.end(...places);
    for (const { saga, partition } of places) if (partition !== 2) await house.until(one, saga, 'completed');
    // Long behind the end of any lease that was not renewed.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(own(one)).toEqual([0, 1, 2, 3, 4, 5]);
    await one.die();
    const two = await house.coordinator('two', QUICK);
    for (const { saga } of places) await house.until(two, saga, 'completed');
  });

  it('whose queue the broker does not serve are given back all the same', async () => {
    const before = await house.coordinator('one', QUICK);
    await before.stop();
    const left = await noted(2);
    const grip = new Grip(HASTE);
    grip.fail({ call: 'bus.consume', when: 'never', matches: isOfTracker(2) });
    const one = await house.coordinator('one', QUICK, grip);
    expect(own(one)).toEqual([0, 1, 2, 3, 4, 5]);
    await one.stop();
    const owners = (await house.embedded.leases.list('partition/')).map(({ owner }) => owner);
    expect(owners).toEqual(Array(6).fill(''));
    expect(await noted(2)).toBe(left);
  });

  it('that only begin are given back together: one that nobody answers for keeps the others from nothing', async () => {
    const grip = new Grip(HASTE);
    for (const partition of [1, 2, 3])
      grip.fail({ call: 'bus.consume', when: 'never', matches: isOfTracker(partition) });
    const one = await house.coordinator('one', QUICK, grip);
    grip.fail({
      call: 'leases.release',
      when: 'never',
      matches: ([lease]) => JSON.stringify(lease).includes('"partition/1"'),
    });
    await one.stop();
    const owners = (await house.embedded.leases.list('partition/')).map(({ owner }) => owner);
    expect(owners).toEqual(['', 'one', '', '', '', '']);
  });

  it('that cannot be given back, or only slowly, keep neither the others nor the instance from it', async () => {
    const one = await house.coordinator('one', QUICK, new Grip(5));
    const isOf = (partition: number) => (args: readonly unknown[]) =>
      JSON.stringify(args).includes(`"partition/${partition}"`);
    one.grip.fail({ call: 'leases.release', when: 'before', matches: isOf(1) });
    one.grip.fail({ call: 'leases.release', when: 'never', matches: isOf(2) });
    await one.stop();
    const owners = (await house.embedded.leases.list('partition/')).map(({ owner }) => owner);
    expect(owners).toEqual(['', 'one', 'one', '', '', '']);
    expect(await house.embedded.leases.list('coordinator/')).toMatchObject([{ owner: '' }]);
    expect(house.warnings.map(({ message }) => message)).toContain(
      'partition 1 could not be given back; its lease runs out',
    );
    const two = await house.coordinator('two', QUICK);
    await eventually('another one takes what runs out', () => (own(two).length === 6 ? true : undefined));
  });

  it('that could not be taken up are looked through from where they were left', async () => {
    const before = await house.coordinator('one', QUICK);
    await before.stop();
    const left = await noted(2);
    const grip = new Grip();
    grip.fail({ call: 'bus.consume', when: 'before', matches: isOfTracker(2) });
    const one = await house.coordinator('one', { ...QUICK, tickMs: 60_000 }, grip);
    expect(own(one)).toEqual([0, 1, 3, 4, 5]);
    expect(await noted(2)).toBe(left);
  });

  it('that can never be taken up are tried in each round, and told of ever more rarely', async () => {
    const grip = new Grip();
    const times = 1_000_000;
    grip.fail({ call: 'bus.consume', when: 'before', times, matches: isOfTracker(2) });
    const one = await house.coordinator('one', QUICK, grip);
    const told = (): number =>
      house.warnings.filter(({ message }) => message === 'partition 2 could not be taken up; trying again')
        .length;
    const tried = async (more: number): Promise<void> => {
      const { hits } = grip;
      await eventually('it is tried', () => (grip.hits >= hits + more ? true : undefined));
    };
    await tried(10);
    expect([told(), own(one)]).toEqual([1, [0, 1, 3, 4, 5]]);
    house.world.pass(40_000);
    await eventually('it is told of again', () => (told() === 2 ? true : undefined));
    await tried(10);
    expect(told()).toBe(2);
    grip.heal();
    await shared([one, 6]);
  });

  async function noted(partition: number): Promise<unknown> {
    const [lease] = await house.embedded.leases.list(`partition/${partition}`);
    return (JSON.parse(lease?.note ?? '{}') as { readonly flushedUpTo?: number }).flushedUpTo;
  }

  it('with a note that nobody can read are looked through from the beginning', async () => {
    const one = await house.coordinator('one', QUICK);
    await one.stop();
    const { leases } = house.embedded;
    const now = house.world.clock.now();
    const lease = await leases.acquire({ name: 'partition/0', owner: 'x', now, ttlMs: 1000 });
    if (lease === undefined) throw new Error('the lease is not free');
    const noted = await leases.renew(lease, { now, ttlMs: 1000, note: 'no note' });
    if (noted !== undefined) await leases.release(noted);
    await shared([await house.coordinator('one', QUICK), 6]);
    expect(house.warnings.map(({ message }) => message)).toEqual([
      'the note of lease partition/0 cannot be read; looking at everything',
    ]);
  });

  it('are not taken by a coordinator that cannot start', async () => {
    const grip = new Grip();
    grip.fail({
      call: 'bus.consume',
      when: 'before',
      matches: ([asked]) => JSON.stringify(asked).includes('aura.ingress'),
    });
    await expect(house.coordinator('one', QUICK, grip)).rejects.toThrow('bus.consume was made to fail');
    const early = new Grip();
    early.fail({ call: 'bus.declareQueue', when: 'before' });
    await expect(house.coordinator('one', QUICK, early)).rejects.toThrow('bus.declareQueue was made to fail');
    const leases = await house.embedded.leases.list('partition/');
    expect(leases.map(({ owner }) => owner)).toEqual(Array(6).fill(''));
  });
});
