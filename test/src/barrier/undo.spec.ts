import { BusinessError, StoreUnavailableError } from '@aura/kernel';
import type { Journal } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import type { Barrier, Claim } from '@aura/workflow';
import { Ground } from '../ground/ground';
import { FaultyJournal } from './faulty-journal';
import { barrierOver, bookOf, keyOf, passageOf, pay, reversalOf, take } from './payment';
import type { Payment, Refund } from './payment';

const UNDONE = 'ai.aura.step.undone.v1';
const NOTHING = 'ai.aura.step.nothing-to-undo.v1';
const PAID = 'test.paid.v1';
const FROM = [take('anna', 30), take('ben', 20)];

describe('an undo at the barrier', () => {
  let ground: Ground;
  let journal: Journal;
  beforeEach(async () => {
    ground = await Ground.open();
    journal = ground.embedded.journal('bank');
  });
  afterEach(() => ground.close());

  const barrier = (over = journal) => barrierOver(over, ground.world.clock);
  const undo = async (one: Barrier, refund: Refund = {}) => (await one.undo(reversalOf(refund))).type;
  const balances = () => Promise.all(['anna', 'ben'].map(async (id) => (await bookOf(journal, id)).balance));
  const operations = async () => (await journal.read('step/s/1/pay')).map((row) => row.operations);

  /** A process that passes the step and dies at one of its appends. */
  async function dying(append: number, when: 'before' | 'behind', payment: Payment = { from: FROM }) {
    const dead = pay(barrier(new FaultyJournal(journal, { append, when })), payment);
    await expect(dead).rejects.toThrow(StoreUnavailableError);
  }

  test('reverses what was applied, once, in reverse order, and records its answer', async () => {
    await pay(barrier(), { from: FROM });
    const noting = new FaultyJournal(journal);
    const answer = await barrier(noting).undo(reversalOf({}));
    expect(answer).toMatchObject({ type: UNDONE, data: { by: 'first' } });
    expect(noting.streams).toEqual(['step/s/1/pay', 'account/ben', 'account/anna', 'step/s/1/pay']);
    expect(await balances()).toEqual([100, 100]);
    expect(await operations()).toEqual([['claim'], ['end'], ['fence'], ['answer']]);
    expect(await barrier().undo(reversalOf({ asker: 'second' }))).toEqual(answer);
    expect(await journal.head('account/anna')).toBe(2);
  });

  test('that comes first is the null compensation: one row, and a later action is refused', async () => {
    expect(await undo(barrier())).toBe(NOTHING);
    expect(await operations()).toEqual([['fence', 'answer']]);
    const late = await pay(barrier(), { from: FROM });
    expect(late).toEqual({ events: [], isFenced: true });
    expect(await balances()).toEqual([100, 100]);
    expect(await journal.head('account/anna')).toBe(0);
  });

  test('between the decision and the claim of a slow action refuses the claim', async () => {
    const one = barrier();
    const slow = await pay(one, { from: FROM, deciding: async () => void (await undo(barrier())) });
    expect(slow.events).toEqual([]);
    expect(await journal.head('account/anna')).toBe(0);
  });

  test.each([
    ['before anything was applied', 2, 'before', NOTHING],
    ['behind the first account', 2, 'behind', UNDONE],
    ['behind the last account', 3, 'behind', UNDONE],
    ['behind the outcome', 4, 'behind', UNDONE],
  ] as const)(
    'of a claim whose process died %s reverses what it names, and no later trigger brings it back',
    async (_where, append, when, answer) => {
      await dying(append, when);
      expect(await undo(barrier())).toBe(answer);
      expect(await balances()).toEqual([100, 100]);
      const late = await pay(barrier(), { from: [take('anna', 99)] });
      expect(late.events.map(({ type }) => type)).toEqual(append === 4 ? [PAID] : []);
      expect(await balances()).toEqual([100, 100]);
    },
  );

  test('takes the keys of what was not applied: a paused process that wakes up has no effect at any time', async () => {
    const slow = barrier();
    await pay(slow, { step: 'know', from: [take('anna', 1), take('ben', 1)] });
    await dying(2, 'before');
    const standing = await slow.ask(keyOf({}));
    expect(await undo(barrier())).toBe(NOTHING);
    const noting = new FaultyJournal(journal);
    const woken = await barrier(noting).pass(passageOf({ from: FROM }, standing));
    expect(woken.events).toEqual([]);
    expect(noting.streams.filter((stream) => stream.startsWith('account/'))).toEqual([]);
    expect(await balances()).toEqual([99, 99]);
    expect(await slow.pass(passageOf({ from: FROM }, standing))).toMatchObject({ isFenced: true });
    expect(await balances()).toEqual([99, 99]);
  });

  test('has nothing to do where the action was refused', async () => {
    const refused = await pay(barrier(), { from: [take('anna', 30), take('ben', 500)] });
    expect(await undo(barrier())).toBe(NOTHING);
    expect(await balances()).toEqual([100, 100]);
    expect((await pay(barrier(), { from: FROM })).events).toEqual(refused.events);
    expect(await undo(barrier(), { step: 'other' })).toBe(NOTHING);
  });

  test('reverses each account of an action over several, also where one account stands in it twice', async () => {
    await pay(barrier(), { from: [take('anna', 30), take('anna', 20), take('ben', 1)] });
    expect(await balances()).toEqual([50, 99]);
    expect(await undo(barrier())).toBe(UNDONE);
    expect(await balances()).toEqual([100, 100]);
  });

  test('does not touch another run of the step', async () => {
    await pay(barrier(), { from: FROM });
    await pay(barrier(), { run: 2, from: FROM });
    await undo(barrier(), { run: 1 });
    expect(await balances()).toEqual([70, 80]);
  });

  test('has one effect and one answer wherever its process dies, twice', async () => {
    const deaths = range(4).flatMap((n) =>
      (['before', 'behind'] as const).map((when) => ({ append: n + 1, when })),
    );
    let n = 0;
    for (const first of deaths)
      for (const second of deaths) {
        journal = ground.embedded.journal(`undo${++n}`);
        await pay(barrier(), { from: FROM });
        for (const death of [first, second])
          await undo(barrier(new FaultyJournal(journal, death))).catch((error: unknown) =>
            expect(error).toBeInstanceOf(StoreUnavailableError),
          );
        expect(await undo(barrier())).toBe(UNDONE);
        expect(await balances()).toEqual([100, 100]);
        expect((await bookOf(journal, 'anna')).operations).toEqual([
          'step/s/1/pay/0',
          'step/s/1/pay/0/reverse',
        ]);
      }
  });

  test('that races its action leaves nothing applied, whoever is first and whoever dies', async () => {
    for (const n of range(40)) {
      journal = ground.embedded.journal(`race${n}`);
      const faulty = new FaultyJournal(journal, { append: 1 + (n % 5), when: n % 2 ? 'before' : 'behind' });
      const acting = pay(barrier(n < 20 ? journal : faulty), { from: FROM }).catch(() => undefined);
      const answers = await Promise.all([undo(barrier()), undo(barrier()), acting]);
      expect(answers[0]).toBe(answers[1]);
      await acting;
      expect(await balances()).toEqual([100, 100]);
      await pay(barrier(), { from: FROM });
      expect(await balances()).toEqual([100, 100]);
      expect(await undo(barrier())).toBe(answers[0]);
    }
  });

  test('goes on where an account refuses to be judged: what failed takes no key', async () => {
    await pay(barrier(), { from: [take('anna', 30)] });
    const broken = barrier(
      Object.assign(new FaultyJournal(journal, { append: 2, when: 'before', isPassing: true })),
    );
    await expect(undo(broken)).rejects.toThrow(StoreUnavailableError);
    expect(await operations()).toEqual([['claim'], ['end'], ['fence']]);
    expect(await undo(broken)).toBe(UNDONE);
    expect((await bookOf(journal, 'anna')).balance).toBe(100);
  });

  describe('of an action on a foreign store', () => {
    const store = new Map<string, number>();
    beforeEach(() => store.clear());
    const effect = () => void store.set('charge', 5);
    const foreign = (): Promise<void> => Promise.resolve(void store.delete('charge'));
    const charge = async (one: Barrier, doing: () => void | Promise<void> = effect) => {
      const { key, standing, claim, refused } = passageOf({ from: [] }, await one.ask(keyOf({})));
      const perform = async () => {
        await doing();
        return [];
      };
      return one.pass({ key, standing, claim, refused, foreign, perform });
    };

    test('is called with the claim and the end, and answers undone', async () => {
      const calls: (readonly [Claim, unknown])[] = [];
      await charge(barrier());
      const noting = (claim: Claim, end: unknown) => Promise.resolve(void calls.push([claim, end]));
      expect(await undo(barrier(), { foreign: noting })).toBe(UNDONE);
      expect(calls).toMatchObject([[{ input: { trigger: 'first' }, resources: [] }, { isFenced: true }]]);
      expect(await undo(barrier(), { foreign: noting })).toBe(UNDONE);
      expect(calls).toHaveLength(1);
    });

    test('is called for an unfinished claim, and once more behind an effect that lands later', async () => {
      const slow = await charge(barrier(), async () => {
        expect(await undo(barrier(), { foreign })).toBe(UNDONE);
        effect();
      });
      expect(slow).toMatchObject({ events: [], isFenced: true });
      expect(store.size).toBe(0);
    });

    test('comes again with the next trigger when the process dies behind such an effect', async () => {
      const broken = charge(barrier(), async () => {
        await undo(barrier(), { foreign });
        effect();
        throw new RangeError('died');
      });
      await expect(broken).rejects.toThrow('died');
      expect(store.size).toBe(1);
      await charge(barrier());
      expect(store.size).toBe(0);
    });

    test('that fails takes no key', async () => {
      await charge(barrier());
      const failing = () => Promise.reject(new BusinessError('closed', { code: 'CLOSED', help: 'Wait.' }));
      await expect(undo(barrier(), { foreign: failing })).rejects.toThrow('closed');
      expect(store.size).toBe(1);
      expect(await undo(barrier(), { foreign })).toBe(UNDONE);
      expect(store.size).toBe(0);
    });
  });

  describe('that only asks how a step ended', () => {
    const settle = async (refund: Refund = {}) => {
      const events = await barrier().settle(reversalOf(refund));
      return events === 'open' ? events : events.map(({ type }) => type);
    };

    test('gets the recorded end where the effect stands, and fences nothing', async () => {
      const end = await pay(barrier(), { from: FROM });
      expect(await barrier().settle(reversalOf({}))).toEqual(end.events);
      expect(await balances()).toEqual([70, 80]);
    });

    test('fences a step that has not begun, one that was refused, and one that is unfinished', async () => {
      expect(await settle()).toEqual([NOTHING]);
      expect((await pay(barrier(), { from: FROM })).events).toEqual([]);
      await pay(barrier(), { step: 'dear', from: [take('anna', 500)] });
      expect(await settle({ step: 'dear' })).toEqual([NOTHING]);
      await dying(2, 'behind', { step: 'begun', from: FROM });
      expect(await settle({ step: 'begun' })).toEqual([UNDONE]);
      expect(await balances()).toEqual([100, 100]);
      expect(await settle({ step: 'begun' })).toEqual([UNDONE]);
    });

    test('waits for a claim that nobody can take back', async () => {
      await dying(2, 'before', { from: [] });
      expect(await settle({ isWithoutUndo: true })).toBe('open');
      await pay(barrier(), { from: [] });
      expect(await settle({ isWithoutUndo: true })).toEqual([PAID]);
      expect(await settle({ isWithoutUndo: true, step: 'never' })).toEqual([NOTHING]);
    });
  });

  test('gives up on a store that never gives a place', async () => {
    const conflicts = new FaultyJournal(journal);
    conflicts.append = (rows) => Promise.resolve(rows.map(() => 'conflict' as const));
    await expect(undo(barrier(conflicts))).rejects.toThrow('gave no place in 50 tries');
  });
});
