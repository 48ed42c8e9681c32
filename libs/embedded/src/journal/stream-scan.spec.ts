import { range, sampleRow } from '@aura/kernel/testing';
import { EmbeddedHarness } from '../testing/embedded-harness';

const STREAMS = 21_000;

describe('the scan of a large journal', () => {
  it('answers the same along both of its roads', async () => {
    const harness = await EmbeddedHarness.open();
    const journal = harness.embedded.journal('large');
    const name = (n: number) => `s${String(n).padStart(5, '0')}`;
    const row = (n: number) => sampleRow({ stream: name(n), at: n, partition: n % 4 });
    await journal.append(range(STREAMS).map(row));
    await harness.embedded.journal('other').append([row(3)]);
    const query = { partitions: [1, 3], limit: 500, afterStream: name(20_000) };
    const expected = range(STREAMS)
      .filter((n) => n > 20_000 && n % 2 === 1)
      .map((n) => ({ stream: name(n), seq: 1, at: n }));
    expect(await journal.scan({ ...query, partitions: [0, 1, 2, 3], since: 0, limit: 1 })).toEqual([
      { stream: name(20_001), seq: 1, at: 20_001 },
    ]);
    expect(await journal.scan({ ...query, since: 0 })).toEqual(expected);
    expect(await journal.scan({ ...query, since: 20_000 })).toEqual(expected);
    await harness.close();
  });
});
