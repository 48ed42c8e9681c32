import { Coalescer } from './coalescer';
import type { CoalescerOptions } from './coalescer';

/** A coalescer of numbers that answers their doubles, batch by batch, when `release` is called. */
function doubling(options: Partial<CoalescerOptions<number, number>> = {}) {
  const batches: (readonly number[])[] = [];
  const releases: (() => void)[] = [];
  const coalescer = new Coalescer<number, number>({
    run: async (requests) => {
      batches.push(requests);
      await new Promise<void>((resolve) => releases.push(resolve));
      return requests.map((n) => 2 * n);
    },
    weigh: () => 1,
    maxWeight: 1000,
    maxRequests: 1000,
    maxInFlight: 1,
    limitMs: 60_000,
    late: () => new Error('late'),
    ...options,
  });
  return { coalescer, batches, release: () => releases.shift()?.() };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a coalescer', () => {
  test('makes one batch of what is asked in one turn, and answers each', async () => {
    const { coalescer, batches, release } = doubling();
    const answers = Promise.all([1, 2, 3].map((n) => coalescer.ask(n)));
    await turn();
    release();
    expect(await answers).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test('gathers while all slots are taken', async () => {
    const { coalescer, batches, release } = doubling({ maxInFlight: 2 });
    const first = coalescer.ask(1);
    await turn();
    const second = coalescer.ask(2);
    await turn();
    const rest = [3, 4, 5].map((n) => coalescer.ask(n));
    await turn();
    expect(batches).toEqual([[1], [2]]);
    release();
    expect(await first).toBe(2);
    release();
    release();
    expect(await Promise.all([second, ...rest])).toEqual([4, 6, 8, 10]);
    expect(batches).toEqual([[1], [2], [3, 4, 5]]);
  });

  test('closes a batch at its bounds, and never makes an empty one', async () => {
    const { coalescer, batches, release } = doubling({
      maxInFlight: 9,
      maxRequests: 3,
      maxWeight: 10,
      weigh: (n) => n,
    });
    const answers = Promise.all([1, 1, 1, 1, 9, 20, 1].map((n) => coalescer.ask(n)));
    await turn();
    expect(batches).toEqual([[1, 1, 1], [1, 9], [20], [1]]);
    for (let n = 0; n < 4; n++) release();
    expect(await answers).toEqual([2, 2, 2, 2, 18, 40, 2]);
  });

  test('tells every request of a batch that failed, and goes on', async () => {
    let fail = true;
    const coalescer = new Coalescer<number, number>({
      run: (requests) => (fail ? Promise.reject(new Error('broken')) : Promise.resolve(requests)),
      weigh: () => 1,
      maxWeight: 10,
      maxRequests: 10,
      maxInFlight: 1,
      limitMs: 60_000,
      late: () => new Error('late'),
    });
    const answers = await Promise.allSettled([coalescer.ask(1), coalescer.ask(2)]);
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
    fail = false;
    expect(await coalescer.ask(3)).toBe(3);
  });

  test('rejects what waited longer than the limit for a slot', async () => {
    const { coalescer, batches, release } = doubling({ limitMs: 300 });
    const first = coalescer.ask(1);
    await turn();
    const second = coalescer.ask(2);
    const refused = expect(second).rejects.toThrow('late');
    const start = performance.now();
    while (performance.now() - start < 400) await turn();
    release();
    expect(await first).toBe(2);
    await refused;
    expect(batches).toEqual([[1]]);
  });

  test('drains when nothing waits and nothing is under way', async () => {
    const { coalescer, release } = doubling();
    await coalescer.drain();
    const answer = coalescer.ask(1);
    let drained = false;
    const draining = coalescer.drain().then(() => (drained = true));
    await turn();
    await turn();
    expect(drained).toBe(false);
    release();
    await draining;
    expect(await answer).toBe(2);
  });
});
