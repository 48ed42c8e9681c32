import type { Journal } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import { Ground } from '../ground/ground';
import { AskedJournal } from './asked-journal';
import { barrierOver, bookOf, keyOf, passageOf, pay, reversalOf, take } from './payment';
import type { Payment } from './payment';

describe('what an instance remembers of an account', () => {
  let ground: Ground;
  let journal: Journal;
  beforeEach(async () => {
    ground = await Ground.open();
    journal = ground.embedded.journal('bank');
  });
  afterEach(() => ground.close());

  const barrier = (over: Journal = journal) => barrierOver(over, ground.world.clock);

  test('behind lost races is what others have written, so that nothing is looked for by the index', async () => {
    const journals = range(2).map(() => new AskedJournal(journal));
    const instances = journals.map(barrier);
    const ends = await Promise.all(
      range(40).flatMap((n) =>
        instances.map((one, i) => pay(one, { step: `s${n}_${i}`, from: [take('anna', 1)] })),
      ),
    );
    expect(ends.every(({ events }) => events[0]?.type === 'test.paid.v1')).toBe(true);
    expect((await bookOf(journal, 'anna')).balance).toBe(20);
    expect(journals.map(({ sought }) => sought)).toEqual([0, 0]);
  });

  test('whose history is short is all that stands, for what is undone as well', async () => {
    await pay(barrier(), { step: 'before', from: [take('anna', 10)] });
    const watched = new AskedJournal(journal);
    const one = barrier(watched);
    await pay(one, { from: [take('anna', 30)] });
    await one.undo(reversalOf({}));
    expect((await bookOf(journal, 'anna')).balance).toBe(90);
    expect(watched.sought).toBe(0);
  });

  test.each([
    ['long', 70, 70],
    ['a snapshot and a few rows', 210, 1],
  ])(
    'whose history is %s is not all that stands: an operation from before is found',
    async (_what, count, together) => {
      const old: Payment = { step: 'old', from: [take('anna', 30)] };
      await halfDone(old);
      const one = barrier();
      for (let n = 0; n < count; n += together) {
        const steps = range(together).map((i) => ({ step: `s${n + i}`, from: [take('anna', 0)] }));
        await Promise.all(steps.map((step) => pay(one, step)));
      }
      const watched = new AskedJournal(journal);
      await pay(barrier(watched), old);
      expect((await bookOf(journal, 'anna')).balance).toBe(70);
      expect(watched.sought).toBe(1);
    },
  );

  test.each([
    ['a moment ago, which it has read', 0],
    ['thousands of operations ago, which it has read and forgotten', 4200],
  ])(
    'is how another writer of the same claim has applied it, %s',
    async (_when, since) => {
      const watched = new AskedJournal(journal);
      const one = barrier(watched);
      await pay(one, { step: 'know', from: [take('anna', 0)] });
      const same: Payment = { step: 'same', from: [take('anna', 30)] };
      const passage = passageOf(same, await one.ask(keyOf(same)));
      const other = barrier();
      await pay(other, { step: 'between', from: [take('anna', 0)] });
      await halfDone(same);
      await Promise.all(range(since).map((n) => pay(other, { step: `s${n}`, from: [take('anna', 0)] })));
      const end = await one.pass(passage);
      expect(end.events[0]?.data).toMatchObject({ changes: [30] });
      expect((await bookOf(journal, 'anna')).balance).toBe(70);
      expect(watched.sought).toBe(1);
    },
    30_000,
  );

  test('is not what it wrote itself and has forgotten: a second trigger that had asked before writes the same claim', async () => {
    const one = barrier();
    await pay(one, { step: 'know', from: [take('anna', 0)] });
    const same: Payment = { step: 'same', from: [take('anna', 30)] };
    const [first, second] = [await one.ask(keyOf(same)), await one.ask(keyOf(same))];
    await one.pass(passageOf(same, first));
    await Promise.all(range(4200).map((n) => pay(one, { step: `s${n}`, from: [take('anna', 0)] })));
    await one.pass(passageOf(same, second));
    expect((await bookOf(journal, 'anna')).balance).toBe(70);
  }, 30_000);

  /** Its claim and its effect stand, and it has no end. */
  async function halfDone(payment: Payment): Promise<void> {
    const ending = (): never => {
      throw new Error('broken');
    };
    await expect(pay(barrier(), { ...payment, ending })).rejects.toThrow('broken');
  }
});
