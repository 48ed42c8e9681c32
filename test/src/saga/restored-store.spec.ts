import type { CloudEvent } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { BY_TEST } from './house';
import type { House } from './house';
import type { PuppetBranches } from './puppet-branches';
import { HOUR_MS, TransactionStage } from './transaction-stage';
import type { Staged } from './transaction-stage';

/** A coordinator whose store was set back to a backup, or lost, while transactions were under way. */
describe('a transaction whose coordinator lost what it knew', () => {
  let stage: TransactionStage;
  let house: House;
  let branches: PuppetBranches;

  beforeEach(async () => {
    stage = await TransactionStage.open();
    ({ house, branches } = stage);
  });
  afterEach(() => stage.close());

  const incarnationOf = ({ data }: CloudEvent) => {
    return (data as { readonly incarnation: string }).incarnation;
  };

  /** A saga whose step is reached and its transaction committed; no branch has done it yet. */
  async function decided(saga: string): Promise<void> {
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await branches.vote(saga, 'left');
    await branches.vote(saga, 'right');
    await branches.asked(saga, 'commit', 'left');
    await branches.asked(saga, 'commit', 'right');
  }

  /** A prepared branch asks, as it does until it hears the decision; answers what it is told. */
  async function asks({ saga }: Pick<Staged, 'saga'>, branch: string): Promise<CloudEvent> {
    const known = await branches.asked(saga, 'prepare', branch);
    const held = [{ type: 'coats', id: branch }];
    await branches.say(known, 'ask', { held, incarnation: incarnationOf(known) });
    return branches.asked(saga, 'wait', branch);
  }

  const decide = ({ id }: Staged, decision: 'committed' | 'aborted') =>
    stage.one.coordinator.transactions.decide({ transaction: id, decision, actor: BY_TEST, note: 'seen' });

  it('is unknown where it stood undecided: who is asked again and says what was decided ends that', async () => {
    const staged = await stage.begun();
    const { saga, id } = staged;
    await branches.vote(saga, 'left');
    await stage.recorded(id, 'voted');
    const backup = await stage.backup();
    await branches.vote(saga, 'right');
    await branches.asked(saga, 'commit', 'left');
    await stage.restore(backup);
    const seen = await stage.stands(id, 'unknown');
    expect(seen.waitsFor).toEqual(['left at puppet']);
    const again = await branches.asked(saga, 'prepare', 'right', 2);
    expect(incarnationOf(again)).not.toBe(incarnationOf(await branches.asked(saga, 'prepare', 'right')));
    expect((await asks(staged, 'right')).data).toMatchObject({ decision: 'unknown' });
    await branches.acknowledge(saga, 'left');
    await stage.stands(id, 'committing');
    await branches.acknowledge(saga, 'right');
    await branches.acknowledge(saga, 'left');
    await stage.stands(id, 'committed');
    await stage.ends(saga);
  });

  it('is unknown where its step was not even reached: a person decides, and the step hears of it when it is', async () => {
    const saga = await house.start(stage.one, 'pair');
    const staged = { saga, id: `${saga}/1/reserve/1` };
    const backup = await stage.backup();
    await decided(saga);
    await stage.restore(backup);
    const told = await asks(staged, 'left');
    expect(told.data).toMatchObject({ transaction: staged.id, decision: 'unknown' });
    await asks(staged, 'right');
    const { coordinator } = stage.one;
    const [listed] = await coordinator.transactions.list({ which: 'open' });
    expect(listed).toMatchObject({ transaction: staged.id, status: 'unknown', definition: 'pair' });
    expect(await coordinator.transactions.show(staged.id)).toMatchObject({
      branches: [
        {
          id: 'left',
          participant: 'puppet',
          vote: 'yes',
          held: [{ type: 'coats', id: 'left' }],
          done: false,
        },
        { id: 'right', vote: 'yes' },
      ],
      next: expect.stringContaining(`aura tx decide ${staged.id} committed|aborted --note why`) as string,
    });
    const standing = await coordinator.standing(staged.id);
    expect(standing).toMatchObject({ waitingFor: 'a person', owner: 'operators' });
    expect(standing?.why).toMatch(
      /is unknown: what the store of the coordinator knew of it was lost or set back, and nobody has said what was decided; prepared, and in doubt, is left at puppet, right at puppet; a person looks/,
    );
    expect(await decide(staged, 'committed')).toMatchObject({ ok: true, value: { status: 'committing' } });
    await branches.asked(saga, 'commit', 'right', 2);
    await branches.acknowledge(saga, 'left');
    await branches.acknowledge(saga, 'right');
    await stage.stands(staged.id, 'committed');
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await stage.ends(saga);
  });

  it('is unknown where its saga begins it a second time, and does not wait for its deadline to be aborted', async () => {
    const saga = await house.start(stage.one, 'thrice');
    const staged = { saga, id: `${saga}/1/reserve/1` };
    const backup = await stage.backup();
    await decided(saga);
    const before = { incarnation: incarnationOf(await branches.asked(saga, 'prepare', 'left')) };
    await stage.restore(backup);
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await stage.recorded(staged.id, 'opened');
    await stage.pass(6000);
    await stage.stands(staged.id, 'unknown');
    expect(await decide(staged, 'committed')).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('left, right did not vote yes') as string },
    });
    // What its participants have recorded is said again.
    for (const branch of ['left', 'right']) await branches.vote(saga, branch, 'yes', 2, before);
    await eventually('both votes stand', async () =>
      (await stage.kinds(staged.id)).filter((kind) => kind === 'voted').length === 2 ? true : undefined,
    );
    expect((await stage.stands(staged.id, 'unknown')).waitsFor).toHaveLength(2);
    expect(await decide(staged, 'aborted')).toMatchObject({ ok: true, value: { status: 'aborting' } });
    await branches.acknowledge(saga, 'left', 'abort');
    await branches.acknowledge(saga, 'right', 'abort');
    await house.until(stage.one, saga, 'failed');
  });

  it('goes on by itself where the backup has the decision', async () => {
    const { saga, id } = await stage.begun();
    await branches.vote(saga, 'left');
    await branches.vote(saga, 'right');
    await stage.recorded(id, 'committed');
    await stage.restore(await stage.backup());
    await branches.acknowledge(saga, 'left');
    await branches.acknowledge(saga, 'right');
    await stage.stands(id, 'committed');
    await stage.ends(saga);
  });

  it('is unknown although the whole store was lost, with saga and definition, and its branches hear what a person says', async () => {
    const staged = await stage.begun();
    await branches.vote(staged.saga, 'left');
    await stage.restore([], { isTold: false });
    expect((await asks(staged, 'left')).data).toMatchObject({ decision: 'unknown' });
    expect(await stage.stands(staged.id, 'unknown')).toMatchObject({ definition: 'unknown' });
    const overdue = await stage.one.coordinator.overdue();
    expect(overdue).toEqual([]);
    expect(await decide(staged, 'aborted')).toMatchObject({ ok: true });
    await branches.asked(staged.saga, 'abort', 'left');
    // A branch of which nobody knew asks later, and hears the same.
    const right = await branches.asked(staged.saga, 'prepare', 'right');
    await branches.say(right, 'ask', { incarnation: incarnationOf(right) });
    await branches.asked(staged.saga, 'abort', 'right');
    const before = ['opened', 'unknown', 'asked', 'settled', 'aborted'];
    expect(await stage.kinds(staged.id)).toEqual(before);
    // Who does not answer is told again, and who does is heard, without the plan as well.
    await stage.pass(6000);
    await branches.asked(staged.saga, 'abort', 'left', 2);
    await branches.acknowledge(staged.saga, 'left', 'abort');
    await stage.stands(staged.id, 'aborted');
    expect(await stage.kinds(staged.id)).toEqual([...before, 'reminded', 'acknowledged', 'finished']);
  });

  it('is told to be unknown to whoever looks on, and is overdue when no person has come for a day', async () => {
    const staged = await stage.begun();
    await stage.restore(await stage.backup());
    const seen = await house.tap('ai.aura.transaction.unknown.#');
    await stage.stands(staged.id, 'unknown');
    const other = await stage.begun();
    await stage.restore(await stage.backup());
    await stage.stands(other.id, 'unknown');
    await eventually('it is told', () =>
      seen.find(({ data }) => (data as { readonly transaction: string }).transaction === other.id),
    );
    for (let hours = 0; hours < 26; hours++) house.world.pass(HOUR_MS);
    const { coordinator } = stage.one;
    await eventually('it is overdue', async () =>
      (await coordinator.overdue()).some(({ id }) => id === other.id) ? true : undefined,
    );
    for (const one of [staged, other]) await decide(one, 'aborted');
  });

  it('is decided as ever where it is begun after that', async () => {
    await stage.restore(await stage.backup());
    const { saga, id } = await stage.begun('thrice');
    await branches.vote(saga, 'left');
    await stage.pass(6000);
    await stage.stands(id, 'aborting');
    const request = await branches.asked(saga, 'prepare', 'left');
    expect(incarnationOf(request)).toBe((await incarnations()).at(-1));
  });

  const incarnations = async (): Promise<readonly string[]> =>
    (await house.journal.read('store/incarnations')).map(({ at }) => new Date(at).toISOString());

  it('knows its store by one incarnation, whoever opens it and however often, until a person says that it was restored', async () => {
    const two = await house.coordinator('two', { leaseMs: HOUR_MS });
    expect(await incarnations()).toHaveLength(1);
    const refused = await house.markRestored({ actor: BY_TEST, note: 'too early' });
    expect(refused).toEqual({ ok: false, error: ['one', 'two'] });
    for (const { stop } of [two, stage.one]) await stop();
    const actor = { subject: 'ada', roles: [] };
    const said = await Promise.all(
      ['one', 'two', 'three'].map((note) => house.markRestored({ actor, note })),
    );
    const known = await incarnations();
    expect(known).toHaveLength(4);
    expect(said).toEqual(
      expect.arrayContaining(known.slice(1).map((id) => ({ ok: true, value: { id, isFirst: false } }))),
    );
    const [, row] = await house.journal.read('store/incarnations');
    expect(JSON.parse(row?.body ?? '{}')).toMatchObject({ kind: 'restored', actor });
  });

  it('begins its incarnation behind the newest of its rows, also where the clock of who says so is slow', async () => {
    const { saga } = await stage.begun();
    await stage.one.stop();
    const [first] = await house.rows(saga);
    if (first === undefined) throw new Error('there is no row');
    const at = house.world.clock.now() + HOUR_MS;
    // More than a page of them, the newest in the middle.
    const rows = Array.from({ length: 900 }, (_, n) => ({
      ...first,
      stream: `saga/copy-${String(n).padStart(3, '0')}`,
      at: at - Math.abs(600 - n),
    }));
    await house.journal.append(rows);
    expect(await house.markRestored({ actor: BY_TEST, note: 'slow' })).toMatchObject({ ok: true });
    expect((await incarnations()).at(-1)).toBe(new Date(at + 1).toISOString());
  });

  it.each([
    ['in a partition that new sagas are not given any more', 255],
    ['in a stream whose next writer had a slower clock', 0],
  ])('begins it also behind a row %s', async (_where, partition) => {
    const { saga } = await stage.begun();
    await stage.one.stop();
    const [first] = await house.rows(saga);
    if (first === undefined) throw new Error('there is no row');
    const now = house.world.clock.now();
    const ahead = { ...first, stream: 'saga/ahead', partition, at: now + HOUR_MS };
    await house.journal.append([ahead]);
    await house.journal.append([{ ...ahead, seq: 2, operations: [], at: now - HOUR_MS }]);
    expect(await house.markRestored({ actor: BY_TEST, note: 'elsewhere' })).toMatchObject({ ok: true });
    expect((await incarnations()).at(-1)).toBe(new Date(ahead.at + 1).toISOString());
  });

  it('reads no journal of a saga in hand to tell how old it is', async () => {
    await stage.restore(await stage.backup());
    const isOfSaga = ([stream]: readonly unknown[]): boolean => String(stream).startsWith('saga/');
    stage.one.grip.fail({ call: 'journal.read', when: 'before', times: 1000, matches: isOfSaga });
    const { saga, id } = await stage.begun('thrice');
    await branches.vote(saga, 'left');
    await branches.vote(saga, 'right');
    await stage.stands(id, 'committing');
    expect(stage.one.grip.hits).toBe(0);
  });

  it('is named by the first incarnation also where many coordinators begin on an empty store at once', async () => {
    await stage.one.stop();
    await house.setBack([]);
    await Promise.all(['x', 'y', 'z'].map((name) => house.coordinator(name)));
    expect(await incarnations()).toHaveLength(1);
  });
});
