import type { SagaFeedEntry } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

/** More than a tracker has in hand before ends begin to wait. */
const MANY = 300;

describe('a tracker', () => {
  let house: House;
  let one: Housed;

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    const steps = [{ id: 'a' }, { id: 'b', dependencies: ['a'] }, { id: 'c', dependencies: ['b'] }];
    await house.publish(one, puppetDefinition('three', steps));
  });

  afterAll(() => house.close());

  async function endAll(sagas: readonly string[], step: string): Promise<void> {
    const ends = await Promise.all(
      sagas.map(async (saga) => ({ saga, step, partition: await house.partition(saga) })),
    );
    await house.puppet.end(...ends);
  }

  async function stepsOfRows(saga: string): Promise<readonly number[]> {
    return (await house.rows(saga)).map(({ body }) => body.match(/"kind":"stepEnded"/g)?.length ?? 0);
  }

  it('writes ends that ask for nothing together with much to do, and those of a saga that somebody watches at once', async () => {
    const sagas = await Promise.all(Array.from({ length: MANY }, () => house.start(one, 'three')));
    const watched = sagas.at(-1) ?? '';
    const seen: SagaFeedEntry[] = [];
    const over = (async () => {
      for await (const entry of one.coordinator.feed(watched, 0, new AbortController().signal))
        seen.push(entry);
    })();
    await eventually('the start is seen', () => (seen.length === 1 ? true : undefined));
    await endAll(sagas, 'a');
    await eventually('the first end is seen', () => (seen.length === 2 ? true : undefined));
    await endAll(sagas, 'b');
    await eventually('the second end is seen', () => (seen.length === 3 ? true : undefined));
    await endAll(sagas, 'c');
    for (const saga of sagas) await house.until(one, saga, 'completed');
    await over;
    const rows = await Promise.all(sagas.map(stepsOfRows));
    expect(rows.map((all) => all.reduce((sum, steps) => sum + steps, 0))).toEqual(sagas.map(() => 3));
    expect(rows.at(-1)).toEqual([0, 1, 1, 1]);
    expect(Math.min(...rows.map((all) => all.length))).toBeLessThan(4);
  });

  it('writes what has waited long enough, though nothing more comes of its saga', async () => {
    const sagas = await Promise.all(Array.from({ length: MANY }, () => house.start(one, 'three')));
    await endAll(sagas, 'a');
    for (const saga of sagas)
      await eventually('the end stands', async () =>
        (await house.rows(saga)).length === 2 ? true : undefined,
      );
  });

  it('writes together what comes within a moment with little to do, too', async () => {
    const saga = await house.start(one, 'three');
    const partition = await house.partition(saga);
    await house.puppet.end(...['a', 'b', 'c'].map((step) => ({ saga, step, partition })));
    await house.until(one, saga, 'completed');
    expect(await stepsOfRows(saga)).toEqual([0, 3]);
  });
});
