import { SharedReading } from './shared-reading';

/** Readings that end when they are told to. */
function readings() {
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const shared = new SharedReading(
    () => new Promise<void>((resolve, reject) => void ends.push({ resolve, reject })),
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { shared, ends, settle };
}

describe('something that is read for many', () => {
  it('is read once for all who ask at once', async () => {
    const { shared, ends, settle } = readings();
    const asked = [1, 2, 3].map(() => shared.ask());
    await settle();
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    await Promise.all(asked);
  });

  it('is read once more, behind the reading that is under way, for all who ask meanwhile', async () => {
    const { shared, ends, settle } = readings();
    const first = shared.ask();
    await settle();
    let isAnswered = false;
    const later = [shared.ask(), shared.ask()].map((asked) => asked.then(() => (isAnswered = true)));
    await settle();
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    await first;
    await settle();
    expect([ends.length, isAnswered]).toEqual([2, false]);
    ends[1]?.resolve();
    await Promise.all(later);
  });

  it('is read anew for whoever asks when it has been read', async () => {
    const { shared, ends, settle } = readings();
    for (const n of [0, 1]) {
      const asked = shared.ask();
      await settle();
      ends[n]?.resolve();
      await asked;
    }
    expect(ends).toHaveLength(2);
  });

  it('that could not be read fails for those who asked for that reading, and for nobody else', async () => {
    const { shared, ends, settle } = readings();
    const first = shared.ask();
    const failing = expect(first).rejects.toThrow('away');
    await settle();
    const next = shared.ask();
    ends[0]?.reject(new Error('away'));
    await failing;
    await settle();
    ends[1]?.resolve();
    await next;
  });
});
