import { UnroutableError } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { House, puppetDefinition, SAGA_FIELDS } from './house';
import type { Housed } from './house';

describe('views that are made again from their journals', () => {
  let house: House;
  let one: Housed;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one', { leaseMs: 3_600_000 });
    await house.publish(
      one,
      puppetDefinition('chain', [{ id: 'a' }, { id: 'b', dependencies: ['a'], timeout: '1h' }]),
    );
  });
  afterEach(() => house.close());

  /** Sagas that wait, have ended, and have failed. */
  async function someSagas(): Promise<void> {
    const [waiting = '', ended = '', failed = ''] = [
      await house.start(one, 'chain'),
      await house.start(one, 'chain'),
      await house.start(one, 'chain'),
    ];
    await house.puppet.end({ saga: waiting, step: 'a', partition: await house.partition(waiting) });
    for (const step of ['a', 'b'])
      await house.puppet.end({ saga: ended, step, partition: await house.partition(ended) });
    await house.puppet.fail({ saga: failed, step: 'a', partition: await house.partition(failed) });
    await house.until(one, ended, 'completed');
    await house.until(one, failed, 'failed');
    await eventually('all views stand', async () =>
      (await (await house.views('sagas')).all('startedAt')).every(
        ({ fields: { seq, publishedSeq } }) => seq === publishedSeq && Number(seq) > 1,
      )
        ? true
        : undefined,
    );
  }

  const standing = async () => ({
    sagas: await (await house.views('sagas')).all('startedAt'),
    definitions: await (await house.views('definitions')).all('publishedAt'),
  });

  async function removeAll(): Promise<void> {
    for (const name of ['sagas', 'definitions'] as const) {
      const views = await house.views(name);
      const all = await views.all(name === 'sagas' ? 'startedAt' : 'publishedAt');
      await views.remove(all.map(({ id }) => id));
    }
  }

  const clean = { missing: 0, different: 0, unreadable: 0 };

  it('are the same byte for byte, all of them gone', async () => {
    await someSagas();
    const before = await standing();
    await removeAll();
    const gone = { ...clean, missing: 3, journals: 3 };
    expect(await one.coordinator.rebuild(true)).toMatchObject({
      dryRun: true,
      sagas: gone,
      definitions: { missing: 1 },
    });
    expect(await standing()).toEqual({ sagas: [], definitions: [] });
    expect(await one.coordinator.rebuild(false)).toMatchObject({
      dryRun: false,
      sagas: gone,
      definitions: { missing: 1 },
    });
    expect(await standing()).toEqual(before);
    expect(await one.coordinator.rebuild(false)).toMatchObject({ sagas: clean, definitions: clean });
  });

  it('are the same also at an instance that has nothing in memory, which says again what was said', async () => {
    await someSagas();
    const before = await standing();
    await one.stop();
    await removeAll();
    const seen = await house.tap('ai.aura.saga.completed.v1.chain');
    one = await house.coordinator('two', { leaseMs: 3_600_000 });
    await one.coordinator.rebuild(false);
    await eventually('they are the same', async () =>
      JSON.stringify(await standing()) === JSON.stringify(before) ? true : undefined,
    );
    expect(await eventually('it is said again', () => seen[0])).toMatchObject({
      id: expect.stringContaining('saga/') as string,
    });
  });

  it('stand also while nobody hears what they have to say, and say it once somebody does', async () => {
    await someSagas();
    const before = await standing();
    await one.stop();
    await removeAll();
    const grip = new Grip();
    const deaf = { call: 'bus.publish', when: 'before', times: 1_000_000 } as const;
    grip.fail({ ...deaf, error: new UnroutableError('aura.events', 'chain') });
    one = await house.coordinator('two', { leaseMs: 3_600_000, patrolMs: 20 }, grip);
    await one.coordinator.rebuild(false);
    expect((await standing()).sagas).toHaveLength(3);
    grip.heal();
    // Young rows are left to those who are about to tell them.
    house.world.pass(20_000);
    await eventually('they are the same', async () =>
      JSON.stringify(await standing()) === JSON.stringify(before) ? true : undefined,
    );
  });

  it('are those of the newest rows at an instance that had them in memory before their owner went on', async () => {
    const two = await house.coordinator('two', { leaseMs: 3_600_000 });
    const owned = await eventually('each owns a partition', () => {
      const [mine] = one.coordinator.partitions();
      return two.coordinator.partitions().length === 1 ? mine : undefined;
    });
    await house.publish(two, puppetDefinition('other', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
    let saga = await house.start(two, 'other');
    while ((await house.partition(saga)) !== owned) saga = await house.start(two, 'other');
    await house.puppet.end({ saga, step: 'a', partition: owned });
    const views = await house.views('sagas');
    const before = await eventually('its view stands', async () => {
      const view = await views.get(saga);
      const { seq, publishedSeq } = view?.fields ?? {};
      return Number(seq) > 1 && seq === publishedSeq ? view : undefined;
    });
    await views.remove([saga]);
    expect(await two.coordinator.rebuild(false)).toMatchObject({ sagas: { missing: 1 } });
    expect(await views.get(saga)).toEqual(before);
  });

  it('are made again in all partitions that there ever were', async () => {
    let saga = await house.start(one, 'chain');
    while ((await house.partition(saga)) !== 1) saga = await house.start(one, 'chain');
    const views = await house.views('sagas');
    const before = await eventually('its view stands', async () => {
      const view = await views.get(saga);
      return view?.fields['publishedSeq'] === 1 ? view : undefined;
    });
    await one.stop();
    one = await house.coordinator('two', { partitions: 1, leaseMs: 3_600_000 });
    await views.remove([saga]);
    expect(await one.coordinator.rebuild(false)).toMatchObject({ sagas: { missing: 1 } });
    expect(await views.get(saga)).toEqual(before);
  });

  it('are put right where they say something else', async () => {
    await someSagas();
    const before = await standing();
    const store = await house.embedded
      .views('coordinator')
      .open({ name: 'sagas', fields: SAGA_FIELDS, indexes: [] });
    const [first] = before.sagas;
    if (first === undefined) throw new Error('there are sagas');
    await store.remove([first.id]);
    await store.put([{ ...first, fields: { ...first.fields, status: 'failed' } as never }]);
    expect(await one.coordinator.rebuild(true)).toMatchObject({ sagas: { different: 1, missing: 0 } });
    expect(await one.coordinator.rebuild(false)).toMatchObject({ sagas: { different: 1 } });
    expect(await standing()).toEqual(before);
  });
});
