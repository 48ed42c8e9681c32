import { transactionDecisionRequested } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { sagaStream, transactionStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { participantSource } from '@aura/messaging';
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

/** From now on a coordinator works to which this happens behind the n-th row of a call of several, the first or a later one. */
async function interrupted(
  behind: number,
  happens: () => Promise<unknown> = () => Promise.resolve(),
  call = 1,
): Promise<InterruptedJournal> {
  const held = new InterruptedJournal(house.journal, behind, happens, call);
  house.hold = () => held;
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

/** A saga is given up at another coordinator. */
async function cancelled(sagaId: string): Promise<void> {
  const two = await house.coordinator('two', { leaseMs: HOUR_MS });
  await two.coordinator.cancel({ sagaId, actor: BY_TEST, reason: 'changed my mind' });
}

async function votedAndDone(saga: string): Promise<void> {
  for (const branch of ['left', 'right']) await branches.vote(saga, branch);
  for (const branch of ['left', 'right']) await branches.acknowledge(saga, branch);
}

/** What the transaction came to reaches whoever performs the step behind it. */
async function triggered(saga: string): Promise<void> {
  await eventually('the step behind it may begin', () => {
    const told = house.puppet.received.flatMap(({ event }) => (event.ok ? [event.value] : []));
    const isIt = ({ type, correlationid }: CloudEvent): boolean =>
      type === 'ai.aura.step.completed.v1' && correlationid === saga;
    return told.some(isIt) ? true : undefined;
  });
}

/** A branch asks how a transaction was decided of which nobody knows anything: it is aborted for whoever begins it. */
async function asked(saga: string, id: string): Promise<void> {
  const known = (await stage.one.coordinator.definitions()).find((one) => one.id === 'pair');
  const event: CloudEvent = {
    specversion: '1.0',
    id: `asked/${id}`,
    source: participantSource('puppet'),
    type: transactionDecisionRequested.type,
    correlationid: saga,
    aurarun: 1,
    aurastep: 'reserve',
    auraplan: known?.digest ?? '',
    aurapartition: await house.partition(saga),
    data: { transaction: id, branch: 'left', held: [] },
  };
  await branches.track(event);
  await stage.recorded(id, 'aborted');
}

/** Ids of the requests to prepare that a branch has had. */
const prepares = (saga: string): number =>
  new Set(branches.requests(saga, 'prepare', 'left').map(({ id }) => id)).size;

const opened = async (id: string): Promise<number> =>
  (await stage.kinds(id)).filter((kind) => kind === 'opened').length;

describe("a transaction's end and what its saga makes of it", () => {
  it('are one call, as are its beginning and the row that came to it', async () => {
    const held = await interrupted(0);
    const { saga, id } = await stage.committed();
    await stage.ends(saga);
    expect(held.calls).toEqual([2, 2]);
    const [ofSaga, own] = [sagaStream(saga), transactionStream(id)];
    expect(held.streams.filter((stream) => stream === ofSaga || stream === own)).toEqual([
      ...[ofSaga, ofSaga, own],
      ...[own, own, ofSaga],
      ofSaga,
    ]);
  });

  it('have their words said again where the bus refuses them once', async () => {
    const { saga, id } = await stage.begun();
    for (const branch of ['left', 'right']) await branches.vote(saga, branch);
    await branches.acknowledge(saga, 'left');
    stage.one.grip.fail({ call: 'bus.publish', when: 'before', times: 2, matches: isOf('step.completed') });
    await branches.acknowledge(saga, 'right');
    await triggered(saga);
    expect(stage.one.grip.hits).toBe(2);
    expect((await stage.kinds(id)).filter((kind) => kind === 'finished')).toHaveLength(1);
    await stage.ends(saga);
  });

  it('stand both where a process dies between them, and another one takes over', async () => {
    await interrupted(1, dies, 2);
    const { saga, id } = await stage.begun();
    await votedAndDone(saga);
    await stage.recorded(id, 'finished');
    await stage.takenOver();
    await triggered(saga);
    await stage.ends(saga);
    expect((await stage.kinds(id)).filter((kind) => kind === 'finished')).toHaveLength(1);
  });

  it('are told apart where the saga was given up elsewhere between them: what is committed is undone', async () => {
    let saga = '';
    await interrupted(1, () => cancelled(saga), 2);
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
    const acknowledged = async (): Promise<void> => {
      const rows = await house.journal.read(transactionStream(id));
      const { stream, seq, at, partition = 0 } = rows.at(-1) as JournalRow;
      const body = JSON.stringify([{ kind: 'acknowledged', branch: 'left', decision: 'committed' }]);
      await house.journal.append([{ stream, seq: seq + 1, at, partition, operations: [], body }]);
    };
    await interrupted(0, acknowledged, 2);
    const staged = await stage.begun();
    ({ id } = staged);
    await votedAndDone(staged.saga);
    await triggered(staged.saga);
    await stage.ends(staged.saga);
    expect((await stage.kinds(id)).filter((kind) => kind === 'acknowledged')).toHaveLength(2);
  });
});

describe('a saga that comes to a transaction', () => {
  /** The step before it ends. */
  async function comes(): Promise<{ readonly saga: string; readonly id: string }> {
    const saga = await house.start(stage.one, 'pair');
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    return { saga, id: `${saga}/1/reserve/1` };
  }

  it('begins it at the next coordinator where one dies between the two', async () => {
    await interrupted(1, dies);
    const { saga, id } = await comes();
    await eventually('it has come to it', async () =>
      (await house.rows(saga)).length > 1 ? true : undefined,
    );
    expect(await stage.kinds(id)).toEqual([]);
    await stage.takenOver();
    await votedAndDone(saga);
    await stage.ends(saga);
    expect([await opened(id), prepares(saga)]).toEqual([1, 1]);
  });

  it('has its branches asked although the bus refuses that at first', async () => {
    stage.one.grip.fail({
      call: 'bus.publish',
      when: 'before',
      times: 2,
      matches: isOf('prepare-requested'),
    });
    const { saga, id } = await comes();
    await votedAndDone(saga);
    expect(stage.one.grip.hits).toBe(2);
    await triggered(saga);
    await stage.ends(saga);
    expect([await opened(id), prepares(saga)]).toEqual([1, 1]);
  });

  it('does not begin it where it was given up elsewhere before the two', async () => {
    let saga = '';
    await interrupted(0, () => cancelled(saga));
    saga = await house.start(stage.one, 'pair');
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await house.until(stage.one, saga, 'cancelled');
    expect([await stage.kinds(`${saga}/1/reserve/1`), prepares(saga)]).toEqual([[], 0]);
  });

  it('hears that it is aborted where somebody asked for it between the two', async () => {
    let id = '';
    await interrupted(1, () => asked(id.split('/')[0] ?? '', id));
    const saga = await house.start(stage.one, 'pair');
    id = `${saga}/1/reserve/1`;
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    expect((await house.until(stage.one, saga, 'failed')).error).toMatchObject({
      code: 'UNKNOWN_TRANSACTION',
    });
    expect(prepares(saga)).toBe(0);
  });
});

describe('a saga that begins with a transaction', () => {
  const start = (more: { readonly idempotencyKey?: string } = {}): Promise<string> =>
    house.start(stage.one, 'first', more);

  async function completes(saga: string): Promise<void> {
    await votedAndDone(saga);
    await triggered(saga);
    await stage.ends(saga);
  }

  it('begins it in the call of its own first row', async () => {
    await house.publish(stage.one, FIRST);
    const held = await interrupted(0);
    const saga = await start();
    expect(held.calls.slice(0, 1)).toEqual([2]);
    expect(held.streams.slice(-2)).toEqual([sagaStream(saga), transactionStream(`${saga}/1/reserve/1`)]);
    await completes(saga);
    expect(prepares(saga)).toBe(1);
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
    await stage.takenOver();
    const saga = await start({ idempotencyKey: 'k' });
    await completes(saga);
    expect(await opened(`${saga}/1/reserve/1`)).toBe(1);
  });

  it('is one saga with one transaction, however many start it at once', async () => {
    await house.publish(stage.one, FIRST);
    const ids = await Promise.all(Array.from({ length: 5 }, () => start({ idempotencyKey: 'k' })));
    const [saga = ''] = ids;
    expect(new Set(ids).size).toBe(1);
    await completes(saga);
    expect(await opened(`${saga}/1/reserve/1`)).toBe(1);
    expect(prepares(saga)).toBe(1);
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
