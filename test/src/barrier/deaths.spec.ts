import { StoreUnavailableError } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import type { Journal } from '@aura/kernel';
import type { RecordedEnd } from '@aura/workflow';
import { Ground } from '../ground/ground';
import { FaultyJournal } from './faulty-journal';
import type { Death } from './faulty-journal';
import { barrierOver, bookOf, pay, take } from './payment';
import type { Payment } from './payment';

const ACCOUNTS = ['anna', 'ben', 'cleo'];

const PAYMENTS: readonly (readonly [string, Payment['from'], number, readonly number[]])[] = [
  ['a payment', [take('anna', 30), take('ben', 20), take('cleo', 10)], 5, [70, 80, 90]],
  [
    'a payment that the last account refuses',
    [take('anna', 30), take('ben', 20), take('cleo', 500)],
    6,
    [100, 100, 100],
  ],
];

describe.each(PAYMENTS)('%s', (_what, from, appends, balances) => {
  let ground: Ground;
  let spaces = 0;
  let undisturbed: RecordedEnd | undefined;
  beforeAll(async () => {
    ground = await Ground.open();
    undisturbed = await process(fresh());
  });
  afterAll(() => ground.close());

  const fresh = () => ground.embedded.journal(`bank${++spaces}`);

  /** One process: it passes the step, or dies in it. */
  async function process(journal: Journal, death?: Death): Promise<RecordedEnd | undefined> {
    const faulty = new FaultyJournal(journal, death);
    try {
      return await pay(barrierOver(faulty, ground.world.clock), { from });
    } catch (error) {
      expect(error).toBeInstanceOf(StoreUnavailableError);
      return undefined;
    }
  }

  async function expectOneEffect(journal: Journal, end: RecordedEnd | undefined): Promise<void> {
    expect(end).toEqual(undisturbed);
    const books = await Promise.all(ACCOUNTS.map((id) => bookOf(journal, id)));
    expect(books.map(({ balance }) => balance)).toEqual(balances);
    const operations = books.flatMap((book) => book.operations);
    expect(new Set(operations).size).toBe(operations.length);
  }

  test(`is committed in ${appends} rows`, async () => {
    const counting = new FaultyJournal(fresh());
    await pay(barrierOver(counting, ground.world.clock), { from });
    expect(counting.appends).toBe(appends);
  });

  const deaths = range(appends).flatMap((n): readonly Death[] =>
    (['before', 'behind'] as const).map((when) => ({ append: n + 1, when })),
  );

  test.each(deaths)(
    'has one effect and one outcome when the process dies $when row $append',
    async (death) => {
      const journal = fresh();
      expect(await process(journal, death)).toBeUndefined();
      await expectOneEffect(journal, await process(journal));
    },
  );

  test('has one effect and one outcome when the process that takes over dies, too, wherever', async () => {
    for (const first of deaths)
      for (const second of deaths) {
        const journal = fresh();
        await process(journal, first);
        await process(journal, second);
        await expectOneEffect(journal, await process(journal));
      }
  });

  test('has one effect when one answer of the store is lost and the same process tries again', async () => {
    for (const death of deaths) {
      const journal = fresh();
      const faulty = new FaultyJournal(journal, { ...death, isPassing: true });
      const barrier = barrierOver(faulty, ground.world.clock);
      await expect(pay(barrier, { from })).rejects.toThrow(StoreUnavailableError);
      await expectOneEffect(journal, await pay(barrier, { from }));
    }
  });

  test('has one effect when a process dies while another one passes the same step', async () => {
    for (const death of deaths) {
      const journal = fresh();
      const [, end] = await Promise.all([process(journal, death), process(journal)]);
      await expectOneEffect(journal, await process(journal));
      expect(end).toEqual(await process(journal));
    }
  });
});
