import type { SagaStatus } from '@aura/contracts';
import { sagaStream, transactionStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { InterruptedJournal } from '../barrier/interrupted-journal';
import { eventually } from '../lab/eventually';
import { BY_TEST, puppetDefinition } from './house';
import type { House } from './house';
import type { PuppetBranches } from './puppet-branches';
import { HOUR_MS, isOf, TransactionStage } from './transaction-stage';

/** A definition that begins with a transaction. */
const FIRST = puppetDefinition(
  'first',
  [
    {
      id: 'reserve',
      type: 'transaction',
      timeout: '5h',
      transaction: {
        prepareTimeout: '90m',
        branches: ['left', 'right'].map((side) => ({ id: side, action: `hold-${side}`, input: {} })),
      },
    },
    { id: 'b', dependencies: ['reserve'] },
  ],
  { timeout: '10h' },
);

let stage: TransactionStage;
let house: House;
let branches: PuppetBranches;

beforeEach(async () => {
  stage = await TransactionStage.open();
  ({ house, branches } = stage);
});
afterEach(() => stage.close());

/** From now on a coordinator works to which this happens behind the n-th row of its first call of several. */
async function interrupted(behind: number, happens: () => Promise<unknown>): Promise<InterruptedJournal> {
  let held = new InterruptedJournal(house.journal, behind, happens);
  house.hold = (journal) => (held = new InterruptedJournal(journal, behind, happens));
  await stage.one.stop();
  stage.one = await house.coordinator('held', { leaseMs: HOUR_MS });
  house.hold = (journal) => journal;
  await eventually('it tracks', () => (stage.one.coordinator.partitions().length === 2 ? true : undefined));
  return held;
}

/** Death there: nothing more comes of the call. */
async function dies(): Promise<never> {
  await stage.one.die();
  return new Promise(() => undefined);
}

/** Another coordinator has the partitions. */
async function takenOver(): Promise<void> {
  house.world.pass(HOUR_MS);
  stage.one = await house.coordinator('next', { leaseMs: HOUR_MS });
  await eventually('it has taken over', () =>
    stage.one.coordinator.partitions().length === 2 ? true : undefined,
  );
}

async function votedAndDone(saga: string): Promise<void> {
  for (const branch of ['left', 'right']) await branches.vote(saga, branch);
  for (const branch of ['left', 'right']) await branches.acknowledge(saga, branch);
}

const isStep = async (saga: string, step: string): Promise<true | undefined> =>
  (await stage.one.coordinator.find(saga))?.steps.find(({ id }) => id === step)?.status === 'completed'
    ? true
    : undefined;

describe("a transaction's end and what its saga makes of it", () => {
  it('are one call', async () => {
    const held = await interrupted(0, () => Promise.resolve());
    const { saga, id } = await stage.committed();
    await stage.ends(saga);
    expect(held.calls).toEqual([2]);
    expect(held.streams.join(' ')).toContain(`${transactionStream(id)} ${sagaStream(saga)}`);
  });

  it('stand both where a process dies between them, and another one takes over', async () => {
    await interrupted(1, dies);
    const { saga, id } = await stage.begun();
    await votedAndDone(saga);
    await stage.recorded(id, 'finished');
    await takenOver();
    await eventually('its step has ended', () => isStep(saga, 'reserve'));
    await stage.ends(saga);
    expect((await stage.kinds(id)).filter((kind) => kind === 'finished')).toHaveLength(1);
  });

  it('are told apart where the saga was given up elsewhere between them: what is committed is undone', async () => {
    let saga = '';
    await interrupted(1, async () => {
      const two = await house.coordinator('two', { leaseMs: HOUR_MS });
      await two.coordinator.cancel({ sagaId: saga, actor: BY_TEST, reason: 'changed my mind' });
    });
    const staged = await stage.begun();
    ({ saga } = staged);
    await votedAndDone(saga);
    await branches.undone(saga, 'right');
    await branches.undone(saga, 'left');
    await house.until(stage.one, saga, 'cancelled');
    await stage.stands(staged.id, 'undone');
  });

  it('are decided anew where the transaction got a row from elsewhere before them', async () => {
    let id = '';
    await interrupted(0, async () => {
      const rows = await house.journal.read(transactionStream(id));
      const { stream, seq, at, partition = 0 } = rows.at(-1) as JournalRow;
      const body = JSON.stringify([{ kind: 'acknowledged', branch: 'left', decision: 'committed' }]);
      await house.journal.append([{ stream, seq: seq + 1, at, partition, operations: [], body }]);
    });
    const staged = await stage.begun();
    ({ id } = staged);
    await votedAndDone(staged.saga);
    await eventually('its step has ended', () => isStep(staged.saga, 'reserve'));
    await stage.ends(staged.saga);
    expect((await stage.kinds(id)).filter((kind) => kind === 'acknowledged')).toHaveLength(2);
  });
});

describe('a saga that begins with a transaction', () => {
  const start = (more: { readonly idempotencyKey?: string } = {}): Promise<string> =>
    house.start(stage.one, 'first', more);

  async function completes(saga: string, status: SagaStatus = 'completed'): Promise<void> {
    await votedAndDone(saga);
    await eventually('its step has ended', () => isStep(saga, 'reserve'));
    await stage.ends(saga);
    await house.until(stage.one, saga, status);
  }

  it('begins it in the call of its own first row', async () => {
    await house.publish(stage.one, FIRST);
    const held = await interrupted(0, () => Promise.resolve());
    const saga = await start();
    expect(held.calls).toEqual([2]);
    expect(held.streams.slice(-2)).toEqual([sagaStream(saga), transactionStream(`${saga}/1/reserve/1`)]);
    await completes(saga);
    expect(new Set(branches.requests(saga, 'prepare', 'left').map(({ id }) => id)).size).toBe(1);
  });

  it('begins it at the next coordinator where one dies between the two', async () => {
    await house.publish(stage.one, FIRST);
    await interrupted(1, dies);
    void start({ idempotencyKey: 'k' });
    await eventually('its first row stands', async () =>
      (await house.journal.scan({ partitions: [0, 1], since: 0, limit: 10 })).some(({ stream }) =>
        stream.startsWith('saga/'),
      )
        ? true
        : undefined,
    );
    await takenOver();
    const saga = await start({ idempotencyKey: 'k' });
    await completes(saga);
    expect((await stage.kinds(`${saga}/1/reserve/1`)).filter((kind) => kind === 'opened')).toHaveLength(1);
  });

  it('is one saga with one transaction, however many start it at once', async () => {
    await house.publish(stage.one, FIRST);
    const ids = await Promise.all(Array.from({ length: 5 }, () => start({ idempotencyKey: 'k' })));
    const [saga = ''] = ids;
    expect(new Set(ids).size).toBe(1);
    await completes(saga);
    expect((await stage.kinds(`${saga}/1/reserve/1`)).filter((kind) => kind === 'opened')).toHaveLength(1);
    expect(new Set(branches.requests(saga, 'prepare', 'left').map(({ id }) => id)).size).toBe(1);
  });

  it('starts although the bus refuses what its branches are asked, which is said once it takes it', async () => {
    await house.publish(stage.one, FIRST);
    stage.one.grip.refuse(isOf('prepare-requested'));
    const saga = await start();
    expect(branches.requests(saga, 'prepare', 'left')).toEqual([]);
    stage.one.grip.heal();
    await completes(saga);
  });
});
