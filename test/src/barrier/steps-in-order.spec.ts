import { BusinessError, stepStream } from '@aura/kernel';
import type { Journal, JournalRow } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import type { Barrier } from '@aura/workflow';
import { Ground } from '../ground/ground';
import { eventually } from '../lab/eventually';
import { AskedJournal } from './asked-journal';
import { FaultyJournal } from './faulty-journal';
import { GatedJournal } from './gated-journal';
import { InterruptedJournal } from './interrupted-journal';
import { barrierOver, bookOf, keyOf, passageOf, pay, reversalOf, take } from './payment';
import type { Payment } from './payment';
import { RefusingJournal } from './refusing-journal';

const PAID = 'test.paid.v1';
const FAILED = 'ai.aura.step.failed.v1';
const ONE: Payment = { from: [take('anna', 30)] };
const THREE: Payment = { from: [take('anna', 30), take('ben', 20), take('cleo', 10)] };

describe('a step', () => {
  let ground: Ground;
  let journal: Journal;
  beforeEach(async () => {
    ground = await Ground.open();
    journal = ground.embedded.journal('bank');
  });
  afterEach(() => ground.close());

  const barrier = (over: Journal = journal): Barrier => barrierOver(over, ground.world.clock);
  const operations = async (step = 'pay'): Promise<readonly string[]> =>
    (await journal.read(stepStream(keyOf({ step })))).flatMap((row) => row.operations);
  const balances = (...ids: readonly string[]): Promise<readonly number[]> =>
    Promise.all(ids.map(async (id) => (await bookOf(journal, id)).balance));

  it('of one thing claims, applies and ends in one call', async () => {
    const watched = new InterruptedJournal(journal, 0, () => Promise.resolve());
    const end = await pay(barrier(watched), ONE);
    expect(end.events).toMatchObject([{ type: PAID, data: { changes: [30] } }]);
    expect(watched.calls).toEqual([3]);
    expect(watched.appends).toBe(3);
    expect(await operations()).toEqual(['claim', 'end']);
  });

  it('of several things claims with the first, and ends with the last', async () => {
    const watched = new InterruptedJournal(journal, 0, () => Promise.resolve());
    const end = await pay(barrier(watched), THREE);
    expect(end.events).toMatchObject([{ type: PAID, data: { changes: [30, 20, 10] } }]);
    expect(watched.calls).toEqual([2, 2]);
    expect(watched.appends).toBe(5);
    expect(await balances('anna', 'ben', 'cleo')).toEqual([70, 80, 90]);
  });

  it.each([0, 1, 2].flatMap((behind) => [ONE, THREE].map((payment) => ({ behind, payment }))))(
    'leaves nothing where it was undone elsewhere behind its row $behind',
    async ({ behind, payment }) => {
      const watched = new InterruptedJournal(journal, behind, () => barrier().undo(reversalOf({})));
      const end = await pay(barrier(watched), payment);
      expect(end).toEqual({ events: [], isFenced: true });
      expect(await operations()).not.toContain('end');
      expect(await balances('anna', 'ben', 'cleo')).toEqual([100, 100, 100]);
    },
  );

  it('is refused on what somebody else has taken meanwhile, and its claim stands', async () => {
    const spending = (): Promise<unknown> => pay(barrier(), { step: 'other', from: [take('anna', 80)] });
    const end = await pay(barrier(new InterruptedJournal(journal, 1, spending)), ONE);
    expect(end.events).toMatchObject([{ type: FAILED, data: { code: 'NO_MONEY' } }]);
    expect(await operations()).toEqual(['claim', 'end']);
    expect(await balances('anna')).toEqual([20]);
  });

  it('applies what is left where somebody else has taken some of it meanwhile', async () => {
    const spending = (): Promise<unknown> => pay(barrier(), { step: 'other', from: [take('anna', 40)] });
    const watched = new InterruptedJournal(journal, 1, spending);
    const end = await pay(barrier(watched), ONE);
    expect(end.events).toMatchObject([{ type: PAID, data: { changes: [30] } }]);
    expect(await balances('anna')).toEqual([30]);
  });

  it('gets the end of another trigger that was first', async () => {
    const first = (): Promise<unknown> => pay(barrier(), { trigger: 'other', from: [take('ben', 50)] });
    const end = await pay(barrier(new InterruptedJournal(journal, 0, first)), ONE);
    expect(end.events).toMatchObject([{ data: { input: { trigger: 'other' }, changes: [50] } }]);
    expect(await balances('anna', 'ben')).toEqual([100, 50]);
  });

  it('gets the end that another trigger made of its claim', async () => {
    const first = (): Promise<unknown> => pay(barrier(), { trigger: 'other', from: [] });
    const end = await pay(barrier(new InterruptedJournal(journal, 1, first)), ONE);
    expect(end.events).toMatchObject([{ data: { input: { trigger: 'first' }, changes: [30] } }]);
    expect(await operations()).toEqual(['claim', 'end']);
    expect(await balances('anna')).toEqual([70]);
  });

  it.each([ONE, THREE])(
    'that is refused by its action takes back what stands before it says so',
    async (payment) => {
      const ending = (): never => {
        throw new BusinessError('not like this', { code: 'NOT_SO', help: 'Otherwise.' });
      };
      const end = await pay(barrier(), { ...payment, ending });
      expect(end.events).toMatchObject([{ type: FAILED, data: { code: 'NOT_SO' } }]);
      expect(await operations()).toEqual(['claim', 'end']);
      expect(await balances('anna', 'ben', 'cleo')).toEqual([100, 100, 100]);
    },
  );

  it('whose action breaks behind what it applied goes on from there', async () => {
    const ending = (): never => {
      throw new Error('broken');
    };
    await expect(pay(barrier(), { ...ONE, ending })).rejects.toThrow('broken');
    expect(await operations()).toEqual(['claim']);
    const watched = new InterruptedJournal(journal, 0, () => Promise.resolve());
    const end = await pay(barrier(watched), { from: [] });
    expect(end.events).toMatchObject([{ type: PAID, data: { changes: [30] } }]);
    expect(watched.appends).toBe(1);
    expect(await balances('anna')).toEqual([70]);
  });

  it('goes on from its claim with what it applies and its end in one call', async () => {
    const dying = new FaultyJournal(journal, { append: 2, when: 'before' });
    await expect(pay(barrier(dying), ONE)).rejects.toThrow('dead');
    const watched = new InterruptedJournal(journal, 0, () => Promise.resolve());
    expect((await pay(barrier(watched), { from: [] })).events).toMatchObject([{ data: { changes: [30] } }]);
    expect(watched.calls).toEqual([2]);
  });

  it('that comes while its resource is written has its claim stand meanwhile', async () => {
    const gate = new GatedJournal(journal);
    const one = barrier(gate);
    const first = pay(one, { step: 'first', from: [take('anna', 1)] });
    await gate.reached;
    const others = range(20).map((n) => `s${n}`);
    const behind = Promise.all(others.map((step) => pay(one, { step, from: [take('anna', 1)] })));
    await eventually('all claims stand', async () => {
      const rows = await Promise.all(others.map((step) => operations(step)));
      return rows.every((own) => own.length === 1) ? true : undefined;
    });
    expect((await bookOf(journal, 'anna')).rows).toBe(0);
    gate.open();
    await Promise.all([first, behind]);
    expect(await balances('anna')).toEqual([79]);
    for (const step of others) expect(await operations(step)).toEqual(['claim', 'end']);
  });

  it('of which three triggers presume nothing while its resource is written has one claim and its effects alone', async () => {
    const gate = new GatedJournal(journal);
    const one = barrier(gate);
    const first = pay(one, { step: 'first', from: [take('anna', 1)] });
    await gate.reached;
    const ends = Promise.all(
      ['ben', 'cleo', 'dora'].map((other) => {
        const payment = { trigger: other, from: [take('anna', 10), take(other, 5)] };
        return one.pass(passageOf(payment, one.presumeNothing(`mark ${other}`)));
      }),
    );
    gate.open();
    await first;
    expect(new Set((await ends).map((end) => JSON.stringify(end))).size).toBe(1);
    expect(await operations()).toEqual(['claim', 'end']);
    expect([...(await balances('ben', 'cleo', 'dora'))].sort()).toEqual([100, 100, 95]);
    expect(await balances('anna')).toEqual([89]);
  });

  it.each([
    [2, 0, 0],
    [2, 70, 4],
    [4, 70, 4],
    [6, 70, 4],
  ])(
    'of four things that died before its row %i, with %i others before, looks %i times for what stands',
    async (append, before, sought) => {
      const names = ['anna', 'ben', 'cleo', 'dora'];
      await Promise.all(
        range(before).map((n) => pay(barrier(), { step: `h${n}`, from: names.map((id) => take(id, 0)) })),
      );
      const asking = new AskedJournal(journal);
      const from = names.map((id) => take(id, 1));
      const dying = new FaultyJournal(journal, { append, when: 'before' });
      await expect(pay(barrier(dying), { from })).rejects.toThrow('dead');
      await pay(barrier(asking), { from: [] });
      expect(asking.sought).toBe(sought);
    },
  );

  it('whose end is too large costs nobody the fold of its resource', async () => {
    await Promise.all(range(30).map((n) => pay(barrier(), { step: `h${n}`, from: [take('anna', 0)] })));
    const watched = new RefusingJournal(journal, (rows) =>
      rows.some(({ operations: [name] }) => name === 'end'),
    );
    const one = barrier(watched);
    await expect(pay(one, ONE)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    const known = watched.rowsRead;
    await expect(pay(one, ONE)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(watched.rowsRead).toBe(known);
    expect(await balances('anna')).toEqual([100]);
  });

  it('whose claim cannot be appended fails alone among those that want the same', async () => {
    const tooLarge = (rows: readonly JournalRow[]): boolean =>
      rows.some(({ stream }) => ['step/s/1/s0', 'step/s/1/s3'].includes(stream));
    const one = barrier(new RefusingJournal(journal, tooLarge));
    const ends = await Promise.allSettled(
      range(6).map((n) => pay(one, { step: `s${n}`, from: [take('anna', 3)] })),
    );
    const failed = range(6).filter((n) => ends[n]?.status === 'rejected');
    expect(failed).toEqual([0, 3]);
    for (const n of failed) expect(ends[n]).toMatchObject({ reason: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(await balances('anna')).toEqual([88]);
  });
});
