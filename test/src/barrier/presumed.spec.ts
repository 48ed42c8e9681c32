import { BusinessError } from '@aura/kernel';
import type { Journal } from '@aura/kernel';
import { range, roundRobin } from '@aura/kernel/testing';
import type { Barrier, RecordedEnd } from '@aura/workflow';
import { Ground } from '../ground/ground';
import { FaultyJournal } from './faulty-journal';
import { barrierOver, bookOf, passageOf, pay, reversalOf, take } from './payment';
import type { Payment } from './payment';

describe('a trigger that presumes that nothing stands of its step', () => {
  let ground: Ground;
  let journal: Journal;
  let marks = 0;
  beforeEach(async () => {
    ground = await Ground.open();
    journal = ground.embedded.journal('bank');
  });
  afterEach(() => ground.close());

  const barrier = (over: Journal = journal) => barrierOver(over, ground.world.clock);

  function presume(one: Barrier, payment: Payment): Promise<RecordedEnd> {
    marks += 1;
    return one.pass(passageOf(payment, one.presumeNothing(`mark ${marks}`)));
  }

  test('passes the barrier once, without asking it', async () => {
    const watched = new FaultyJournal(journal);
    const one = barrier(watched);
    const end = await presume(one, { from: [take('anna', 30)] });
    expect(end.events).toMatchObject([{ type: 'test.paid.v1', data: { changes: [30] } }]);
    expect(await bookOf(journal, 'anna')).toMatchObject({ balance: 70, rows: 1 });
    expect(watched.rowsRead).toBe(0);
  });

  test('gets the end that stands, and leaves nothing of its own', async () => {
    const first = await pay(barrier(), { from: [take('anna', 30)] });
    const again = await presume(barrier(), { trigger: 'second', from: [take('ben', 50)] });
    expect(again).toEqual(first);
    expect((await bookOf(journal, 'ben')).rows).toBe(0);
    expect(await journal.read('step/s/1/pay')).toHaveLength(2);
  });

  test('continues the claim that stands', async () => {
    const dying = new FaultyJournal(journal, { append: 2, when: 'before' });
    await expect(presume(barrier(dying), { from: [take('anna', 30)] })).rejects.toThrow('dead');
    const end = await presume(barrier(), { trigger: 'second', from: [take('ben', 50)] });
    expect(end.events[0]?.data).toEqual({ input: { trigger: 'first' }, changes: [30] });
    expect(await bookOf(journal, 'anna')).toMatchObject({ balance: 70, rows: 1 });
  });

  test('is silent behind a fence', async () => {
    await barrier().undo(reversalOf({}));
    const end = await presume(barrier(), { from: [take('anna', 30)] });
    expect(end).toEqual({ events: [], isFenced: true });
    expect((await bookOf(journal, 'anna')).rows).toBe(0);
  });

  test('that refuses cannot end what has begun', async () => {
    const first = await pay(barrier(), { from: [take('anna', 30)] });
    const refusing = {
      from: [],
      deciding: () => {
        throw new BusinessError('no more', { code: 'NO', help: 'Leave it.' });
      },
    };
    expect(await presume(barrier(), refusing)).toEqual(first);
    const refused = await presume(barrier(), { ...refusing, step: 'other' });
    expect(refused.events).toMatchObject([{ type: 'ai.aura.step.failed.v1', data: { code: 'NO' } }]);
  });

  test('that cannot say what it wants gets what stands, and fails where nothing does', async () => {
    const broken = {
      from: [],
      deciding: () => {
        throw new Error('broken');
      },
    };
    await expect(presume(barrier(), broken)).rejects.toThrow('broken');
    expect(await journal.read('step/s/1/pay')).toEqual([]);
    const first = await pay(barrier(), { from: [take('anna', 30)] });
    expect(await presume(barrier(), broken)).toEqual(first);
  });

  test('races with the same claim in the same millisecond and has one effect, whoever knew the resource when', async () => {
    const same: Payment = { from: [take('anna', 30)] };
    for (const round of range(20)) {
      const [one, other] = [barrier(), barrier()];
      // One of them has loaded the account long ago, the other one loads it between.
      await pay(one, { step: `warm_${round}`, from: [take('anna', 0)] });
      const step = `race_${round}`;
      const racing = [presume(one, { ...same, step }), presume(other, { ...same, step })];
      const ends = await Promise.all(racing);
      expect(ends[0]).toEqual(ends[1]);
      const { operations } = await bookOf(journal, 'anna');
      const own = `step/s/1/${step}/0`;
      const applied = operations.filter((operation) => operation === own);
      const isPaid = ends[0]?.events[0]?.type === 'test.paid.v1';
      expect(applied).toHaveLength(isPaid ? 1 : 0);
    }
    expect((await bookOf(journal, 'anna')).balance).toBe(10);
  });

  test('is not taken for the writer of the same claim in the same millisecond, whose effect it has folded already', async () => {
    const [one, other] = [barrier(), barrier()];
    const payment: Payment = { from: [take('anna', 30)] };
    const end = await presume(one, payment);
    await pay(other, { step: 'know', from: [take('anna', 0)] });
    expect(await presume(other, payment)).toEqual(end);
    expect((await bookOf(journal, 'anna')).balance).toBe(70);
  });

  test('is another writer than the one whose answer was lost: its claim is not taken for that one', async () => {
    const losing = new FaultyJournal(journal, { append: 1, when: 'behind', isPassing: true });
    const payment: Payment = { from: [take('anna', 30)] };
    await expect(presume(barrier(losing), payment)).rejects.toThrow('dead');
    const [row] = await journal.read('step/s/1/pay');
    const mark = `mark ${marks}`;
    await presume(barrier(), payment);
    expect(row?.body).toContain(mark);
    expect(await journal.read('step/s/1/pay')).toMatchObject([row, { operations: ['end'] }]);
  });

  test('many of one step have one effect, among those that ask', async () => {
    const barriers = range(4).map(() => barrier());
    const ends = await Promise.all(
      range(40).map((n) => {
        const payment = { trigger: `t${n}`, from: [take('anna', 1 + (n % 3))] };
        const one = roundRobin(barriers, n);
        return n % 3 === 0 ? pay(one, payment) : presume(one, payment);
      }),
    );
    expect(new Set(ends.map((end) => JSON.stringify(end))).size).toBe(1);
    expect((await bookOf(journal, 'anna')).operations).toEqual(['step/s/1/pay/0']);
  });
});
