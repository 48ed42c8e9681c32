import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

const MANY = 150;

describe('what is written behind the road', () => {
  let house: House;
  let one: Housed;

  beforeAll(async () => {
    house = await House.open();
    // Nothing between creation and end is ever late here.
    one = await house.coordinator('one', { flushMs: 3_600_000 });
    const steps = [{ id: 'a' }, { id: 'b', dependencies: ['a'] }, { id: 'c', dependencies: ['b'] }];
    await house.publish(one, puppetDefinition('chain', steps));
  });

  afterAll(() => house.close());

  async function storedSeq(saga: string): Promise<unknown> {
    return (await (await house.views('sagas')).get(saga))?.fields['seq'];
  }

  it('an end writes its own view at once, and no view of a saga that is open', async () => {
    const [open, ended] = [await house.start(one, 'chain'), await house.start(one, 'chain')];
    await house.puppet.end({ saga: open, step: 'a', partition: await house.partition(open) });
    await eventually('the open saga has a second row', async () =>
      (await house.rows(open)).length === 2 ? true : undefined,
    );
    const partition = await house.partition(ended);
    await house.puppet.end(...['a', 'b', 'c'].map((step) => ({ saga: ended, step, partition })));
    await house.until(one, ended, 'completed');
    const last = (await house.rows(ended)).length;
    await eventually('the view of the ended saga is written', async () =>
      (await storedSeq(ended)) === last ? true : undefined,
    );
    expect(await storedSeq(open)).toBe(1);
  });

  it('under load, ends that nobody waits for are gathered into one row, and none is kept back', async () => {
    const sagas = await Promise.all(
      Array.from({ length: MANY }, async () => {
        const saga = await house.start(one, 'chain');
        return { saga, partition: await house.partition(saga) };
      }),
    );
    for (const step of ['a', 'b']) await house.puppet.end(...sagas.map((own) => ({ ...own, step })));
    const lengths = async () => Promise.all(sagas.map(async ({ saga }) => (await house.rows(saga)).length));
    await eventually('all of them stand', async () =>
      (await lengths()).every((length) => length > 1) ? true : undefined,
    );
    const gathered = (await lengths()).filter((length) => length === 2);
    expect(gathered.length).toBeGreaterThan(MANY / 4);
    await house.puppet.end(...sagas.map((own) => ({ ...own, step: 'c' })));
    for (const { saga } of sagas) await house.until(one, saga, 'completed');
  });
});
