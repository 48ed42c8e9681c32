import type { Journal, StreamHead } from '../journal';
import type { Cases } from './conformance';
import { sampleRow } from './journal-harness';
import type { JournalHarness } from './journal-harness';
import { range, shuffled } from './sample-data';

const AT = 1_700_000_000_000;

/** The listing of streams by partition and time. */
export const journalScanCases: Cases<JournalHarness> = {
  'scan lists the streams of its partitions with a row since a time, by name': async ({
    harness,
    namespace,
  }) => {
    const journal = harness.journal(namespace);
    await journal.append([
      sampleRow({ stream: 'b', at: AT + 10, partition: 1 }),
      sampleRow({ stream: 'a', at: AT + 20, partition: 2 }),
      sampleRow({ stream: 'c', at: AT + 30, partition: 3 }),
      sampleRow({ stream: 'd', at: AT + 40, partition: 11 }),
      sampleRow({ stream: 'none', at: AT + 40 }),
    ]);
    await journal.append([sampleRow({ stream: 'b', seq: 2, at: AT + 50, partition: 1 })]);
    const scan = (partitions: readonly number[], since: number) =>
      journal.scan({ partitions, since, limit: 10 });
    const [a, b] = [
      { stream: 'a', seq: 1, at: AT + 20 },
      { stream: 'b', seq: 2, at: AT + 50 },
    ];
    expect(await scan([1, 2], 0)).toEqual([a, b]);
    expect(await scan([1], AT + 10)).toEqual([b]);
    expect(await scan([1, 2], AT + 20)).toEqual([a, b]);
    expect(await scan([1, 2], AT + 21)).toEqual([b]);
    expect(await scan([1, 2], AT + 51)).toEqual([]);
    expect(await scan([], 0)).toEqual([]);
    expect((await scan([1, 2, 3, 11], 0)).map((head) => head.stream)).toEqual(['a', 'b', 'c', 'd']);
  },

  'scan tells the newest position though the clock of its writer went back': async ({
    harness,
    namespace,
  }) => {
    const journal = harness.journal(namespace);
    await journal.append([sampleRow({ stream: 's', at: AT, partition: 1 })]);
    await journal.append([sampleRow({ stream: 's', seq: 2, at: AT - 1000, partition: 1 })]);
    await journal.append([sampleRow({ stream: 't', at: AT, partition: 1 })]);
    expect(await journal.scan({ partitions: [1], since: AT, limit: 10 })).toEqual([
      { stream: 's', seq: 2, at: AT - 1000 },
      { stream: 't', seq: 1, at: AT },
    ]);
  },

  'scan pages without loss and without repetition': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const numbers = shuffled(range(250));
    const name = (n: number) => `s${String(n).padStart(3, '0')}`;
    await journal.append(numbers.map((n) => sampleRow({ stream: name(n), at: AT + n, partition: n % 5 })));
    await journal.append(
      numbers
        .filter((n) => n % 2 === 0)
        .map((n) => sampleRow({ stream: name(n), seq: 2, at: AT + n, partition: n % 5 })),
    );
    const expected = range(250)
      .filter((n) => n >= 20 && n % 5 < 3)
      .map((n) => ({ stream: name(n), seq: n % 2 === 0 ? 2 : 1, at: AT + n }));
    for (const limit of [1000, 37, 1]) expect(await scanAll(journal, limit)).toEqual(expected);
  },
};

async function scanAll(journal: Journal, limit: number): Promise<readonly StreamHead[]> {
  const found: StreamHead[] = [];
  let page: readonly StreamHead[];
  do {
    const last = found.at(-1)?.stream;
    const behind = last === undefined ? {} : { afterStream: last };
    page = await journal.scan({ partitions: [0, 1, 2], since: AT + 20, limit, ...behind });
    expect(page.length).toBeLessThanOrEqual(limit);
    found.push(...page);
  } while (page.length > 0);
  return found;
}
