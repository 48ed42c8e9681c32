import { UnsafeSetupError } from '@aura/kernel';
import { requireOneWinner, requireOrder } from './race-probe';
import type { RaceTrack } from './race-probe';

const laterInTheTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A store that looks, waits and then writes: what a server without atomic writes does. */
class LookThenWrite implements RaceTrack {
  private readonly positions = new Set<number>();
  private version = 0;

  constructor(private readonly atomic: { readonly insert: boolean; readonly advance: boolean }) {}

  async insert(position: number): Promise<boolean> {
    const free = !this.positions.has(position);
    if (!this.atomic.insert) await laterInTheTurn();
    if (free) this.positions.add(position);
    return free;
  }

  async advance(version: number): Promise<boolean> {
    const current = this.version === version;
    if (!this.atomic.advance) await laterInTheTurn();
    if (current) this.version = version + 1;
    return current;
  }
}

describe('the race probe', () => {
  test('takes a store with one winner in every round', async () => {
    await expect(
      requireOneWinner(new LookThenWrite({ insert: true, advance: true })),
    ).resolves.toBeUndefined();
  });

  test.each([
    [{ insert: false, advance: true }, 'inserts of one position'],
    [{ insert: true, advance: false }, 'guarded updates of one document'],
  ])('refuses one that is not atomic: %j', async (atomic, what) => {
    const probing = requireOneWinner(new LookThenWrite(atomic));
    await expect(probing).rejects.toBeInstanceOf(UnsafeSetupError);
    await expect(requireOneWinner(new LookThenWrite(atomic))).rejects.toThrow(
      `of 8 racing ${what} MongoDB let 8 win instead of 1`,
    );
  });

  test('refuses one that lets nobody win', async () => {
    const nobody = { insert: () => Promise.resolve(false), advance: () => Promise.resolve(false) };
    await expect(requireOneWinner(nobody)).rejects.toThrow('let 0 win');
  });
});

describe('the probe of order', () => {
  test('takes a store that ends with the row that has no place', () => {
    expect(() => requireOrder([1])).not.toThrow();
  });

  test.each([
    [[1, 3], '1 and 3'],
    [[3], '3'],
    [[], 'none'],
  ])('refuses one that wrote %j', (written, told) => {
    expect(() => requireOrder(written)).toThrow(UnsafeSetupError);
    expect(() => requireOrder(written)).toThrow(`MongoDB wrote ${told} instead of 1`);
  });
});
