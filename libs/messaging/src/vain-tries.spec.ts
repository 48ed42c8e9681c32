import { VirtualWorld } from '@aura/kernel/testing';
import { VainTries } from './vain-tries';

describe('what was tried in vain', () => {
  let world: VirtualWorld;
  let vain: VainTries;
  beforeEach(() => {
    world = new VirtualWorld();
    vain = new VainTries(world);
  });

  /** How long something rests from now on, in steps of a second. */
  async function rest(id: string): Promise<number> {
    let seconds = 0;
    for (; vain.isResting(id); seconds++) await world.advance(1000);
    return seconds;
  }

  test('rests longer each time, give or take a quarter, and an hour and a quarter at most', async () => {
    const rests = [];
    for (let n = 0; n < 12; n++) {
      vain.add('s1');
      rests.push(await rest('s1'));
    }
    rests.forEach((seconds, n) => {
      const base = Math.min(30 * 2 ** n, 3600);
      expect(seconds).toBeGreaterThanOrEqual(base * 0.75);
      expect(seconds).toBeLessThanOrEqual(base * 1.25 + 1);
    });
  });

  test('rests alone, and not at all before it was tried', () => {
    vain.add('s1');
    expect([vain.isResting('s1'), vain.isResting('s2')]).toEqual([true, false]);
  });

  test('begins anew once it was well', async () => {
    for (let n = 0; n < 5; n++) vain.add('s1');
    vain.remove('s1');
    expect(vain.isResting('s1')).toBe(false);
    vain.add('s1');
    expect(await rest('s1')).toBeLessThanOrEqual(38);
  });

  test('begins anew where nobody tried it for hours: it had gone, or was another instance’s', async () => {
    for (let n = 0; n < 5; n++) vain.add('s1');
    await rest('s1');
    await world.advance(1.9 * 3_600_000);
    vain.add('s2');
    vain.add('s1');
    expect(await rest('s1')).toBeGreaterThan(600);
    await world.advance(2.1 * 3_600_000);
    vain.add('s2');
    vain.add('s1');
    expect(await rest('s1')).toBeLessThanOrEqual(38);
  });

  test('is forgotten where there is too much of it, the longest ago first', () => {
    for (let n = 0; n <= 10_000; n++) vain.add(String(n));
    expect([vain.isResting('0'), vain.isResting('1'), vain.isResting('10000')]).toEqual([false, true, true]);
    vain.add('1');
    vain.add('more');
    expect([vain.isResting('1'), vain.isResting('2')]).toEqual([true, false]);
  });
});
