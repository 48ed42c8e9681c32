import { transactionStream } from '@aura/kernel';
import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import type { House } from './house';
import { HOUR_MS, isOf, TransactionStage } from './transaction-stage';

describe('a transaction whose journal cannot be folded', () => {
  let stage: TransactionStage;
  let house: House;

  beforeEach(async () => {
    stage = await TransactionStage.open();
    ({ house } = stage);
  });
  afterEach(() => stage.close());

  /** Stands in front of every other transaction of its partition. */
  const BROKEN = '00000000-broken/1/reserve/1';

  async function breakOne(partition: number, broken = BROKEN): Promise<void> {
    const body = JSON.stringify([{ kind: 'committed' }]);
    const at = house.world.clock.now();
    const row = { stream: transactionStream(broken), seq: 1, at, operations: [], body, partition };
    expect(await house.journal.append([row])).toEqual(['appended']);
  }

  /** What was said of it: which partition, and why. */
  const told = () =>
    house.warnings.filter(({ message }) => message.startsWith(`transaction ${BROKEN} cannot be served`));

  it('is told with its partition, and those beside it are recovered by the next coordinator', async () => {
    const { saga, id } = await stage.begun();
    const partition = await house.partition(saga);
    await stage.one.stop();
    await breakOne(partition);
    const views = await house.views('transactions');
    await views.remove([id]);
    stage.one = await house.coordinator('next', { leaseMs: HOUR_MS });
    await eventually('the other has its view', () => views.get(id));
    expect(told()).toMatchObject([
      {
        message: expect.stringContaining('until its journal is restored from a backup') as string,
        details: { partition, error: { code: 'BROKEN_JOURNAL' } },
      },
    ]);
    expect(house.warnings.map(({ message }) => message)).not.toContain(
      'what is open could not be recovered; trying again',
    );
  });

  it('does not keep the patrol from those beside it, and is not told in every round', async () => {
    await stage.one.stop();
    stage.one = await house.coordinator('patrolling', { leaseMs: HOUR_MS, patrolMs: 20 });
    const { saga, id } = await stage.begun();
    const partition = await house.partition(saga);
    const views = await house.views('transactions');
    const before = await eventually('its view is there', async () => {
      const view = await views.get(id);
      return view?.fields['publishedSeq'] === 1 ? view : undefined;
    });
    await breakOne(partition);
    await views.remove([id]);
    house.world.pass(11_000);
    expect(await eventually('it is back', () => views.get(id))).toEqual(before);
    expect(house.warnings.find(({ message }) => message.startsWith('the views of'))?.details).toEqual({
      partition,
      transactions: `${BROKEN}, ${id}`,
    });
    await rounds(10);
    expect(told()).toMatchObject([{ details: { partition } }]);
    house.world.pass(40_000);
    await eventually('it is tried again', () => (told().length === 2 ? true : undefined));
  });

  it('does not keep the timers of others from coming', async () => {
    const { saga, id } = await stage.begun('thrice');
    const partition = await house.partition(saga);
    await breakOne(partition);
    const store = await house.embedded.views('coordinator').open({
      name: 'transactions',
      fields: { partition: 'integer', dueAt: 'integer' },
      indexes: [],
    });
    await store.put([{ id: BROKEN, version: 1, fields: { partition, dueAt: 1 }, body: '{}' }]);
    await stage.pass(6000);
    await stage.stands(id, 'aborting');
    await eventually('it is told', () => (told().length > 0 ? true : undefined));
    expect(told()).toHaveLength(1);
  });

  it('does not hide the timers of others, however many there are', async () => {
    const { saga, id } = await stage.begun('thrice');
    const partition = await house.partition(saga);
    const broken = Array.from({ length: 500 }, (_, n) => BROKEN.replace('broken', `broken-${n}`));
    for (const one of broken) await breakOne(partition, one);
    const store = await house.embedded.views('coordinator').open({
      name: 'transactions',
      fields: { partition: 'integer', dueAt: 'integer' },
      indexes: [],
    });
    await store.put(
      broken.map((one) => ({ id: one, version: 1, fields: { partition, dueAt: 1 }, body: '{}' })),
    );
    await stage.pass(6000);
    await stage.stands(id, 'aborting');
  });

  it('does not keep what is overdue from being looked for, nor people from the board', async () => {
    await stage.one.stop();
    stage.one = await house.coordinator('reconciling', { leaseMs: HOUR_MS, reconcileMs: 20 });
    const { saga, id } = await stage.begun();
    const partition = await house.partition(saga);
    await eventually('its view is there', async () => (await house.views('transactions')).get(id));
    await breakOne(partition);
    const store = await house.embedded.views('coordinator').open({
      name: 'transactions',
      fields: { status: 'text', partition: 'integer', startedAt: 'integer', dueAt: 'integer' },
      indexes: [],
    });
    const fields = { status: 'committing', partition, startedAt: 1, dueAt: 1 };
    await store.put([{ id: BROKEN, version: 1, fields, body: '{}' }]);
    await eventually('it is told', () => (told().length > 0 ? true : undefined));
    // Of each look the board reads it anew.
    const reads = stage.one.grip.calls('journal.read');
    await eventually('it is looked for again', () =>
      stage.one.grip.calls('journal.read') >= reads + 10 ? true : undefined,
    );
    const listed = await stage.one.coordinator.transactions.list({ which: 'open' });
    expect(listed.map(({ transaction }) => transaction)).toEqual([id]);
    expect(house.warnings.map(({ message }) => message)).not.toContain(
      'what is overdue could not be looked for; trying again',
    );
    // By its timers, and by whoever looks for what is overdue.
    expect(told().length).toBeLessThanOrEqual(3);
  });

  it('that the bus refuses is tried again ever more rarely by the patrol', async () => {
    const { id, saga } = await stage.begun();
    await stage.one.stop();
    await (await house.views('transactions')).remove([id]);
    const grip = new Grip();
    grip.refuse((args) => isOf('prepare-requested')(args) && isOf(saga)(args));
    stage.one = await house.coordinator('patrolling', { leaseMs: HOUR_MS, patrolMs: 20 }, grip);
    const refused = () =>
      house.warnings.filter(({ message }) => message === `what transaction ${id} has to say was refused`)
        .length;
    await eventually('recovery has tried', () => (refused() === 1 ? true : undefined));
    house.world.pass(11_000);
    await eventually('the patrol has tried', () => (refused() === 2 ? true : undefined));
    await rounds(10);
    expect(refused()).toBe(2);
    house.world.pass(40_000);
    await eventually('the patrol tries again', () => (refused() === 3 ? true : undefined));
    await rounds(10);
    expect(refused()).toBe(3);
  });

  /** As many pages are looked at by the patrol. */
  async function rounds(count: number): Promise<void> {
    const { grip } = stage.one;
    const from = grip.calls('journal.scan');
    await eventually('it has gone round', () =>
      grip.calls('journal.scan') >= from + count ? true : undefined,
    );
  }
});
