import { BY_TEST, puppetDefinition } from './house';
import { TransactionStage } from './transaction-stage';

describe('a transaction that begins after a rerun of a step beside it', () => {
  let stage: TransactionStage;

  beforeAll(async () => {
    stage = await TransactionStage.open();
    const branches = ['left', 'right'].map((side) => ({ id: side, action: `hold-${side}`, input: {} }));
    const beside = puppetDefinition('beside', [
      { id: 'a' },
      { id: 'reserve', type: 'transaction', dependencies: ['a'], transaction: { branches } },
      { id: 'c', failure: { policy: 'suspend' } },
    ]);
    await stage.house.publish(stage.one, beside);
  });

  afterAll(() => stage.close());

  /** The rerun of `c` finds nothing of `a` and `reserve` to run again: they stay of the first run, and begin in it. */
  async function begunBesideRerun(): Promise<{ readonly saga: string; readonly partition: number }> {
    const { house, one } = stage;
    const saga = await house.start(one, 'beside');
    const own = { saga, partition: await house.partition(saga) };
    await house.puppet.fail({ ...own, step: 'c' });
    await house.until(one, saga, 'suspended');
    const rerun = await one.coordinator.rerun({ sagaId: saga, from: 'c', actor: BY_TEST, reason: 'mended' });
    expect(rerun).toMatchObject({ ok: true, value: { run: 2 } });
    await house.puppet.end({ ...own, step: 'a' });
    await stage.branches.asked(saga, 'prepare', 'left');
    await stage.branches.asked(saga, 'prepare', 'right');
    return own;
  }

  async function committedBesideRerun(): Promise<{ readonly saga: string; readonly partition: number }> {
    const own = await begunBesideRerun();
    for (const side of ['left', 'right']) await stage.branches.vote(own.saga, side);
    for (const side of ['left', 'right']) await stage.branches.acknowledge(own.saga, side);
    await stage.stands(`${own.saga}/1/reserve/1`, 'committed');
    return own;
  }

  it('is of the run of its step, so that the saga hears that it is committed', async () => {
    const { house, one } = stage;
    const own = await committedBesideRerun();
    await house.puppet.end({ ...own, step: 'c', run: 2 });
    expect(await house.until(one, own.saga, 'completed')).toMatchObject({
      run: 2,
      steps: [
        { id: 'a', run: 1, status: 'completed' },
        { id: 'reserve', run: 1, status: 'completed' },
        { id: 'c', run: 2, status: 'completed' },
      ],
    });
  });

  it('has its saga given up where it is aborted', async () => {
    const { house, one, branches } = stage;
    const { saga } = await begunBesideRerun();
    await branches.vote(saga, 'left', 'no');
    await stage.stands(`${saga}/1/reserve/1`, 'aborting');
    expect(await house.until(one, saga, 'failed')).toMatchObject({
      run: 2,
      failedStep: 'reserve',
      error: { code: 'NONE_LEFT' },
    });
  });

  it('is undone when it is committed and its saga is cancelled', async () => {
    const { house, one, branches } = stage;
    const { saga } = await committedBesideRerun();
    await one.coordinator.cancel({ sagaId: saga, actor: BY_TEST, reason: 'changed my mind' });
    await branches.undone(saga, 'right');
    await branches.undone(saga, 'left');
    await house.until(one, saga, 'cancelled');
    await stage.stands(`${saga}/1/reserve/1`, 'undone');
  });
});
