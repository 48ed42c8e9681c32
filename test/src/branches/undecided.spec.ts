import { transactionDecisionRequested } from '@aura/contracts';
import type { JsonObject } from '@aura/contracts';
import { until } from '@aura/messaging/testing';
import { BranchStage, store, transactionOf } from './branch-stage';
import type { Asked } from './branch-stage';

const STREAM = (saga: string): string => `step/${saga}/1/all/1/goods`;

describe('a branch that is prepared and has not heard the decision', () => {
  let branches: BranchStage;
  beforeEach(async () => {
    branches = await BranchStage.open();
  });
  afterEach(() => branches.close());

  const prepare = (saga: string, input: JsonObject) => branches.ask({ ask: 'prepare', saga, input });
  const operations = async (saga: string) =>
    (await branches.journal.read(STREAM(saga))).flatMap((row) => row.operations);
  const asked = (saga: string) =>
    branches.saidOf(saga).filter(({ type }) => type === transactionDecisionRequested.type);

  const list = () =>
    branches.stage.ports('store').views.open<'askAt' | 'asked'>({
      name: 'undecided_branches',
      fields: { askAt: 'integer', asked: 'integer' },
      indexes: [['askAt']],
    });
  const isListed = async (saga: string) => (await (await list()).get(STREAM(saga))) !== undefined;

  /** Lets time pass in steps of two seconds. */
  async function pass(seconds: number): Promise<void> {
    for (let at = 0; at < seconds; at += 2) {
      await branches.stage.world.advance(2000);
      await branches.stage.quiet('store');
    }
  }

  test('asks again and again, with growing waits, and never decides alone', async () => {
    await prepare('s1', { items: { coat: 4 } });
    await pass(60);
    await until(() => asked('s1').length >= 3, 'it asks');
    expect(asked('s1').length).toBeLessThan(8);
    expect(new Set(asked('s1').map(({ id }) => id)).size).toBe(asked('s1').length);
    expect(await operations('s1')).toEqual(['claim', 'vote']);
  });

  test('asks after a restart, also when the list of the undecided was lost', async () => {
    await prepare('s1', { items: { coat: 4 } });
    await branches.stage.restart();
    await (await list()).remove([STREAM('s1'), 'complete']);
    await branches.stage.start(store);
    await pass(10);
    await until(() => asked('s1').length > 0, 'it asks');
  });

  test('asks no more once it has heard', async () => {
    await prepare('s1', { items: { coat: 4 } });
    await branches.ask({ ask: 'commit', saga: 's1' });
    await prepare('s2', { items: { coat: 4 } });
    await branches.ask({ ask: 'abort', saga: 's2' });
    await pass(20);
    expect([...asked('s1'), ...asked('s2')]).toEqual([]);
  });

  test('is off the list with the next look, and where nobody lived to look, once it would have asked', async () => {
    await prepare('s1', { items: { coat: 4 } });
    await branches.ask({ ask: 'commit', saga: 's1' });
    await pass(2);
    await until(async () => !(await isListed('s1')), 'it is off the list');
    await prepare('s2', { items: { coat: 4 } });
    await branches.ask({ ask: 'commit', saga: 's2' });
    await branches.stage.restart();
    expect(await isListed('s2')).toBe(true);
    await branches.stage.start(store);
    await pass(40);
    await until(async () => !(await isListed('s2')), 'it is off the list as well');
    expect(asked('s2')).toEqual([]);
  });

  test('asks by the incarnation of the store that it voted for, whichever one asks for its vote again', async () => {
    const data = { transaction: transactionOf('s1'), branch: 'goods', action: 'hold', waitMs: 1000 };
    const asking = (incarnation: string): Asked => {
      return {
        ask: 'prepare',
        saga: 's1',
        data: { ...data, input: { items: { coat: 4 } }, incarnation },
      };
    };
    const vote = await branches.ask(asking('made'));
    expect(vote).toMatchObject({ data: { vote: 'yes', incarnation: 'made' } });
    expect(await branches.ask(asking('restored'))).toEqual(vote);
    await pass(10);
    await until(() => asked('s1').length > 0, 'it asks');
    const [first] = asked('s1');
    expect(first?.data).toMatchObject({ incarnation: 'made', held: [{ type: 'stock', id: 'coat' }] });
    expect(transactionDecisionRequested.data.safeParse(first?.data).success).toBe(true);
  });

  test('goes on asking where what was decided is unknown, and holds what it holds', async () => {
    await prepare('s1', { items: { coat: 4 } });
    await pass(10);
    await until(() => asked('s1').length > 0, 'it asks');
    const before = asked('s1').length;
    const data = { transaction: transactionOf('s1'), branch: 'goods', decision: 'unknown' };
    await branches.request({ ask: 'told', saga: 's1', data });
    await branches.stage.quiet('store');
    await pass(60);
    await until(() => asked('s1').length > before, 'it asks again');
    expect(await operations('s1')).toEqual(['claim', 'vote']);
  });
});
