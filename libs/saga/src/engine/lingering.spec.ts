import { VirtualWorld } from '@aura/kernel/testing';
import { LingeringSagas } from './lingering';

describe('what lingers', () => {
  const START = 1_000_000;
  let world: VirtualWorld;
  let released: [string, string[], number][];
  let lingering: LingeringSagas<string>;

  beforeEach(() => {
    world = new VirtualWorld({ now: START });
    released = [];
    lingering = new LingeringSagas<string>(world, (saga, items) => {
      released.push([saga, items, world.clock.now() - START]);
    });
  });

  it('is released together, when the first of its saga has had its time', async () => {
    lingering.add('s', 'a', 20);
    await world.advance(15);
    lingering.add('s', 'b', 650);
    await world.advance(100);
    expect(released).toEqual([['s', ['a', 'b'], 20]]);
  });

  it('waits its own time, whatever time others have, and a look at most', async () => {
    lingering.add('long', 'a', 650);
    await world.advance(1);
    lingering.add('short', 'b', 20);
    await world.advance(1000);
    expect(released.map(([saga]) => saga)).toEqual(['short', 'long']);
    expect(released[0]?.[2]).toBeLessThanOrEqual(1 + 20 + 25);
    expect(released[1]?.[2]).toBeLessThanOrEqual(650 + 25);
    expect(released[1]?.[2]).toBeGreaterThanOrEqual(650);
  });

  it('is taken at once by what cannot wait', async () => {
    lingering.add('s', 'a', 20);
    expect([lingering.take('s'), lingering.take('s')]).toEqual([['a'], []]);
    await world.advance(100);
    expect(released).toEqual([]);
  });

  it('is not held by a clock that is set back', async () => {
    lingering.add('s', 'a', 650);
    world.jump(-3_600_000);
    await world.advance(25);
    expect(released.map(([saga, items]) => [saga, items])).toEqual([['s', ['a']]]);
  });
});
