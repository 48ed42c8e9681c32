import { VirtualWorld } from '@aura/kernel/testing';
import { RareWarning } from './rare-warning';

describe('a warning of something that is tried again and again', () => {
  it('comes at once, then ever more rarely, and at once again when it has worked meanwhile', async () => {
    const world = new VirtualWorld();
    let told = 0;
    const warning = new RareWarning(world, () => (told += 1));
    for (let second = 0; second < 300; second += 1) {
      warning.failed(new Error('away'));
      await world.advance(1000);
    }
    expect(told).toBeGreaterThan(1);
    expect(told).toBeLessThan(30);
    const before = told;
    warning.worked();
    warning.failed(new Error('away again'));
    expect(told).toBe(before + 1);
  });
});
