import type { Journal } from '@aura/kernel';
import { range, roundRobin, sampleBytes } from '@aura/kernel/testing';
import type { Barrier } from '@aura/workflow';
import { Ground } from '../ground/ground';
import { FaultyJournal } from './faulty-journal';
import { barrierOver, bookOf, pay, take } from './payment';

describe('steps that race at the barrier', () => {
  let ground: Ground;
  let journal: Journal;
  beforeEach(async () => {
    ground = await Ground.open();
    journal = ground.embedded.journal('bank');
  });
  afterEach(() => ground.close());

  const barrier = (mostWriters?: number) => barrierOver(journal, ground.world.clock, mostWriters);

  test.each([
    ['one instance', 1],
    ['five instances', 5],
  ])('fifty triggers of one step have one effect and one outcome, in %s', async (_where, instances) => {
    const barriers = range(instances).map(() => barrier());
    const ends = await Promise.all(
      range(50).map((n) =>
        pay(roundRobin(barriers, n), { trigger: `t${n}`, from: [take('anna', 1 + (n % 3)), take('ben', 5)] }),
      ),
    );
    expect(new Set(ends.map((end) => JSON.stringify(end))).size).toBe(1);
    const books = await Promise.all(['anna', 'ben'].map((id) => bookOf(journal, id)));
    expect(books.map(({ operations }) => operations)).toEqual([['step/s/1/pay/0'], ['step/s/1/pay/1']]);
  });

  test('two hundred steps share one hot account in few rows', async () => {
    const one = barrier();
    await pay(one, { step: 'warm_up', from: [take('anna', 0)] });
    const ends = await Promise.all(
      range(200).map((n) => pay(one, { step: `s${n}`, from: [take('anna', n % 2 === 0 ? -2 : 1)] })),
    );
    expect(ends.every(({ events }) => events[0]?.type === 'test.paid.v1')).toBe(true);
    const { balance, rows, operations } = await bookOf(journal, 'anna');
    expect(balance).toBe(100 + 200 - 100);
    expect(operations).toHaveLength(201);
    expect(rows).toBeLessThanOrEqual(8);
  });

  test('triggers that go on with one claim share its change, also in one row', async () => {
    for (const step of ['x', 'y']) {
      const dying = new FaultyJournal(journal, { append: 2, when: 'before' });
      const begun = pay(barrierOver(dying, ground.world.clock), { step, from: [take('anna', 10)] });
      await expect(begun).rejects.toThrow('dead');
    }
    const one = barrier();
    const steps = ['x', 'y', 'y', 'y', 'x'];
    const ends = await Promise.all(steps.map((step) => pay(one, { step, from: [] })));
    expect(ends.map(({ events }) => events[0]?.data)).toEqual(
      steps.map(() => ({ input: { trigger: 'first' }, changes: [10] })),
    );
    expect(await bookOf(journal, 'anna')).toMatchObject({ balance: 80, rows: 2 });
  });

  test('what cannot be judged fails alone, not those that share its row', async () => {
    const one = barrier();
    const results = await Promise.allSettled(
      range(20).map((n) => pay(one, { step: `s${n}`, from: [take('anna', n === 7 ? 'much' : 1)] })),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: new TypeError('"much" is no number') },
    ]);
    expect((await bookOf(journal, 'anna')).balance).toBe(81);
  });

  test('two instances never apply an operation twice nor overdraw, whichever steps they share', async () => {
    const instances = [barrier(), barrier()];
    const amounts = [...sampleBytes(60, 7)].map((byte) => (byte % 13) - 4);
    const work = amounts.flatMap((amount, n) =>
      instances.map((one: Barrier) => pay(one, { step: `s${n}`, from: [take('anna', amount)] })),
    );
    const ends = await Promise.all(work);
    range(amounts.length).forEach((n) => expect(ends[2 * n]).toEqual(ends[2 * n + 1]));
    const { balance, operations } = await bookOf(journal, 'anna');
    const applied = operations.filter((operation) => !operation.endsWith('/reverse'));
    expect(new Set(operations).size).toBe(operations.length);
    const kept = applied.filter((operation) => !operations.includes(`${operation}/reverse`));
    const taken = kept.map((operation) => amounts[Number(/s(\d+)\/0$/.exec(operation)?.[1])] ?? NaN);
    expect(balance).toBe(100 - taken.reduce((sum, amount) => sum + amount, 0));
    expect(balance).toBeGreaterThanOrEqual(0);
    const paid = ends.filter(({ events }) => events[0]?.type === 'test.paid.v1').length / 2;
    expect(kept).toHaveLength(paid);
  });

  test('an instance refuses only on the newest state, whatever it remembers', async () => {
    const [one, other] = [barrier(), barrier()];
    await pay(one, { step: 'know', from: [take('anna', 90)] });
    await pay(other, { step: 'earn', from: [take('anna', -500)] });
    const end = await pay(one, { step: 'spend', from: [take('anna', 400)] });
    expect(end.events[0]?.type).toBe('test.paid.v1');
    expect((await bookOf(journal, 'anna')).balance).toBe(110);
  });

  test('an instance believes its store, not its memory, when an older one is brought back under it', async () => {
    const older = ground.embedded.journal('older');
    await pay(barrierOver(older, ground.world.clock), { step: 'old', from: [take('anna', 20)] });
    const moved = new FaultyJournal(journal);
    const one = barrierOver(moved, ground.world.clock);
    await pay(one, { step: 'fill', from: [take('anna', 10)] });
    await pay(one, { step: 'spend', from: [take('anna', 90)] });
    moved.bringBack(older);
    const end = await pay(one, { step: 'late', from: [take('anna', 50)] });
    expect(end.events[0]?.type).toBe('test.paid.v1');
    expect((await bookOf(older, 'anna')).balance).toBe(30);
  });

  test('an instance applies nothing on a state that another one has used up', async () => {
    const [one, other] = [barrier(), barrier()];
    await pay(one, { step: 'know', from: [take('anna', 0)] });
    await pay(other, { step: 'spend', from: [take('anna', 100)] });
    const end = await pay(one, { step: 'late', from: [take('anna', 1)] });
    expect(end.events[0]?.type).toBe('ai.aura.step.failed.v1');
  });

  test('forgets idle accounts beyond its bound, and knows them again when they come', async () => {
    const one = barrier(2);
    for (const round of [1, 2])
      for (const id of ['anna', 'ben', 'cleo', 'dora'])
        await pay(one, { step: `${id}_${round}`, from: [take(id, 10)] });
    const books = await Promise.all(['anna', 'dora'].map((id) => bookOf(journal, id)));
    expect(books.map(({ balance }) => balance)).toEqual([80, 80]);
  });

  test('keeps busy accounts, however many', async () => {
    const one = barrier(1);
    await Promise.all(range(30).map((n) => pay(one, { step: `s${n}`, from: [take(`a${n % 3}`, 1)] })));
    const books = await Promise.all(range(3).map((n) => bookOf(journal, `a${n}`)));
    expect(books.map(({ balance }) => balance)).toEqual([90, 90, 90]);
  });

  describe('on an account with a long history', () => {
    /** Four hundred and fifty rows of one. */
    async function longHistory(): Promise<void> {
      const one = barrier();
      for (const n of range(450)) await pay(one, { step: `h${n}`, from: [take('anna', n % 2 ? 1 : -1)] });
    }

    test('a snapshot is kept every two hundred rows, and a new instance reads on from it', async () => {
      await longHistory();
      const snapshot = await journal.loadSnapshot('account/anna');
      expect(snapshot).toMatchObject({ seq: 400, state: '{"state":100,"held":{}}', foldVersion: 2 });
      const counting = new FaultyJournal(journal);
      const end = await pay(barrierOver(counting, ground.world.clock), { from: [take('anna', 100)] });
      expect(end.events[0]?.type).toBe('test.paid.v1');
      expect(counting.rowsRead).toBe(50);
      expect((await bookOf(journal, 'anna')).balance).toBe(0);
    });

    test('behind a lost race only what came since is read', async () => {
      await longHistory();
      const counting = new FaultyJournal(journal);
      const one = barrierOver(counting, ground.world.clock);
      await pay(one, { step: 'know', from: [take('anna', 0)] });
      await pay(barrier(), { step: 'first', from: [take('anna', 60)] });
      const before = counting.rowsRead;
      const end = await pay(one, { step: 'late', from: [take('anna', 50)] });
      expect(end.events[0]?.type).toBe('ai.aura.step.failed.v1');
      expect(counting.rowsRead - before).toBe(1);
    });

    test('a snapshot of another fold is left aside', async () => {
      await pay(barrier(), { step: 'one', from: [take('anna', 60)] });
      await journal.saveSnapshot({ stream: 'account/anna', seq: 1, state: '1000', foldVersion: 1 });
      const end = await pay(barrier(), { from: [take('anna', 50)] });
      expect(end.events[0]?.type).toBe('ai.aura.step.failed.v1');
    });

    test('an operation behind the memory of the instance is found by the index', async () => {
      const one = barrier();
      const forgetful = barrier();
      const ending = (): never => {
        throw new Error('broken');
      };
      // Its claim and its effect stand, and it has no end.
      const broken = pay(forgetful, { step: 'old', from: [take('anna', 30)], ending });
      await expect(broken).rejects.toThrow('broken');
      expect((await bookOf(journal, 'anna')).balance).toBe(70);
      await Promise.all(range(4200).map((n) => pay(forgetful, { step: `s${n}`, from: [take('anna', 0)] })));
      await pay(forgetful, { step: 'old', from: [take('anna', 30)] });
      await pay(one, { step: 'old', from: [take('anna', 30)] });
      expect((await bookOf(journal, 'anna')).balance).toBe(70);
    }, 30_000);
  });
});
