import type { CloudEvent } from '@aura/contracts';
import { BY_TEST } from './house';
import type { House } from './house';
import type { PuppetBranches } from './puppet-branches';
import { isOf, TransactionStage } from './transaction-stage';

describe('a transaction whose saga is cancelled', () => {
  let stage: TransactionStage;
  let house: House;
  let branches: PuppetBranches;

  beforeEach(async () => {
    stage = await TransactionStage.open();
    ({ house, branches } = stage);
  });
  afterEach(() => stage.close());

  const cancel = (saga: string) =>
    stage.one.coordinator.cancel({ sagaId: saga, actor: BY_TEST, reason: 'changed my mind' });

  it('while votes are waited for, is aborted, and nothing is to be undone', async () => {
    const { saga, id } = await stage.begun();
    await branches.vote(saga, 'left');
    await cancel(saga);
    await stage.stands(id, 'aborting');
    await house.until(stage.one, saga, 'cancelled');
    await branches.acknowledge(saga, 'left', 'abort');
    await branches.acknowledge(saga, 'right', 'abort');
    await stage.stands(id, 'aborted');
  });

  it('when it is committed, is undone branch by branch, the last one first, over the death of a coordinator', async () => {
    const { saga, id } = await stage.committed();
    await cancel(saga);
    await branches.undone(saga, 'right');
    await branches.asked(saga, 'undo', 'left');
    expect((await stage.stands(id, 'undoing')).waitsFor).toEqual(['left at puppet']);
    await stage.nextOwner();
    await branches.undone(saga, 'left');
    await house.until(stage.one, saga, 'cancelled');
    expect((await stage.stands(id, 'undone')).waitsFor).toEqual([]);
  });

  it('while the next transaction of its step is on its way, is not begun again', async () => {
    const { saga } = await stage.begun('thrice');
    stage.one.grip.fail({
      call: 'bus.publish',
      when: 'before',
      times: 1000,
      matches: isOf('transaction.begin-requested'),
    });
    house.world.pass(5000);
    await stage.recorded(`${saga}/1/reserve/1`, 'aborted');
    await cancel(saga);
    await house.until(stage.one, saga, 'cancelled');
    stage.one.grip.heal();
    const second = `${saga}/1/reserve/2`;
    expect(await stage.kinds(second)).toEqual(['opened', 'aborted', 'fenced', 'answered']);
    expect(branches.requests(saga, 'prepare', 'left')).toHaveLength(1);
  });

  it('and whose undo has failed waits for a person, who has it asked again', async () => {
    const { saga, id } = await stage.committed();
    await cancel(saga);
    const error = { kind: 'technical', code: 'BROKEN', message: 'the till is broken' };
    const asked: CloudEvent = await branches.asked(saga, 'undo', 'right');
    await branches.say(asked, 'undoFailed', { error, attempts: 3 });
    await house.until(stage.one, saga, 'compensation_failed');
    expect((await stage.stands(id, 'undo_failed')).next).toContain('A person mends its saga');
    const mended = await stage.one.coordinator.mend({ sagaId: saga, command: 'retry', actor: BY_TEST });
    expect(mended).toMatchObject({ ok: true });
    await branches.undone(saga, 'right', 2);
    await branches.undone(saga, 'left');
    await house.until(stage.one, saga, 'cancelled');
  });
});
