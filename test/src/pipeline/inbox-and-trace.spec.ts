import { StoreUnavailableError } from '@aura/kernel';
import { DONE, leaveNothing } from '@aura/messaging';
import type { Inbox, Outcome } from '@aura/messaging';
import { until } from '@aura/messaging/testing';
import { eventOf } from '../ground/ground';
import { Consumption, toOut, WORK } from './consumption';

describe('the inbox of a consumer', () => {
  let run: Consumption;
  let inbox: Inbox;
  beforeEach(async () => {
    run = await Consumption.open();
    inbox = run.ground.embedded.fast('tester').inbox;
  });
  afterEach(() => run.close());

  /** Handles a delivery whose consumer dies behind its publication, before the ack; then another one takes over. */
  async function dyingOnce(outcome: Outcome & { readonly kind: 'done' }): Promise<void> {
    const client = run.ground.embedded.connect();
    let died: Promise<void> | undefined;
    const published = () => void (died = client.crash());
    await run.consume(() => ({ ...outcome, published }), { bus: client, inbox });
    await until(() => died !== undefined, 'the first consumer died');
    await died;
    await run.consume(() => outcome, { inbox });
    await run.ground.emptied(WORK);
  }

  test('drops a delivery that was done but not acked', async () => {
    await run.send('a');
    await dyingOnce({ kind: 'done', publish: [toOut('a')] });
    expect([run.calls.length, run.out.length]).toEqual([1, 1]);
  });

  test.each([
    ['a re-emission', { aurareplay: 'reemit' }, {}],
    ['a replay', { aurareplay: 'replay', replayid: 'r1' }, {}],
    ['what aims at some reactions', {}, { targets: ['pay'] }],
  ])('lets %s pass', async (_what, attributes, headers) => {
    await run.send('a', attributes, headers);
    await dyingOnce(DONE);
    expect(run.calls).toHaveLength(2);
  });

  test('does not take an event for done because some of its reactions are', async () => {
    await run.send('a', {}, { targets: ['pay'] });
    const consumer = await run.consume(() => DONE, { inbox });
    await run.ground.emptied(WORK);
    await consumer.stop(0);
    await run.send('a');
    await dyingWithoutAck();
    await run.consume(() => DONE, { inbox });
    await run.called(3);
    await run.ground.emptied(WORK);
  });

  /** A consumer that dies while it has the delivery in hand. */
  async function dyingWithoutAck(): Promise<void> {
    const client = run.ground.embedded.connect();
    const calls = run.calls.length;
    await run.consume(() => new Promise<Outcome>(() => undefined), { bus: client, inbox });
    await run.called(calls + 1);
    await client.crash();
  }

  test('does not remember what is to be tried again', async () => {
    const error = { kind: 'technical', code: 'X', message: 'x' } as const;
    const schedule = { maxAttempts: 3, initialDelayMs: 100, multiplier: 1, maxDelayMs: 100 };
    await run.consume(
      () =>
        run.calls.length === 1
          ? { kind: 'retry', error, schedule, targets: [], onDead: leaveNothing }
          : { kind: 'done', publish: [toOut('a')] },
      { inbox },
    );
    await run.send('a');
    await run.called(1);
    await run.ground.emptied(WORK);
    await run.world.advance(125);
    await until(() => run.out.length === 1, 'the second try is out');
  });

  test('that is away costs work and a warning, never the delivery', async () => {
    const away = () => Promise.reject(new StoreUnavailableError('no Redis'));
    const lost: Inbox = { seen: away, mark: away };
    await run.send('a');
    await dyingWithoutAck();
    await run.consume(() => ({ kind: 'done', publish: [toOut('a')] }), { inbox: lost });
    await run.ground.emptied(WORK);
    await until(() => run.ground.warnings.length === 2, 'asked and marked in vain');
    expect(run.out).toHaveLength(1);
    expect(run.ground.warnings.map(({ message }) => message)).toEqual(
      Array.from({ length: 2 }, () => 'inbox not available; going on without'),
    );
  });

  test('is not asked for a delivery that comes for the first time', async () => {
    await inbox.mark(['tester|suite|a|'], 60_000);
    await run.consume(() => DONE, { inbox });
    await run.send('a');
    await run.called(1);
  });
});

describe('the trace of a delivery', () => {
  let run: Consumption;
  beforeEach(async () => {
    run = await Consumption.open();
  });
  afterEach(() => run.close());

  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const own = '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01';

  test('goes on in everything that is published for it, unless that has one of its own', async () => {
    await run.consume(() => ({
      kind: 'done',
      publish: [toOut('plain'), toOut('own', { traceparent: own })],
    }));
    await run.send('a', { traceparent, tracestate: 'aura=1' });
    await until(() => run.out.length === 2, 'both are out');
    expect(eventOf(run.out[0])).toMatchObject({ traceparent, tracestate: 'aura=1' });
    expect(eventOf(run.out[1])).toMatchObject({ traceparent: own });
    expect(eventOf(run.out[1])).not.toHaveProperty('tracestate');
  });

  test('goes on in the dead letter and in what it leaves behind', async () => {
    const error = { kind: 'technical', code: 'X', message: 'x' } as const;
    const onDead = () => Promise.resolve([toOut('failed')]);
    await run.consume(() => ({ kind: 'dead', error, targets: [], onDead }));
    await run.send('a', { traceparent });
    await until(() => run.dead.length + run.out.length === 2, 'both are there');
    expect([eventOf(run.dead[0]).traceparent, eventOf(run.out[0]).traceparent]).toEqual([
      traceparent,
      traceparent,
    ]);
    expect(eventOf(run.out[0])).not.toHaveProperty('tracestate');
  });

  test('is not invented', async () => {
    await run.consume(() => ({ kind: 'done', publish: [toOut('a')] }));
    await run.send('a');
    await until(() => run.out.length === 1, 'it is out');
    expect(eventOf(run.out[0])).not.toHaveProperty('traceparent');
  });
});
