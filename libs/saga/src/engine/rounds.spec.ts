import { VirtualWorld } from '@aura/kernel/testing';
import { Rounds } from './rounds';

/** Rounds that end when the test says so. */
function begun(world: VirtualWorld) {
  const ends: { end: () => void; fail: (error: Error) => void }[] = [];
  const failures: unknown[] = [];
  const rounds = new Rounds(world, 100, {
    look: () => new Promise<void>((resolve, reject) => ends.push({ end: resolve, fail: reject })),
    failed: (error) => void failures.push(error),
  });
  rounds.start();
  return { rounds, ends, failures };
}

function promisesGoOn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('rounds', () => {
  const world = new VirtualWorld();

  it('begin a while behind the end of the one before, one at a time', async () => {
    const { rounds, ends } = begun(world);
    await world.advance(99);
    expect(ends).toHaveLength(0);
    await world.advance(1);
    await world.advance(1000);
    expect(ends).toHaveLength(1);
    ends[0]?.end();
    await promisesGoOn();
    await world.advance(100);
    expect(ends).toHaveLength(2);
    ends[1]?.end();
    await rounds.stop();
  });

  it('go on behind one that went wrong, and say so', async () => {
    const { rounds, ends, failures } = begun(world);
    await world.advance(100);
    ends[0]?.fail(new Error('the store is away'));
    await promisesGoOn();
    await world.advance(100);
    expect(failures).toEqual([new Error('the store is away')]);
    expect(ends).toHaveLength(2);
    ends[1]?.end();
    await rounds.stop();
  });

  it('that go wrong one after the other are told of ever more rarely, and anew behind one that went well', async () => {
    const { rounds, ends, failures } = begun(world);
    const round = async (ending: 'end' | 'fail'): Promise<void> => {
      await world.advance(100);
      ends.at(-1)?.[ending](new Error('the store is away'));
      await promisesGoOn();
    };
    for (let n = 0; n < 200; n++) await round('fail');
    expect([ends.length, failures.length]).toEqual([200, 1]);
    for (let n = 0; n < 200; n++) await round('fail');
    expect([ends.length, failures.length]).toEqual([400, 2]);
    await round('end');
    await round('fail');
    expect(failures).toHaveLength(3);
    await rounds.stop();
  });

  it('stop behind the one that is under way, and none follows', async () => {
    const { rounds, ends } = begun(world);
    await world.advance(100);
    const stopped: string[] = [];
    const stopping = rounds.stop().then(() => stopped.push('stopped'));
    expect(rounds.isStopping).toBe(true);
    await world.advance(500);
    expect(stopped).toEqual([]);
    ends[0]?.end();
    await stopping;
    expect(ends).toHaveLength(1);
    expect(world.waiting).toBe(0);
  });

  it('do not begin any more once they are stopped', async () => {
    const { rounds, ends } = begun(world);
    await rounds.stop();
    rounds.start();
    await world.advance(500);
    expect([ends.length, world.waiting]).toEqual([0, 0]);
  });
});
