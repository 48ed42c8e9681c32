import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('views that are deleted by hand while a coordinator runs', () => {
  let house: House;
  let grip: Grip;
  let one: Housed;
  const NEVER = 3_600_000;

  beforeEach(async () => {
    house = await House.open();
    grip = new Grip();
  });
  afterEach(() => house.close());

  async function open(settings: Parameters<House['coordinator']>[1]): Promise<void> {
    one = await house.coordinator('one', settings, grip);
    const steps = [{ id: 'a' }, { id: 'b', dependencies: ['a'], timeout: '1h' }];
    await house.publish(one, puppetDefinition('chain', steps));
  }

  /** Sagas that wait, have ended, and have failed; each with its view. */
  async function someSagas(): Promise<readonly string[]> {
    const sagas = [
      await house.start(one, 'chain'),
      await house.start(one, 'chain'),
      await house.start(one, 'chain'),
    ];
    const [waiting = '', ended = '', failed = ''] = sagas;
    const at = (saga: string): Promise<number> => house.partition(saga);
    await house.puppet.end({ saga: waiting, step: 'a', partition: await at(waiting) });
    for (const step of ['a', 'b']) await house.puppet.end({ saga: ended, step, partition: await at(ended) });
    await house.puppet.fail({ saga: failed, step: 'a', partition: await at(failed) });
    await house.until(one, ended, 'completed');
    await house.until(one, failed, 'failed');
    const views = await house.views('sagas');
    await eventually('all views stand', async () => {
      const all = await views.all('startedAt');
      return all.every(({ fields: { seq, publishedSeq } }) => seq === publishedSeq && Number(seq) > 1)
        ? true
        : undefined;
    });
    return sagas;
  }

  async function areBack(before: readonly unknown[]): Promise<void> {
    const views = await house.views('sagas');
    await eventually('they are back', async () =>
      (await views.all('startedAt')).length === before.length ? true : undefined,
    );
    expect(await views.all('startedAt')).toEqual(before);
  }

  it('are found missing on the round, and are made again, the same byte for byte', async () => {
    await open({ patrolMs: 20 });
    const sagas = await someSagas();
    const views = await house.views('sagas');
    const before = await views.all('startedAt');
    expect(house.warnings).toEqual([]);
    await views.remove(sagas);
    house.world.pass(20_000);
    await areBack(before);
    expect(house.warnings[0]?.message).toMatch(/^the views of \d sagas are gone; they are made again$/);
  });

  it('are made again when somebody asks for the saga, without the round', async () => {
    await open({ patrolMs: NEVER });
    const sagas = await someSagas();
    const views = await house.views('sagas');
    const before = await views.all('startedAt');
    await views.remove(sagas);
    // Young sagas are left to those who are about to write their views.
    for (const saga of sagas) expect(await one.coordinator.find(saga)).toBeDefined();
    expect(await views.all('startedAt')).toEqual([]);
    house.world.pass(20_000);
    for (const saga of sagas) expect(await one.coordinator.find(saga)).toBeDefined();
    await areBack(before);
    expect(await one.coordinator.find('nothing')).toBeUndefined();
  });

  it('are looked for page by page, and again when a store is away', async () => {
    await open({ patrolMs: 20, partitions: 1 });
    const [saga = ''] = await someSagas();
    const journal = house.embedded.journal('coordinator');
    const [row] = await house.rows(saga);
    if (row === undefined) throw new Error('there is no row');
    const copies = Array.from({ length: 501 }, (_, n) => ({
      ...row,
      stream: `saga/00000000-copy-${String(n).padStart(4, '0')}`,
      body: row.body.replaceAll(saga, `00000000-copy-${String(n).padStart(4, '0')}`),
    }));
    await journal.append(copies);
    const views = await house.views('sagas');
    const before = await views.get(saga);
    await views.remove([saga]);
    grip.fail({ call: 'views.sagas.get', when: 'before', times: 3 });
    house.world.pass(20_000);
    await eventually('it is back', async () => ((await views.get(saga)) === undefined ? undefined : true));
    expect(await views.get(saga)).toEqual(before);
    await eventually('the last copy has its view', async () => views.get('00000000-copy-0500'));
    expect(house.warnings.map(({ message }) => message)).toContain(
      'journals without views could not be looked for; trying again',
    );
  });
});
