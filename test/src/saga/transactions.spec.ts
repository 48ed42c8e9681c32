import { transactionVoted } from '@aura/contracts';
import type { JsonObject } from '@aura/contracts';
import { participantSource, UnroutableError } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { elsewhere, referenceTo } from '../payload/elsewhere';
import { Grip } from './grip';
import type { House } from './house';
import type { PuppetBranches } from './puppet-branches';
import { HOUR_MS, isOf, TransactionStage } from './transaction-stage';

describe('a transaction in a saga', () => {
  let stage: TransactionStage;
  let house: House;
  let branches: PuppetBranches;

  beforeEach(async () => {
    stage = await TransactionStage.open();
    ({ house, branches } = stage);
  });
  afterEach(() => stage.close());

  it('is prepared, committed and acknowledged, and its saga goes on with the outputs of its branches', async () => {
    const { saga } = await stage.committed();
    await eventually('its step has ended', async () =>
      (await stage.one.coordinator.find(saga))?.steps.find(({ id }) => id === 'reserve')?.status ===
      'completed'
        ? true
        : undefined,
    );
    await stage.ends(saga);
  });

  it('goes on at the next coordinator when one dies before all have voted', async () => {
    const { saga, id } = await stage.begun();
    await branches.vote(saga, 'left');
    await stage.recorded(id, 'voted');
    await stage.nextOwner();
    await branches.vote(saga, 'right');
    await branches.acknowledge(saga, 'left');
    await branches.acknowledge(saga, 'right');
    await stage.ends(saga);
    expect((await stage.kinds(id)).filter((kind) => kind === 'committed')).toHaveLength(1);
  });

  it('is told by the next coordinator when one dies between the decision and the telling', async () => {
    const { saga, id } = await stage.begun();
    stage.one.grip.fail({
      call: 'bus.publish',
      when: 'before',
      times: 1000,
      matches: isOf('transaction.commit-requested'),
    });
    await branches.vote(saga, 'left');
    await branches.vote(saga, 'right');
    await stage.recorded(id, 'committed');
    expect(branches.requests(saga, 'commit', 'left')).toEqual([]);
    await stage.nextOwner();
    await branches.acknowledge(saga, 'left');
    await branches.acknowledge(saga, 'right');
    await stage.ends(saga);
  });

  it('reminds at the next coordinator who has not done what was decided, and nobody else', async () => {
    const { saga, id } = await stage.begun();
    await branches.vote(saga, 'left');
    await branches.vote(saga, 'right');
    await branches.acknowledge(saga, 'left');
    await stage.recorded(id, 'acknowledged');
    await stage.nextOwner();
    expect((await stage.stands(id, 'committing')).waitsFor).toEqual(['right at puppet']);
    await branches.asked(saga, 'commit', 'right', 2);
    expect(new Set(branches.requests(saga, 'commit', 'left').map((event) => event.id)).size).toBe(1);
    await branches.acknowledge(saga, 'right');
    await stage.ends(saga);
  });

  it('is aborted at its deadline although the coordinator that began it is dead', async () => {
    const { saga, id } = await stage.begun();
    await branches.vote(saga, 'left');
    await stage.recorded(id, 'voted');
    await stage.nextOwner();
    house.world.pass(HOUR_MS / 2);
    const detail = await stage.stands(id, 'aborting');
    expect(detail.error).toMatchObject({ code: 'PREPARE_TIMEOUT' });
    await branches.acknowledge(saga, 'left', 'abort');
    await branches.acknowledge(saga, 'right', 'abort');
    await stage.stands(id, 'aborted');
    expect((await house.until(stage.one, saga, 'failed')).error).toMatchObject({ code: 'PREPARE_TIMEOUT' });
  });

  it('is not aborted for the time in which there was no coordinator that could have heard a vote', async () => {
    const { saga, id } = await stage.begun();
    const { next: before } = await stage.stands(id, 'preparing');
    await stage.one.stop();
    house.world.pass(HOUR_MS * 24);
    stage.one = await house.coordinator('next', { leaseMs: HOUR_MS });
    await eventually('it has taken over', () =>
      stage.one.coordinator.partitions().length === 2 ? true : undefined,
    );
    const marker = await stage.begun();
    expect((await stage.stands(id, 'preparing')).next).not.toBe(before);
    await branches.vote(marker.saga, 'left');
    await branches.vote(saga, 'left');
    await branches.vote(saga, 'right');
    await branches.acknowledge(saga, 'left');
    await branches.acknowledge(saga, 'right');
    await stage.ends(saga);
    await stage.pass(HOUR_MS * 0.8);
    await stage.pass(HOUR_MS * 0.8);
    await stage.stands(marker.id, 'aborting');
  });

  it('is followed by the next one of its step where it was aborted for want of time, and not begun twice', async () => {
    const { saga, id } = await stage.begun('thrice');
    house.world.pass(5000);
    await stage.stands(id, 'aborting');
    await branches.vote(saga, 'left', 'yes', 2);
    await branches.vote(saga, 'right', 'no', 2);
    const second = `${saga}/1/reserve/2`;
    await stage.stands(second, 'aborting');
    expect(await stage.kinds(`${saga}/1/reserve/3`)).toEqual([]);
    expect((await house.until(stage.one, saga, 'failed')).error).toMatchObject({ code: 'NONE_LEFT' });
  });

  it('has one decision although the store fails at every append once, before and behind it', async () => {
    for (const when of ['before', 'behind'] as const) {
      const failed = new Set<string>();
      const isFirst = ([rows]: readonly unknown[]): boolean => {
        const own = (rows as readonly { readonly stream: string; readonly seq: number }[]).map(
          ({ stream, seq }) => `${stream}@${seq}`,
        );
        if (own.every((key) => failed.has(key)) || !own.some((key) => key.startsWith('tx/'))) return false;
        for (const key of own) failed.add(key);
        return true;
      };
      for (const call of ['journal.append', 'journal.appendInOrder'])
        stage.one.grip.fail({ call, when, times: 1000, matches: isFirst });
      const { saga, id } = await stage.committed();
      await stage.ends(saga);
      stage.one.grip.heal();
      expect(failed.size).toBeGreaterThanOrEqual(3);
      expect((await stage.kinds(id)).filter((kind) => kind === 'committed')).toHaveLength(1);
      expect(new Set(branches.requests(saga, 'commit', 'left').map((event) => event.id)).size).toBe(1);
    }
  });

  it('takes what branches say by reference', async () => {
    const { saga, id } = await stage.begun();
    for (const side of ['left', 'right']) {
      const request = await branches.asked(saga, 'prepare', side);
      const data = { ...(request.data as JsonObject), vote: 'yes', held: [], output: { far: side } };
      const source = participantSource('puppet');
      const vote = { ...request, id: `far/${saga}/${side}`, source, type: transactionVoted.type };
      await branches.track(elsewhere(vote, await referenceTo(data, house.embedded.claims)));
    }
    await branches.acknowledge(saga, 'left');
    await branches.acknowledge(saga, 'right');
    await stage.stands(id, 'committed');
    const rows = await house.journal.read(`tx/${id}`);
    expect(rows.map(({ payload }) => payload).join()).toContain('{"far":"left"}');
    await stage.ends(saga);
  });

  it('gets the view again that was deleted by hand, the same byte for byte, and its timer with it', async () => {
    await stage.one.stop();
    stage.one = await house.coordinator('patrolling', { leaseMs: HOUR_MS, patrolMs: 20 });
    const { id } = await stage.begun();
    const views = await house.views('transactions');
    const before = await eventually('its view is there', async () => {
      const view = await views.get(id);
      return view?.fields['publishedSeq'] === 1 ? view : undefined;
    });
    await views.remove([id]);
    expect(await stage.one.coordinator.transactions.list({ which: 'all' })).toEqual([]);
    house.world.pass(11_000);
    expect(await eventually('it is back', () => views.get(id))).toEqual(before);
    expect(house.warnings.map(({ message }) => message)).toContain(
      'the views of 1 transactions are gone; they are made again',
    );
  });

  it('that the bus refuses does not stop those that the next coordinator finds beside it', async () => {
    const refused = await stage.begun();
    const other = await stage.begun();
    await stage.one.stop();
    await (await house.views('transactions')).remove([refused.id, other.id]);
    const grip = new Grip();
    grip.fail({
      call: 'bus.publish',
      when: 'before',
      error: new UnroutableError('aura.events', 'k'),
      matches: (args) => isOf('prepare-requested')(args) && isOf(refused.saga)(args),
    });
    stage.one = await house.coordinator('next', { leaseMs: HOUR_MS }, grip);
    const views = await house.views('transactions');
    await eventually('both have views', async () =>
      (await views.get(other.id)) !== undefined && (await views.get(refused.id)) !== undefined
        ? true
        : undefined,
    );
    expect(grip.hits).toBe(1);
    expect(house.warnings.map(({ message }) => message)).toContain(
      `what transaction ${refused.id} has to say was refused`,
    );
    for (const { saga } of [refused, other]) {
      await branches.vote(saga, 'left');
      await branches.vote(saga, 'right');
      await branches.acknowledge(saga, 'left');
      await branches.acknowledge(saga, 'right');
      await stage.ends(saga);
    }
  });

  it('that the store does not answer for does not hold up those that the next coordinator looks at with it', async () => {
    const begun = [await stage.begun(), await stage.begun(), await stage.begun()];
    const partitions = await Promise.all(begun.map(({ saga }) => house.partition(saga)));
    // Two of them at least are in one partition.
    const shared = partitions.filter((one) => one === 0).length >= 2 ? 0 : 1;
    const ids = begun.flatMap(({ id }, n) => (partitions[n] === shared ? [id] : []));
    await stage.one.stop();
    const views = await house.views('transactions');
    await views.remove(ids);
    const grip = new Grip();
    let first: unknown;
    const isFirst = ([id]: readonly unknown[]): boolean =>
      ids.some((own) => own === id) && (first ??= id) === id;
    grip.fail({ call: 'views.transactions.get', when: 'never', times: 10, matches: isFirst });
    stage.one = await house.coordinator('next', { leaseMs: HOUR_MS }, grip);
    await eventually('the others have views', async () => {
      const found = await Promise.all(ids.map((id) => views.get(id)));
      return found.filter((view) => view !== undefined).length === ids.length - 1 ? true : undefined;
    });
    expect(grip.hits).toBeGreaterThan(0);
    await stage.nextOwner();
  });

  it('writes its view, and finds its timers, as soon as the store takes them again', async () => {
    stage.one.grip.fail({ call: 'views.transactions.put', when: 'before' });
    stage.one.grip.fail({ call: 'views.transactions.find', when: 'before' });
    const { id } = await stage.begun('thrice');
    const views = await house.views('transactions');
    await eventually('its view is there', () => views.get(id));
    expect(house.warnings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'views of transactions not written; trying again',
        'due timers of transactions could not be published; trying again',
      ]),
    );
    house.world.pass(5000);
    await stage.stands(id, 'aborting');
  });
});
