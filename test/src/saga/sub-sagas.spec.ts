import {
  stepNothingToUndo,
  stepUndoFailed,
  subSagaEnded,
  subSagaStartRequested,
  subSagaStopRequested,
} from '@aura/contracts';
import type { CloudEvent, JsonValue } from '@aura/contracts';
import { sagaIdOfChild } from '@aura/kernel';
import { trackerQueue } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { Family, tripDefinition } from './family';
import { BY_TEST } from './house';

const NOTHING = { type: stepNothingToUndo.type, data: { reason: 'none' } } as const;

describe('a sub-saga', () => {
  let family: Family;

  beforeEach(async () => {
    family = await Family.open([tripDefinition('trip')]);
  });
  afterEach(() => family.house.close());

  /** Says something in the partition of a trip. */
  async function tell(
    trip: string,
    event: Pick<CloudEvent, 'id' | 'type' | 'correlationid' | 'data'>,
  ): Promise<void> {
    const partition = await family.house.partition(trip);
    await family.house.embedded.bus.publish([
      {
        event: { specversion: '1.0', source: '/aura/coordinator', aurapartition: partition, ...event },
        to: [{ kind: 'queue', queue: trackerQueue(partition), batch: true }],
      },
    ]);
  }

  /** The request to stop a trip's first sub-saga, as its parent would say it. */
  async function stop(trip: string, epoch = 1): Promise<string> {
    const child = sagaIdOfChild({ saga: trip, run: 1, step: 'stay' }, 1);
    const definitions = await family.one.coordinator.definitions();
    const digest = definitions.find(({ id }) => id === 'stay')?.digest ?? '';
    const parent = { saga: trip, run: 1, step: 'stay', iteration: 1 };
    const error = { kind: 'technical', code: 'TEST', message: 'it is enough' };
    const data = { parent, digest, actor: BY_TEST, mode: 'undo', epoch, undone: false, error };
    await tell(trip, {
      id: `stop/${child}/${epoch}`,
      type: subSagaStopRequested.type,
      correlationid: child,
      data: data,
    });
    return child;
  }

  it('is started with the input of its step, in the partition of its parent, and ends the step', async () => {
    const { house, one } = family;
    const trip = await family.start('trip');
    const child = await family.child(trip);
    expect(await one.coordinator.find(child)).toMatchObject({
      workflow: 'stay',
      status: 'running',
      input: { nights: 2 },
      userId: 'kim',
      parent: { saga: trip, run: 1, step: 'stay', iteration: 1 },
    });
    expect(await house.partition(child)).toBe(await house.partition(trip));
    const why = `waits for the sub-saga ${child} (stay 1.0.0) of step stay`;
    expect(await one.coordinator.why(trip)).toContain(why);
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    await family.end(trip, 'b');
    const ended = await family.until(trip, 'completed');
    expect(ended.steps[0]).toMatchObject({
      status: 'completed',
      subSagas: [child],
      output: { book: { by: 'book' } },
    });
  });

  it('is begun once, and tells once more how it ended, when it is asked for again', async () => {
    const { house } = family;
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    const count = (await house.rows(child)).length;
    const definitions = await family.one.coordinator.definitions();
    const data = {
      parent: { saga: trip, run: 1, step: 'stay', iteration: 1 },
      digest: definitions.find(({ id }) => id === 'stay')?.digest ?? '',
      actor: BY_TEST,
      input: { nights: 3 },
    };
    for (const id of ['again/1', 'again/2'])
      await tell(trip, {
        id,
        type: subSagaStartRequested.type,
        correlationid: child,
        data: data,
      });
    await family.end(trip, 'b');
    await family.until(trip, 'completed');
    expect(await house.rows(child)).toHaveLength(count);
    const heard = house.puppet.received.flatMap(({ event }) =>
      event.ok && event.value.correlationid === child ? [event.value.id] : [],
    );
    expect([...new Set(heard)]).toEqual([`saga/${child}/1/0`]);
  });

  it('is stopped with its parent: what it did is undone before the parent is cancelled', async () => {
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    await family.one.coordinator.cancel({ sagaId: trip, actor: BY_TEST, reason: 'no time' });
    await eventually('the sub-saga is taken back', async () =>
      (await family.one.coordinator.find(child))?.status === 'compensating' ? true : undefined,
    );
    expect(await family.one.coordinator.why(trip)).toContain(`undo of stay (sub-saga ${child})`);
    await family.undo(child, 'book');
    expect(await family.until(child, 'compensated')).toMatchObject({ status: 'compensated' });
    expect((await family.until(trip, 'cancelled')).cancelled?.reason).toBe('no time');
  });

  it('is cancelled while it runs', async () => {
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a');
    await family.one.coordinator.cancel({ sagaId: trip, actor: BY_TEST, reason: 'no time' });
    await family.undo(child, 'book', {
      type: 'ai.aura.step.nothing-to-undo.v1',
      data: { reason: 'nothing' },
    });
    expect((await family.until(child, 'cancelled')).cancelled?.by).toBe(`saga ${trip}`);
    await family.until(trip, 'cancelled');
  });

  it('that is to stop before it has begun never begins, however often it is asked for', async () => {
    const { house } = family;
    const trip = await family.start('trip');
    // The step of another run, of which nothing was heard.
    const child = sagaIdOfChild({ saga: trip, run: 7, step: 'stay' }, 1);
    const first = await family.child(trip);
    const digest = (await family.one.coordinator.definitions()).find(({ id }) => id === 'stay')?.digest ?? '';
    const own = { parent: { saga: trip, run: 7, step: 'stay', iteration: 1 }, digest, actor: BY_TEST };
    const error = { kind: 'technical', code: 'TEST', message: 'it is enough' };
    const stopped = { ...own, mode: 'undo', epoch: 1, undone: false, error } as unknown as JsonValue;
    const begin = { ...own, input: { nights: 2 } } as unknown as JsonValue;
    await tell(trip, { id: 'x/1', type: subSagaStopRequested.type, correlationid: child, data: stopped });
    await family.until(child, 'cancelled');
    await tell(trip, { id: 'x/2', type: subSagaStartRequested.type, correlationid: child, data: begin });
    await tell(trip, { id: 'x/3', type: subSagaStopRequested.type, correlationid: child, data: stopped });
    await family.end(first, 'a', 'book');
    await family.until(first, 'completed');
    expect((await house.rows(child)).length).toBe(2);
    expect(house.puppet.received.some(({ event }) => event.ok && event.value.correlationid === child)).toBe(
      false,
    );
  });

  it('that cannot be undone says so to its parent, which waits for a person as well, until it is mended', async () => {
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    await family.fail(trip, 'b');
    const error = { kind: 'technical', code: 'STUCK', message: 'the hotel does not answer' };
    await family.undo(child, 'book', { type: stepUndoFailed.type, data: { error, attempts: 1 } });
    await family.until(child, 'compensation_failed');
    expect((await family.until(trip, 'compensation_failed')).error?.message).toBe(
      'the hotel does not answer',
    );
    await family.one.coordinator.mend({
      sagaId: child,
      command: 'resolve',
      actor: BY_TEST,
      reason: 'by phone',
    });
    await family.until(child, 'compensated');
    expect((await family.until(trip, 'compensated')).failedStep).toBe('b');
  });

  it('that has ended is run again by its parent alone, as a new one', async () => {
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    const own = { actor: BY_TEST, reason: 'once more' };
    const refused = await family.one.coordinator.rerun({ ...own, sagaId: child, from: 'a' });
    expect(refused).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining(`run its parent ${trip} again from step stay`) as string },
    });
    await family.end(trip, 'b');
    await family.until(trip, 'completed');
    await family.one.coordinator.rerun({ ...own, sagaId: trip, from: 'stay' });
    await family.undo(child, 'book');
    await family.until(child, 'compensated');
    const second = await family.child(trip, 1, 2);
    expect(second).not.toBe(child);
    await family.end(second, 'a', 'book');
    await family.until(second, 'completed');
    await family.house.puppet.end({
      saga: trip,
      step: 'b',
      run: 2,
      partition: await family.house.partition(trip),
    });
    expect((await family.until(trip, 'completed')).steps[0]).toMatchObject({ subSagas: [second], run: 2 });
  });

  it('keeps its definition bound as long as a definition that runs it is', async () => {
    const { house, one } = family;
    const retire = { actor: BY_TEST };
    await one.coordinator.retireDefinition({ ...retire, definition: 'stay' });
    const refused = await one.coordinator.start({ workflow: 'stay', input: {}, actor: BY_TEST });
    expect(refused).toMatchObject({ ok: false, error: { code: 'NOT_ACTIVE' } });
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    await family.end(trip, 'b');
    await family.until(trip, 'completed');
    const released = async (): Promise<boolean> => {
      const views = await house.views('definitions');
      return ((await views.get('stay@1.0.0'))?.body ?? '').includes('"release"');
    };
    expect(await released()).toBe(false);
    await one.coordinator.retireDefinition({ ...retire, definition: 'trip' });
    await eventually('it is released behind the last definition that runs it', async () =>
      (await released()) ? true : undefined,
    );
  });

  it('is refused a definition that is not active, and one that would contain itself', async () => {
    const check = async (definition: JsonValue): Promise<readonly string[]> =>
      (await family.one.coordinator.checkDefinition(JSON.stringify(definition), 'x.json')).map(
        ({ code, line }) => `${code} ${String(line)}`,
      );
    expect(await check(tripDefinition('other', {}, { workflow: 'stai' }))).toEqual(['UNKNOWN_WORKFLOW 1']);
    expect(await check(tripDefinition('stay', {}, { workflow: 'trip' }))).toEqual(['WORKFLOW_CYCLE 1']);
    expect(await check(tripDefinition('fine'))).toEqual([]);
  });

  it('is not opened by a request that nobody can read, nor before its plan is known', async () => {
    const { house } = family;
    const trip = await family.start('trip');
    await family.child(trip);
    const letters = await house.views('dead_letters');
    for (const type of [subSagaStartRequested.type, subSagaStopRequested.type])
      await tell(trip, { id: `bad/${type}`, type, correlationid: trip, data: { parent: 'me' } });
    await eventually('both are dead letters', async () =>
      (await letters.all('recordedAt')).filter(({ fields }) => fields['code'] === 'INVALID_EVENT_DATA')
        .length === 2
        ? true
        : undefined,
    );
    const parent = { saga: trip, run: 9, step: 'stay', iteration: 1 };
    const own = { parent, digest: 'sha256:unknown', actor: BY_TEST };
    const child = sagaIdOfChild(parent, 1);
    const error = { kind: 'technical', code: 'TEST', message: 'it is enough' } as const;
    const stopped = { ...own, mode: 'ask', epoch: 1, undone: false, error };
    await tell(trip, {
      id: 'u/1',
      type: subSagaStartRequested.type,
      correlationid: child,
      data: { ...own, input: {} },
    });
    await tell(trip, { id: 'u/2', type: subSagaStopRequested.type, correlationid: child, data: stopped });
    // What comes behind them in the same queue is handled.
    await stop(trip);
    await family.undo(await family.child(trip), 'book', NOTHING);
    await family.until(trip, 'failed');
    expect((await letters.all('recordedAt')).length).toBe(2);
    expect(await house.rows(child)).toEqual([]);
  });

  it('that tells of an end that nobody can read changes nothing', async () => {
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await tell(trip, { id: 'odd', type: subSagaEnded.type, correlationid: trip, data: { child } });
    await stop(trip, 1);
    await family.undo(child, 'book', NOTHING);
    await family.until(child, 'cancelled');
    const ended = await family.until(trip, 'failed');
    expect(ended.error).toMatchObject({ code: 'SUB_SAGA_FAILED' });
  });
});
