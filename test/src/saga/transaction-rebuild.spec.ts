import type { JournalRow } from '@aura/kernel';
import { transactionStream } from '@aura/kernel';
import { eventually } from '../lab/eventually';
import { TRANSACTION_FIELDS } from './house';
import { TransactionStage } from './transaction-stage';

describe('views of transactions that are made again from their journals', () => {
  let stage: TransactionStage;
  beforeEach(async () => {
    stage = await TransactionStage.open();
  });
  afterEach(() => stage.close());

  const clean = { missing: 0, different: 0, unreadable: 0 };
  const views = async () => stage.house.views('transactions');
  const standing = async () => (await views()).all('startedAt');

  /** One that waits for votes, one that is over, and one that is decided and not done everywhere; all views are written. */
  async function someTransactions(): Promise<void> {
    await stage.begun();
    await stage.committed();
    const { saga, id } = await stage.begun();
    await stage.branches.vote(saga, 'left');
    await stage.branches.vote(saga, 'right');
    await stage.stands(id, 'committing');
    await eventually('all views stand', async () => {
      const all = await standing();
      const isWritten = all.every(({ fields: { seq, publishedSeq } }) => seq === publishedSeq);
      const statuses = all.map(({ fields: { status } }) => status);
      return isWritten && statuses.join() === 'preparing,committed,committing' ? true : undefined;
    });
  }

  async function removeAll(): Promise<void> {
    const store = await views();
    await store.remove((await store.all('startedAt')).map(({ id }) => id));
  }

  it('are the same byte for byte, all of them gone; a dry run only tells', async () => {
    await someTransactions();
    const before = await standing();
    await removeAll();
    const gone = { ...clean, journals: 3, missing: 3 };
    expect(await stage.one.coordinator.rebuild(true)).toMatchObject({ dryRun: true, transactions: gone });
    expect(await standing()).toEqual([]);
    expect(await stage.one.coordinator.rebuild(false)).toMatchObject({ dryRun: false, transactions: gone });
    expect(await standing()).toEqual(before);
    expect(await stage.one.coordinator.rebuild(false)).toMatchObject({ transactions: clean });
  });

  it('are the same at an instance that has nothing in memory, which says again what was said', async () => {
    await someTransactions();
    const before = await standing();
    await stage.one.stop();
    await removeAll();
    const seen = await stage.house.tap('ai.aura.transaction.committed.v1.#');
    stage.one = await stage.house.coordinator('two', { leaseMs: 3_600_000 });
    await stage.one.coordinator.rebuild(false);
    await eventually('they are the same', async () =>
      JSON.stringify(await standing()) === JSON.stringify(before) ? true : undefined,
    );
    await eventually('it is said again', () => (seen.length >= 2 ? true : undefined));
  });

  it('are read a page at once, and made again but for one that the store does not answer', async () => {
    await someTransactions();
    const before = await standing();
    await removeAll();
    const [first, ...others] = before;
    if (first === undefined) throw new Error('there are transactions');
    stage.one.grip.fail({
      call: 'views.transactions.get',
      when: 'never',
      matches: ([id]) => id === first.id,
    });
    void stage.one.coordinator.rebuild(false);
    await eventually('the others are the same', async () =>
      JSON.stringify(await standing()) === JSON.stringify(others) ? true : undefined,
    );
    expect(stage.one.grip.hits).toBe(1);
  });

  it('are those of the newest rows at an instance that had them in memory before their owner went on', async () => {
    const other = await stage.house.coordinator('two', { leaseMs: 3_600_000 });
    const owned = await eventually('each owns a partition', () => {
      const [mine] = stage.one.coordinator.partitions();
      return other.coordinator.partitions().length === 1 ? mine : undefined;
    });
    let { saga, id } = await stage.begun();
    while ((await stage.house.partition(saga)) !== owned) ({ saga, id } = await stage.begun());
    expect(await other.coordinator.transactions.show(id)).toMatchObject({ status: 'preparing' });
    await stage.branches.vote(saga, 'left');
    await stage.branches.vote(saga, 'right');
    await stage.stands(id, 'committing');
    const store = await views();
    const before = await eventually('its view stands', async () => {
      const view = await store.get(id);
      const { status, seq, publishedSeq } = view?.fields ?? {};
      return status === 'committing' && seq === publishedSeq ? view : undefined;
    });
    await store.remove([id]);
    expect(await other.coordinator.rebuild(false)).toMatchObject({ transactions: { missing: 1 } });
    expect(await store.get(id)).toEqual(before);
  });

  it('are put right where they say something else', async () => {
    await someTransactions();
    const before = await standing();
    const [first] = before;
    if (first === undefined) throw new Error('there are transactions');
    const of = stage.house.embedded.views('coordinator');
    const store = await of.open({ name: 'transactions', fields: TRANSACTION_FIELDS, indexes: [] });
    await store.remove([first.id]);
    await store.put([{ ...first, fields: { ...first.fields, status: 'committed' } as never }]);
    expect(await stage.one.coordinator.rebuild(true)).toMatchObject({
      transactions: { ...clean, different: 1 },
    });
    await stage.one.coordinator.rebuild(false);
    expect(await standing()).toEqual(before);
  });

  it('are counted where the journal cannot be read, and the others are made again', async () => {
    await someTransactions();
    const before = await standing();
    await removeAll();
    const row: JournalRow = {
      stream: transactionStream('s-0/1/reserve/1'),
      seq: 1,
      at: stage.house.world.clock.now(),
      operations: [],
      body: JSON.stringify([{ kind: 'voted', branch: 'left', vote: 'yes', held: [] }]),
      partition: 0,
    };
    await stage.house.embedded.journal('coordinator').append([row]);
    expect(await stage.one.coordinator.rebuild(false)).toMatchObject({
      transactions: { journals: 4, missing: 3, unreadable: 1 },
    });
    expect(await standing()).toEqual(before);
  });
});
