import { stepUndoRequested, transactionBeginRequested } from '@aura/contracts';
import type { CloudEvent, JsonObject } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import type { House } from './house';
import type { PuppetBranches } from './puppet-branches';
import { TransactionStage } from './transaction-stage';

const GIVEN_UP = { kind: 'business', code: 'NO', message: 'given up' };

/** What comes to a step of type transaction twice, too early, too late, or from somebody who knows less than all. */
describe('a step of type transaction', () => {
  let stage: TransactionStage;
  let house: House;
  let branches: PuppetBranches;
  let count = 0;

  beforeEach(async () => {
    stage = await TransactionStage.open();
    ({ house, branches } = stage);
  });
  afterEach(() => stage.close());

  /** A saga whose step is not reached. */
  async function waiting(): Promise<{ readonly saga: string; readonly plan: string }> {
    const saga = await house.start(stage.one, 'pair', { userId: 'anna' });
    const known = (await stage.one.coordinator.definitions()).find(({ id }) => id === 'pair');
    return { saga, plan: known?.digest ?? '' };
  }

  function event(type: string, data: JsonObject, more: Partial<CloudEvent>): CloudEvent {
    count += 1;
    return { specversion: '1.0', id: `stray/${count}`, source: '/aura/coordinator', type, data, ...more };
  }

  const begin = (saga: string, plan: string, n: number, more: Partial<CloudEvent> = {}): CloudEvent => {
    const branch = { participant: 'puppet', input: {} };
    const sides = ['left', 'right'].map((id) => ({ ...branch, id, action: `hold-${id}` }));
    return event(
      transactionBeginRequested.type,
      { transaction: `${saga}/1/${more.aurastep ?? 'reserve'}/${n}`, branches: sides },
      { correlationid: saga, aurastep: 'reserve', aurarun: 1, auraplan: plan, ...more },
    );
  };

  /** All that was brought before is handled. */
  async function handled(): Promise<void> {
    const marker = `marker/1/reserve/1`;
    const [definition] = await stage.one.coordinator.definitions();
    for (const aurapartition of [0, 1]) {
      const more = { auraplan: definition?.digest ?? '', aurapartition };
      await branches.track(
        event(
          stepUndoRequested.type,
          { error: GIVEN_UP },
          { correlationid: 'marker', aurastep: 'reserve', ...more },
        ),
      );
    }
    await stage.recorded(marker, 'answered');
  }

  it('that is given up before it was begun is fenced in the place of its first transaction', async () => {
    const { saga, plan } = await waiting();
    const fence = { correlationid: saga, aurastep: 'reserve', auraplan: plan };
    await branches.track(event(stepUndoRequested.type, { error: GIVEN_UP }, fence));
    await stage.recorded(`${saga}/1/reserve/1`, 'answered');
    expect(await stage.kinds(`${saga}/1/reserve/1`)).toEqual(['opened', 'aborted', 'fenced', 'answered']);
    await branches.track(begin(saga, plan, 1));
    await handled();
    expect(branches.requests(saga, 'prepare', 'left')).toEqual([]);
  });

  it('is not begun with a later transaction while the first is not known', async () => {
    const { saga, plan } = await waiting();
    await branches.track(begin(saga, plan, 2));
    await handled();
    expect(await stage.kinds(`${saga}/1/reserve/1`)).toEqual([]);
    expect(await stage.kinds(`${saga}/1/reserve/2`)).toEqual([]);
  });

  it('is begun once however often it is asked for, with the person and the trace of its saga', async () => {
    const { saga, plan } = await waiting();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const partition = await house.partition(saga);
    for (let round = 0; round < 3; round++)
      await branches.track(begin(saga, plan, 1, { subject: 'anna', traceparent, aurapartition: partition }));
    const asked = await branches.asked(saga, 'prepare', 'right');
    expect(asked).toMatchObject({ subject: 'anna', traceparent, aurapartition: partition });
    await handled();
    expect(await stage.kinds(`${saga}/1/reserve/1`)).toEqual(['opened']);
  });

  it('is no other step, and no other step is one', async () => {
    const { saga, plan } = await waiting();
    await branches.track(begin(saga, plan, 1, { aurastep: 'a' }));
    await branches.track(
      event(stepUndoRequested.type, { error: GIVEN_UP }, { correlationid: saga, auraplan: plan }),
    );
    await handled();
    expect(await stage.kinds(`${saga}/1/a/1`)).toEqual([]);
  });

  it('gets its next transaction where a person has it tried again, and only behind one that is aborted', async () => {
    const { saga, id } = await stage.begun();
    const plan = (await branches.asked(saga, 'prepare', 'left')).auraplan ?? '';
    const more = { aurapartition: await house.partition(saga) };
    await branches.track(begin(saga, plan, 1, { ...more, auraepoch: 2 }));
    await branches.vote(saga, 'left', 'no');
    await stage.recorded(id, 'aborted');
    expect(await stage.kinds(`${saga}/1/reserve/2`)).toEqual([]);
    await branches.track(begin(saga, plan, 1, { ...more, auraepoch: 1 }));
    await branches.track(begin(saga, plan, 1, { ...more, auraepoch: 2 }));
    await stage.recorded(`${saga}/1/reserve/2`, 'opened');
    await branches.vote(saga, 'left', 'yes', 2);
    await branches.vote(saga, 'right', 'yes', 2);
    await eventually('the second is committed', async () =>
      (await stage.kinds(`${saga}/1/reserve/2`)).includes('committed') ? true : undefined,
    );
    expect((await stage.kinds(id)).filter((kind) => kind === 'aborted')).toHaveLength(1);
  });
});
