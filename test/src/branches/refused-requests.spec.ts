import { transactionAcknowledged, transactionDecisionRequested } from '@aura/contracts';
import type { JsonObject, JsonValue } from '@aura/contracts';
import { until } from '@aura/messaging/testing';
import { FaultyJournal } from '../barrier/faulty-journal';
import type { Death } from '../barrier/faulty-journal';
import { BranchStage, hold, stock, transactionOf } from './branch-stage';
import type { Asked } from './branch-stage';

describe('what is asked of a branch', () => {
  let branches: BranchStage;
  const open = async (): Promise<void> => {
    branches = await BranchStage.open();
  };
  afterEach(() => branches.close());

  const deadCodes = (): readonly JsonValue[] =>
    branches.stage.dead.map(({ data }) => (data as { error: JsonObject }).error['code'] as JsonValue);
  const prepare = (saga: string, input: JsonObject = {}, more: Partial<Asked> = {}) =>
    branches.ask({ ask: 'prepare', saga, input, ...more });

  test.each<[string, JsonValue]>([
    ['nothing', null],
    ['a transaction that is no text', { transaction: 7, branch: 'goods' }],
    ['a transaction that has no place', { transaction: 'somewhere', branch: 'goods' }],
    ['no branch', { transaction: transactionOf('s1') }],
    ['no action', { transaction: transactionOf('s1'), branch: 'goods', input: {}, waitMs: 1000 }],
  ])('is a dead letter when it names %s', async (_what, data) => {
    await open();
    await branches.request({ ask: 'prepare', saga: 's1', data });
    await until(() => branches.stage.dead.length > 0, 'it is a dead letter');
    expect(deadCodes()).toEqual(['INVALID_EVENT_DATA']);
    expect(branches.saidOf('s1')).toEqual([]);
  });

  test('is a no where the action changes nothing that could be held', async () => {
    await open();
    expect(await prepare('s1', {}, { action: 'look' })).toMatchObject({
      data: { vote: 'no', error: { kind: 'business', code: 'NOT_TRANSACTIONAL' } },
    });
  });

  test.each([
    ['undeclared', 'UNDECLARED_EVENT'],
    ['huge', 'OUTPUT_TOO_LARGE'],
    ['bad output', 'INVALID_STEP_OUTPUT'],
  ])('is a no and a dead letter where the action answers what cannot be kept (%s)', async (mood, code) => {
    await open();
    expect(await prepare('s1', { items: { coat: 1 }, mood })).toMatchObject({
      data: { vote: 'no', error: { kind: 'business', code } },
    });
    await until(() => branches.stage.dead.length > 0, 'it is a dead letter');
    expect(deadCodes()).toEqual([code]);
    expect(await prepare('s2', { items: { coat: 10 } })).toMatchObject({ data: { vote: 'yes' } });
  });

  test('publishes to the definition of its plan what the action has to say', async () => {
    await open();
    const plan = await branches.stage.publish({ id: 'taking', steps: [{ id: 'take', action: hold.name }] });
    const heard = await branches.hear('test.held.v1.taking');
    await prepare('s1', { mood: 'noisy', items: { coat: 1 } });
    await branches.ask({ ask: 'commit', saga: 's1', plan: plan.digest });
    await until(() => heard().length > 0, 'it is heard');
    expect(heard()).toMatchObject([{ type: 'test.held.v1', subject: 'goods', data: 'noise' }]);
  });

  test('lets a branch ask later for the decision when its transaction waits longer', async () => {
    await open();
    await prepare('s1', { items: { coat: 1 } });
    const until60 = new Date(branches.stage.world.clock.now() + 60_000).toISOString();
    const named = { transaction: transactionOf('s1'), branch: 'goods', decision: 'undecided' };
    await branches.request({ ask: 'told', saga: 's1', data: { ...named, until: until60 } });
    await branches.request({ ask: 'told', saga: 's1', data: { ...named, until: 'later' } });
    await branches.request({ ask: 'told', saga: 's9', data: { ...named, until: until60 } });
    await branches.stage.quiet('store');
    const asked = () =>
      branches.saidOf('s1').filter(({ type }) => type === transactionDecisionRequested.type);
    for (let at = 0; at < 56; at += 2) {
      await branches.stage.world.advance(2000);
      await branches.stage.quiet('store');
    }
    expect(asked()).toEqual([]);
    for (let at = 0; at < 12; at += 2) await branches.stage.world.advance(2000);
    await until(() => asked().length > 0, 'it asks');
  });

  describe('while the store does not answer', () => {
    let journal: FaultyJournal;
    const openFaulty = async (death: Death): Promise<void> => {
      branches = await BranchStage.open((stage) => {
        journal = new FaultyJournal(stage.ports('store').journal, death);
        return { journal };
      });
    };
    const later = async (): Promise<void> => {
      await branches.stage.quiet('store');
      await branches.stage.world.advance(40_000);
    };

    test.each<Death>([
      { append: 1, when: 'before', isPassing: true },
      { append: 2, when: 'behind', isPassing: true },
      { append: 3, when: 'behind', isPassing: true },
    ])('is held and done later, once (append $append, $when)', async (death) => {
      await openFaulty(death);
      await branches.request({ ask: 'prepare', saga: 's1', input: { items: { coat: 4 } }, waitMs: 600_000 });
      await later();
      await until(() => branches.saidOf('s1').length > 0, 'it is answered');
      expect(branches.saidOf('s1')).toMatchObject([{ data: { vote: 'yes' } }]);
      await branches.ask({ ask: 'commit', saga: 's1' });
      expect(await branches.fold(stock, 'coat')).toBe(6);
    });

    test.each<Death>([
      { append: 6, when: 'before', isPassing: true },
      { append: 7, when: 'behind', isPassing: true },
    ])('undoes what was committed later, once (append $append, $when)', async (death) => {
      await openFaulty(death);
      await prepare('s1', { items: { coat: 4 } });
      expect(await branches.ask({ ask: 'commit', saga: 's1' })).toMatchObject({
        type: transactionAcknowledged.type,
      });
      expect(journal.appends).toBe(5);
      await branches.request({ ask: 'undo', saga: 's1' });
      await later();
      await until(() => branches.saidOf('s1').some(({ type }) => type.includes('undone')), 'it is undone');
      expect(await branches.fold(stock, 'coat')).toBe(10);
      expect(branches.stage.dead).toEqual([]);
    });
  });
});
