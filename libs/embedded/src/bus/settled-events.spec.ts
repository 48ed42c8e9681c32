import { VirtualWorld } from '@aura/kernel/testing';
import { SettledEvents } from './settled-events';

describe('events that no queue needs', () => {
  let world: VirtualWorld;
  let turns: number;
  let settled: SettledEvents;

  beforeEach(() => {
    world = new VirtualWorld();
    turns = 0;
    settled = new SettledEvents(world.scheduler, () => (turns += 1));
  });

  it('are removed many at once', () => {
    for (let seq = 1; seq < 256; seq++) settled.add(seq);
    expect(settled.due()).toEqual([]);
    settled.add(256);
    expect(settled.due()).toHaveLength(256);
    settled.removed();
    expect(settled.due()).toEqual([]);
  });

  it('are removed within a second when no more follow', async () => {
    settled.add(7);
    await world.advance(999);
    expect([turns, settled.due()]).toEqual([0, []]);
    await world.advance(1);
    expect([turns, settled.due()]).toEqual([1, [7]]);
  });

  it('stay due where the file refused their removal, and begin a second of their own behind it', async () => {
    settled.add(7);
    await world.advance(1000);
    settled.add(8);
    expect(settled.due()).toEqual([7, 8]);
    settled.removed();
    settled.add(9);
    await world.advance(999);
    expect([turns, settled.due()]).toEqual([1, []]);
    await world.advance(1);
    expect([turns, settled.due()]).toEqual([2, [9]]);
  });

  it('are all removed with the last turn, and wake nobody behind it', async () => {
    settled.add(7);
    settled.close();
    expect(settled.due()).toEqual([7]);
    await world.advance(5000);
    expect(turns).toBe(0);
  });
});
