import { VirtualWorld } from './testing';

describe('a virtual world', () => {
  test('stands still until it is advanced, and fires what is due in order, each at its own time', async () => {
    const world = new VirtualWorld({ now: 1000 });
    const fired: string[] = [];
    const note = (name: string) => () =>
      fired.push(`${name}@${world.clock.now()}/${world.clock.monotonic()}`);
    world.scheduler.after(20, note('late'));
    world.scheduler.after(10, () => {
      note('early')();
      world.scheduler.after(5, note('then'));
    });
    world.scheduler.after(10, note('second'));
    const cancel = world.scheduler.after(12, note('cancelled'));
    cancel();
    cancel();
    expect([fired, world.clock.now()]).toEqual([[], 1000]);
    await world.advance(19);
    expect(fired).toEqual(['early@1010/10', 'second@1010/10', 'then@1015/15']);
    expect([world.clock.now(), world.waiting]).toEqual([1019, 1]);
    await world.advance(1);
    expect(fired.at(-1)).toBe('late@1020/20');
    expect(world.waiting).toBe(0);
  });

  test('lets promises go on behind each task', async () => {
    const world = new VirtualWorld();
    const seen: string[] = [];
    const waiting = (ms: number) =>
      new Promise<void>((resolve) => void world.scheduler.after(ms, () => resolve()));
    const going = waiting(5).then(async () => {
      seen.push('first');
      await waiting(5);
      seen.push('second');
    });
    await world.advance(10);
    expect(seen).toEqual(['first', 'second']);
    await going;
  });

  test('a jump moves the wall clock alone', async () => {
    const world = new VirtualWorld({ now: 5000 });
    world.jump(-4000);
    await world.advance(7);
    expect([world.clock.now(), world.clock.monotonic()]).toEqual([1007, 7]);
  });

  test('chance is the same for the same seed', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => new VirtualWorld({ seed }));
    const drawn = a?.randomness.bytes(8);
    expect(b?.randomness.bytes(8)).toEqual(drawn);
    expect(c?.randomness.bytes(8)).not.toEqual(drawn);
    const fraction = a?.randomness.fraction() ?? -1;
    expect(fraction >= 0 && fraction < 1).toBe(true);
  });
});
