import { transactionDetail } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { BY_TEST } from './house';
import type { House } from './house';
import type { PuppetBranches } from './puppet-branches';
import { HOUR_MS, TransactionStage } from './transaction-stage';

/** The look for due timers asks for the first that are due; whoever looks for what is overdue asks for the oldest. */
const isForTimers = ([query]: readonly unknown[]): boolean =>
  JSON.stringify(query).includes('"orderBy":{"field":"dueAt"');

describe('a transaction that is asked, or decided by a person,', () => {
  let stage: TransactionStage;
  let house: House;
  let branches: PuppetBranches;

  beforeEach(async () => {
    stage = await TransactionStage.open();
    ({ house, branches } = stage);
  });
  afterEach(() => stage.close());

  it('names what a branch could not handle, and so does its saga', async () => {
    const { saga, id } = await stage.begun();
    const error = { kind: 'technical', code: 'BROKEN', message: 'the books are torn' };
    const deadLetterId = 'dead/aura.participant.puppet/1';
    await branches.vote(saga, 'left', 'no', 1, { error, deadLetterId });
    const shown = await stage.stands(id, 'aborting');
    expect(shown).toMatchObject({ deadLetterId, branches: [{ deadLetterId }, {}] });
    expect(transactionDetail.parse(shown)).toEqual(shown);
    const failed = await house.until(stage.one, saga, 'failed');
    expect(failed.steps.find((step) => step.id === 'reserve')).toMatchObject({ deadLetterId });
    expect(await stage.one.coordinator.why(saga)).toContain(
      `step reserve failed: branch left: the books are torn (dead letter ${deadLetterId})`,
    );
  });

  it('shows who keeps it in doubt, and is decided by a person, at any coordinator', async () => {
    const seen = await house.tap('ai.aura.transaction.in-doubt.#');
    const two = await house.coordinator('two', { leaseMs: HOUR_MS });
    const { saga, id } = await stage.begun();
    await branches.vote(saga, 'left');
    await branches.vote(saga, 'right');
    await branches.acknowledge(saga, 'left');
    await stage.stands(id, 'committing');
    for (let round = 0; round < 3; round++) {
      await branches.asked(saga, 'commit', 'right', round + 1);
      house.world.pass(60_000);
    }
    await eventually('it is told', () =>
      seen.find(({ data }) => (data as { readonly transaction: string }).transaction === id),
    );
    const board = two.coordinator.transactions;
    const [listed] = await board.list({ which: 'open', sagaId: saga });
    expect(listed).toMatchObject({ transaction: id, status: 'committing', waitsFor: ['right at puppet'] });
    expect(await board.show(id)).toMatchObject({
      branches: [
        { id: 'left', held: [], done: true },
        { id: 'right', held: [{ type: 'coats', id: 'right' }], done: false },
      ],
    });
    const note = 'the shop has closed; seen in its books';
    const request = { transaction: id, actor: BY_TEST, note };
    expect(await board.decide({ ...request, decision: 'aborted' })).toMatchObject({
      ok: false,
      error: {
        code: 'CANNOT_DECIDE',
        message: expect.stringContaining('a decision never changes') as string,
      },
    });
    expect(await board.decide({ ...request, decision: 'committed' })).toMatchObject({
      ok: true,
      value: { status: 'committed', branches: [{}, { byHand: { by: 'tester', note } }] },
    });
    await stage.ends(saga);
    expect(await board.list({ which: 'open', sagaId: saga })).toEqual([]);
    expect(await board.list({ which: 'all' })).toMatchObject([{ transaction: id, status: 'committed' }]);
    expect(await board.forget({ transaction: id, actor: BY_TEST })).toMatchObject({
      ok: true,
      value: { status: 'forgotten', next: 'Nothing: it has ended, and was forgotten.' },
    });
    expect(await board.list({ which: 'all' })).toEqual([]);
    expect(await board.show(`${saga}/1/reserve/9`)).toBeUndefined();
    expect(await board.decide({ ...request, transaction: 'nothing', decision: 'aborted' })).toMatchObject({
      ok: false,
      error: { code: 'UNKNOWN_TRANSACTION', message: expect.stringContaining('"nothing"') as string },
    });
  });

  it('has one decision where a person aborts at one coordinator what the last vote commits at the other', async () => {
    const two = await house.coordinator('two', { leaseMs: HOUR_MS });
    const { saga, id } = await stage.begun();
    await branches.vote(saga, 'left');
    await stage.recorded(id, 'voted');
    const request = { transaction: id, decision: 'aborted', actor: BY_TEST, note: 'not wanted' } as const;
    expect(await two.coordinator.transactions.decide(request)).toMatchObject({
      ok: true,
      value: { status: 'aborting', error: { code: 'ABORTED_BY_HAND' } },
    });
    await branches.vote(saga, 'right');
    await branches.acknowledge(saga, 'left', 'abort');
    await branches.acknowledge(saga, 'right', 'abort');
    await stage.stands(id, 'aborted');
    expect((await stage.kinds(id)).filter((kind) => kind === 'committed')).toEqual([]);
    await house.until(stage.one, saga, 'failed');
  });

  it('is tried again by its owner although another coordinator has aborted it: what the owner remembers is not what stands', async () => {
    const two = await house.coordinator('two', { leaseMs: HOUR_MS });
    const { saga, id } = await stage.begun('patient');
    await branches.vote(saga, 'left');
    await stage.recorded(id, 'voted');
    const request = { transaction: id, decision: 'aborted', actor: BY_TEST, note: 'not yet' } as const;
    expect(await two.coordinator.transactions.decide(request)).toMatchObject({ ok: true });
    await house.until(stage.one, saga, 'suspended');
    const mended = await stage.one.coordinator.mend({ sagaId: saga, command: 'retry', actor: BY_TEST });
    expect(mended).toMatchObject({ ok: true });
    await stage.recorded(`${saga}/1/reserve/2`, 'opened');
  });

  it('answers whoever asks: undecided before the deadline, the decision behind it', async () => {
    const { saga, id } = await stage.begun('thrice');
    const asking = await branches.asked(saga, 'prepare', 'left');
    await branches.say(asking, 'ask');
    const told = await branches.asked(saga, 'wait', 'left');
    expect(told.data).toMatchObject({ decision: 'undecided' });
    house.world.pass(5000);
    await branches.say(asking, 'ask');
    const answers = [
      await branches.asked(saga, 'abort', 'left', 1),
      await branches.asked(saga, 'abort', 'left', 2),
    ];
    // One inbox hears both: with the same id the decision would pass for what it knows.
    expect(answers.map(({ id }) => id)).not.toContain(told.id);
    expect((await stage.stands(id, 'aborting')).waitsFor).toHaveLength(2);
  });

  it('says on request what it waits for, until when and who acts then, and is overdue when nobody does', async () => {
    const { saga, id } = await stage.begun();
    await branches.vote(saga, 'left');
    await stage.recorded(id, 'voted');
    const { coordinator } = stage.one;
    expect(await coordinator.standing(id)).toMatchObject({
      kind: 'transaction',
      id,
      waitingFor: 'right at puppet',
      owner: 'coordinator',
      why: expect.stringContaining('unless all have voted yes by then') as string,
    });
    expect(await coordinator.overdue()).toEqual([]);
    stage.one.grip.fail({
      call: 'views.transactions.find',
      when: 'before',
      times: 100_000,
      matches: isForTimers,
    });
    await stage.pass(HOUR_MS * 0.8);
    await stage.pass(HOUR_MS * 0.8);
    expect(await coordinator.overdue()).toMatchObject([{ kind: 'transaction', id }]);
    stage.one.grip.heal();
    await stage.stands(id, 'aborting');
    await branches.acknowledge(saga, 'left', 'abort');
    await branches.acknowledge(saga, 'right', 'abort');
    await stage.stands(id, 'aborted');
    expect(await stage.one.coordinator.standing(id)).toBeUndefined();
  });

  it('records the answer to a question about a transaction that nobody had begun', async () => {
    const { saga } = await stage.begun();
    const known = await branches.asked(saga, 'prepare', 'left');
    const unbegun = `${saga}/1/reserve/7`;
    await branches.say(known, 'ask', { transaction: unbegun });
    expect((await branches.asked(saga, 'abort', 'left')).data).toMatchObject({ transaction: unbegun });
    expect(await stage.kinds(unbegun)).toEqual(['opened', 'aborted']);
  });

  it('is not touched by what names no transaction, or one that was never begun', async () => {
    const { saga, id } = await stage.begun();
    const known = await branches.asked(saga, 'prepare', 'left');
    await branches.say(known, 'vote', { transaction: 'no id', vote: 'yes' });
    await branches.say(known, 'vote', { transaction: `${saga}/1/reserve/4`, vote: 'yes' });
    await branches.say(known, 'vote', { vote: 'yes' }, { type: 'ai.aura.transaction.unheard-of.v1' });
    await branches.vote(saga, 'left');
    await stage.recorded(id, 'voted');
    expect(await stage.kinds(`${saga}/1/reserve/4`)).toEqual([]);
  });

  it('waits where its plan is not known, and is a dead letter where its data is broken', async () => {
    const { saga, id } = await stage.begun();
    const known = await branches.asked(saga, 'prepare', 'left');
    await branches.say(known, 'vote', { vote: 'perhaps' });
    const views = await house.views('dead_letters');
    await eventually('it is kept', async () =>
      (await views.all('recordedAt')).find(({ fields }) => fields['code'] === 'INVALID_EVENT_DATA'),
    );
    const unknown = `sha256:${'0'.repeat(64)}`;
    await branches.say(known, 'vote', { vote: 'yes' }, { auraplan: unknown });
    const without = Object.fromEntries(
      Object.entries(known).filter(([name]) => name !== 'auraplan'),
    ) as unknown as CloudEvent;
    await branches.say(without, 'vote', { vote: 'yes' });
    await branches.vote(saga, 'right');
    await stage.recorded(id, 'voted');
    expect((await stage.kinds(id)).filter((kind) => kind === 'voted')).toHaveLength(1);
  });
});
