import { transactionAcknowledged, transactionVoted } from '@aura/contracts';
import type { JsonObject } from '@aura/contracts';
import { until } from '@aura/messaging/testing';
import { BranchStage, hold, locker, stock, store, transactionOf } from './branch-stage';
import type { Asked } from './branch-stage';

const STREAM = (saga: string): string => `step/${saga}/1/all/1/goods`;

describe('a branch of a transaction at its participant', () => {
  let branches: BranchStage;
  beforeEach(async () => {
    branches = await BranchStage.open();
  });
  afterEach(() => branches.close());

  const prepare = (saga: string, input: JsonObject = {}, more: Partial<Asked> = {}) =>
    branches.ask({ ask: 'prepare', saga, input, ...more });
  const commit = (saga: string) => branches.ask({ ask: 'commit', saga });
  const abort = (saga: string) => branches.ask({ ask: 'abort', saga });
  const operations = async (saga: string) =>
    (await branches.journal.read(STREAM(saga))).flatMap((row) => row.operations);

  test('holds what it needs in the journal of each resource, and votes yes with its output', async () => {
    const vote = await prepare('s1', { items: { coat: 4, hat: 1 } });
    expect(vote).toMatchObject({
      type: transactionVoted.type,
      correlationid: 's1',
      data: {
        transaction: transactionOf('s1'),
        branch: 'goods',
        vote: 'yes',
        output: { taken: 2 },
        held: [
          { type: 'stock', id: 'coat' },
          { type: 'stock', id: 'hat' },
        ],
      },
    });
    expect(transactionVoted.data.safeParse(vote.data).success).toBe(true);
    expect(await operations('s1')).toEqual(['claim', 'vote']);
    expect(await branches.fold(stock, 'coat')).toBe(10);
    const rows = await branches.journal.read('stock/coat');
    expect(rows.map(({ body }) => JSON.parse(body) as JsonObject)).toEqual([
      { changes: {}, prepared: { [`${STREAM('s1')}/0`]: { change: 4, transaction: transactionOf('s1') } } },
    ]);
  });

  test('is applied by the commit, once, and says so as often as it is asked', async () => {
    await prepare('s1', { items: { coat: 4 } });
    const ack = await commit('s1');
    expect(ack).toMatchObject({ type: transactionAcknowledged.type, data: { decision: 'committed' } });
    // Who has lost the vote misses nothing by it.
    expect(transactionAcknowledged.data.parse(ack.data).output).toEqual({ taken: 1 });
    expect(await commit('s1')).toEqual(ack);
    expect(await branches.fold(stock, 'coat')).toBe(6);
    expect(await operations('s1')).toEqual(['claim', 'vote', 'end']);
  });

  test('releases what it holds by the abort, and refuses a later prepare', async () => {
    await prepare('s1', { items: { coat: 4 } });
    const ack = await abort('s1');
    expect(ack).toMatchObject({ type: transactionAcknowledged.type, data: { decision: 'aborted' } });
    expect(await abort('s1')).toEqual(ack);
    expect(await prepare('s1', { items: { coat: 4 } })).toEqual(ack);
    expect(await branches.fold(stock, 'coat')).toBe(10);
    expect(await prepare('s2', { items: { coat: 10 } })).toMatchObject({ data: { vote: 'yes' } });
  });

  test('keeps a row of an abort that comes first, so that the prepare that comes late is refused', async () => {
    const ack = await abort('s1');
    expect(await prepare('s1', { items: { coat: 4 } })).toEqual(ack);
    expect(await operations('s1')).toEqual(['fence', 'answer']);
    expect(await branches.journal.head('stock/coat')).toBe(0);
  });

  test('votes the same again, whatever the asking brings and whenever, also after a restart', async () => {
    const vote = await prepare('s1', { items: { coat: 4 } });
    await branches.stage.restart();
    await branches.stage.start(store);
    expect(await prepare('s1', { items: { hat: 9 } })).toEqual(vote);
    expect(await branches.journal.head('stock/hat')).toBe(0);
  });

  test.each(['early no', 'late no'])(
    'votes no where its action refuses (%s), and holds nothing',
    async (mood) => {
      const vote = await prepare('s1', { items: { coat: 4 }, mood });
      const code = mood === 'early no' ? 'EARLY' : 'LATE';
      expect(vote).toMatchObject({ data: { vote: 'no', error: { kind: 'business', code }, held: [] } });
      expect(await prepare('s2', { items: { coat: 10 } })).toMatchObject({ data: { vote: 'yes' } });
    },
  );

  test('votes no where a resource refuses, and releases what came before it', async () => {
    const vote = await prepare('s1', { items: { coat: 4, hat: 11 } });
    expect(vote).toMatchObject({
      data: { vote: 'no', error: { code: 'OUT_OF_STOCK', message: 'hat has 10, not 11' } },
    });
    expect(await prepare('s2', { items: { coat: 10 } })).toMatchObject({ data: { vote: 'yes' } });
    expect(await abort('s1')).toMatchObject({ data: { decision: 'aborted' } });
  });

  test('says its vote, and that it has applied what it is asked to prepare again: whoever asks may have lost both', async () => {
    const vote = await prepare('s1', { items: { coat: 4 } });
    const ack = await commit('s1');
    expect(await prepare('s1', { items: { coat: 4 } })).toEqual(vote);
    await until(() => branches.saidOf('s1').length === 4, 'it acknowledges');
    expect(branches.saidOf('s1')[3]).toEqual(ack);
    expect(await branches.fold(stock, 'coat')).toBe(6);
  });

  test('is prepared also by a request whose data travels by reference', async () => {
    expect(await prepare('s1', { items: { coat: 4 } }, { isElsewhere: true })).toMatchObject({
      data: { vote: 'yes', output: { taken: 1 } },
    });
    expect(await branches.ask({ ask: 'commit', saga: 's1', isElsewhere: true })).toMatchObject({
      data: { decision: 'committed' },
    });
  });

  test('votes read-only where it claims nothing, and can be committed all the same', async () => {
    expect(await prepare('s1')).toMatchObject({ data: { vote: 'read-only', output: { taken: 0 } } });
    expect(await commit('s1')).toMatchObject({ data: { decision: 'committed' } });
  });

  test('reserves what is counted: others see what is left, and what was refused for that alone is held', async () => {
    await prepare('s1', { items: { coat: 4 } });
    expect(await prepare('s2', { items: { coat: 6 } })).toMatchObject({ data: { vote: 'yes' } });
    await branches.request({ ask: 'prepare', saga: 's3', input: { items: { coat: 1 } }, waitMs: 60_000 });
    await branches.stage.quiet('store');
    expect(branches.saidOf('s3')).toEqual([]);
    await abort('s1');
    await branches.stage.world.advance(300);
    await until(() => branches.saidOf('s3').length > 0, 'the third is answered');
    expect(branches.saidOf('s3')).toMatchObject([{ data: { vote: 'yes' } }]);
    expect(await prepare('s4', { items: { coat: 11 } })).toMatchObject({
      data: { vote: 'no', error: { code: 'OUT_OF_STOCK', message: 'coat has 10, not 11' } },
    });
  });

  test('locks whole what cannot be counted; who waits too long is told by whom it is held', async () => {
    await prepare('s1', { lockers: { l1: 'anna' } });
    await branches.request({ ask: 'prepare', saga: 's2', input: { lockers: { l1: 'ben' } }, waitMs: 500 });
    for (let round = 0; round < 6; round++) {
      await branches.stage.quiet('store');
      await branches.stage.world.advance(200);
    }
    await until(() => branches.saidOf('s2').length > 0, 'the second is answered');
    expect(branches.saidOf('s2')).toMatchObject([
      {
        data: {
          vote: 'no',
          error: {
            kind: 'technical',
            code: 'HELD_BY',
            message: `locker/l1 is held by transaction ${transactionOf('s1')}`,
          },
        },
      },
    ]);
    await commit('s1');
    expect(await branches.fold(locker, 'l1')).toBe('anna');
    expect(await prepare('s3', { lockers: { l1: 'cleo' } })).toMatchObject({ data: { vote: 'yes' } });
  });

  test('undoes what was committed, once', async () => {
    await prepare('s1', { items: { coat: 4 }, lockers: { l1: 'anna' } });
    await commit('s1');
    const undone = await branches.ask({ ask: 'undo', saga: 's1' });
    expect(undone).toMatchObject({ data: { effect: 'undone' } });
    expect(await branches.ask({ ask: 'undo', saga: 's1' })).toEqual(undone);
    expect(await branches.fold(stock, 'coat')).toBe(10);
    expect(await branches.fold(locker, 'l1')).toBe('');
  });

  test('says that an undo failed when what is to be reversed stays held, and goes on when it is free', async () => {
    await prepare('s1', { lockers: { l1: 'anna' } });
    await commit('s1');
    await prepare('s2', { lockers: { l1: 'ben' } });
    await branches.request({ ask: 'undo', saga: 's1' });
    for (let attempt = 0; attempt < 5; attempt++) {
      await branches.stage.quiet('store');
      await branches.stage.world.advance(40_000);
    }
    await until(
      () => branches.saidOf('s1').some(({ type }) => type.includes('undo-failed')),
      'it has failed',
    );
    await abort('s2');
    expect(await branches.ask({ ask: 'undo', saga: 's1' })).toMatchObject({ data: { effect: 'undone' } });
    expect(await branches.fold(locker, 'l1')).toBe('');
  });

  test('refuses to commit what never said yes, and to abort what was committed: both are dead letters', async () => {
    await branches.request({ ask: 'commit', saga: 's1' });
    await prepare('s2', { items: { coat: 4 } });
    await commit('s2');
    await branches.request({ ask: 'abort', saga: 's2' });
    await until(() => branches.stage.dead.length >= 2, 'both are dead letters');
    const codes = branches.stage.dead.map(({ data }) => (data as { error: JsonObject }).error['code']);
    expect(codes.sort()).toEqual(['NOT_PREPARED', 'WAS_COMMITTED']);
    expect(await branches.fold(stock, 'coat')).toBe(6);
  });

  test('votes no on an action that is broken, not offered, cannot be held, or gets an input it refuses', async () => {
    await branches.request({ ask: 'prepare', saga: 's1', input: { mood: 'broken' } });
    for (let attempt = 0; attempt < 5; attempt++) {
      await branches.stage.quiet('store');
      await branches.stage.world.advance(2000);
    }
    await until(() => branches.saidOf('s1').length > 0, 'it is answered');
    const letters = branches.stage.dead.map(({ id }) => id);
    expect(letters).toHaveLength(1);
    expect(branches.saidOf('s1')).toMatchObject([
      { data: { vote: 'no', error: { message: 'bug' }, deadLetterId: letters[0] } },
    ]);
    expect(await prepare('s2', {}, { action: 'ship' })).toMatchObject({
      data: { vote: 'no', error: { code: 'UNKNOWN_ACTION' } },
    });
    expect(await prepare('s3', { items: 'all' })).toMatchObject({
      data: { vote: 'no', error: { code: 'INVALID_STEP_INPUT' } },
    });
    expect(await prepare('s4', { items: { coat: 1 }, mood: 'bad output' })).toMatchObject({
      data: { vote: 'no', error: { code: 'INVALID_STEP_OUTPUT' } },
    });
    expect(await branches.fold(stock, 'coat')).toBe(10);
  });

  test('publishes what its action has to say once the transaction is committed, not before', async () => {
    await prepare('s1', { items: { coat: 1 }, mood: 'noisy' });
    const rows = await branches.journal.read(STREAM('s1'));
    expect(JSON.parse(rows[1]?.payload ?? '[]')).toHaveLength(2);
    await commit('s1');
    const end = (await branches.journal.read(STREAM('s1')))[2];
    expect(JSON.parse(end?.payload ?? '[]')).toMatchObject([
      { type: transactionAcknowledged.type },
      { type: 'test.held.v1', data: 'noise' },
    ]);
  });

  test('lets a step wait for what a transaction holds, and tells it by whom', async () => {
    await prepare('s1', { lockers: { l1: 'anna' } });
    const retryPolicy = { maxAttempts: 1 };
    const steps = [{ id: 'take', action: hold.name, input: { lockers: { l1: 'ben' } }, retryPolicy }];
    const plan = await branches.stage.publish({ id: 'taking', steps });
    await branches.stage.begin(plan, 's2');
    expect(await branches.stage.ended('s2', 'take')).toMatchObject({
      data: {
        error: { code: 'HELD_BY', message: `locker/l1 is held by transaction ${transactionOf('s1')}` },
      },
    });
  });
});
