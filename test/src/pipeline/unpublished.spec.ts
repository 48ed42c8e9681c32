import { StoreUnavailableError } from '@aura/kernel';
import { DONE } from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import { eventOf } from '../ground/ground';
import { Consumption, OUT, toOut, WORK } from './consumption';

const ERROR = { kind: 'technical', code: 'BROKEN', message: 'broken' } as const;

describe('a delivery', () => {
  let run: Consumption;
  beforeEach(async () => {
    run = await Consumption.open();
  });
  afterEach(() => run.close());

  test('whose outcome cannot be published is given back after a pause, and nothing is acked', async () => {
    let isMended = false;
    await run.consume(() => ({
      kind: 'done',
      publish: [
        isMended
          ? toOut('late')
          : { event: someEvent('lost'), to: [{ kind: 'queue', queue: 'aura.nowhere' }] },
      ],
    }));
    await run.send('a');
    await until(() => run.ground.warnings.length === 1, 'the warning');
    expect(await run.ground.bus.depth(WORK)).toBe(1);
    await run.world.advance(999);
    expect(run.calls).toHaveLength(1);
    isMended = true;
    await run.world.advance(1);
    await run.called(2);
    await run.ground.emptied(WORK);
    await until(() => run.out.length === 1, 'it is out');
    expect(run.calls[1]?.delivery.redelivered).toBe(true);
    expect(run.ground.warnings[0]?.details).toMatchObject({ queue: WORK });
  });

  test('is warned of with the others of its saga ever more rarely, however often they come, and anew behind a success', async () => {
    let isMended = false;
    const lost = { event: someEvent('lost'), to: [{ kind: 'queue', queue: 'aura.nowhere' }] } as const;
    await run.consume(() => ({ kind: 'done', publish: [isMended ? toOut('out') : lost] }));
    const saga = { correlationid: 'one' };
    const told = (): readonly unknown[] =>
      run.ground.warnings.filter(({ details }) => details['correlationId'] === 'one');
    const allWait = (n: number): Promise<void> =>
      until(() => run.world.waiting === n, `${n} wait to be given back`);
    await run.send('a', saga);
    await run.send('b', saga);
    await run.ground.send(WORK, someEvent('of no saga'));
    await allWait(3);
    expect([told().length, run.ground.warnings.length]).toEqual([1, 2]);
    const seconds = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        await run.world.advance(1000);
        await allWait(3);
      }
    };
    await seconds(20);
    expect([told().length, run.calls.length]).toEqual([1, 63]);
    await seconds(25);
    expect(told()).toHaveLength(2);
    isMended = true;
    await run.world.advance(1000);
    await run.ground.emptied(WORK);
    isMended = false;
    await run.send('c', saga);
    await until(() => told().length === 3, 'it is told of anew');
  });

  test('that came back before waits longer before it is given back again', async () => {
    const client = run.ground.embedded.connect();
    const nowhere = {
      kind: 'done',
      publish: [{ event: someEvent('lost'), to: [{ kind: 'queue', queue: 'aura.nowhere' }] }],
    } as const;
    await run.consume(() => nowhere, { bus: client });
    await run.send('a');
    await until(() => run.ground.warnings.length === 1, 'the first warning');
    await client.crash();
    await run.consume(() => nowhere);
    await until(() => run.ground.warnings.length === 2, 'the second warning');
    await run.world.advance(1999);
    expect(run.calls).toHaveLength(2);
    await run.world.advance(1);
    await run.called(3);
  });

  test('that waits to be given back does not keep its consumer from stopping, and is there for the next', async () => {
    const nowhere = {
      kind: 'done',
      publish: [{ event: someEvent('lost'), to: [{ kind: 'queue', queue: 'aura.nowhere' }] }],
    } as const;
    let failSecond: () => void = () => undefined;
    const secondFails = new Promise<void>((resolve) => (failSecond = resolve));
    const consumer = await run.consume(async ({ event }) => {
      if (event.id === 'b') await secondFails;
      return nowhere;
    });
    await run.send('a');
    await run.send('b');
    await until(() => run.ground.warnings.length === 1, 'the warning');
    const stopping = consumer.stop(30_000);
    // What fails while the consumer stops is given back at once, too.
    failSecond();
    await stopping;
    expect([run.calls.length, run.world.waiting]).toEqual([2, 0]);
    await run.consume(({ delivery }) => {
      expect(delivery.redelivered).toBe(true);
      return DONE;
    });
    await run.called(4);
    await run.ground.emptied(WORK);
  });

  test('whose dead letter cannot be published leaves nothing behind, and comes again', async () => {
    const client = run.ground.embedded.connect();
    const recorded: string[] = [];
    const dead = {
      kind: 'dead',
      error: ERROR,
      targets: [],
      onDead: (id: string) => Promise.resolve([toOut(`failed ${recorded.push(id)}`)]),
    } as const;
    const killed = async () => {
      await client.crash();
      return dead;
    };
    await run.consume(killed, { bus: client });
    await run.send('a');
    await run.called(1);
    await until(() => run.ground.warnings.length === 1, 'the warning');
    expect([recorded, run.dead]).toEqual([[], []]);
    await run.consume(() => dead);
    await until(() => run.dead.length + run.out.length === 2, 'both are there');
    expect(recorded).toEqual([eventOf(run.dead[0]).id]);
    await run.ground.emptied(WORK);
  });

  test('whose failure cannot be recorded is given back, not acked; its dead letter comes again as the same', async () => {
    let isAway = true;
    const onDead = () =>
      isAway ? Promise.reject(new StoreUnavailableError('no journal')) : Promise.resolve([toOut('failed')]);
    await run.consume(() => ({ kind: 'dead', error: ERROR, targets: [], onDead }));
    await run.send('a');
    await until(() => run.ground.warnings.length === 1, 'the warning');
    expect([run.out.length, await run.ground.bus.depth(WORK)]).toEqual([0, 1]);
    isAway = false;
    await run.world.advance(1000);
    await until(() => run.out.length === 1, 'it is recorded');
    await until(() => run.dead.length === 2, 'the letter was published with each attempt');
    expect(new Set(run.dead.map((letter) => eventOf(letter).id)).size).toBe(1);
    await run.ground.emptied(WORK);
    expect(await run.ground.bus.depth(OUT)).toBe(0);
  });
});
