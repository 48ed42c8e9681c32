import type { JournalRow } from '../journal';
import type { JournalReader } from '../journal-reader';
import { runCases } from './conformance';
import type { Cases } from './conformance';
import { sampleRow } from './journal-harness';
import type { JournalHarness } from './journal-harness';
import { range, shuffled } from './sample-data';

/** An opened journal, and readers beside it. */
export interface JournalReaderHarness extends JournalHarness {
  /** A reader of a namespace; closed with the harness. */
  reader(namespace: string): Promise<JournalReader>;
}

const cases: Cases<JournalReaderHarness> = {
  'a page has whole streams, by name, each with its rows in order': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const payload = '{"who":"ada"}';
    const first = sampleRow({ stream: 'b', operations: ['x', 'y'], body: '[1]', payload, partition: 3 });
    await journal.append([first, sampleRow({ stream: 'a' })]);
    await journal.append([sampleRow({ stream: 'b', seq: 2, body: '[2]' })]);
    const reader = await harness.reader(namespace);
    expect(await reader.page({ limit: 10 })).toEqual([
      [sampleRow({ stream: 'a' })],
      [first, sampleRow({ stream: 'b', seq: 2, body: '[2]' })],
    ]);
  },

  'pages are without loss and without repetition': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const name = (n: number) => `s${String(n).padStart(3, '0')}`;
    await journal.append(shuffled(range(120)).map((n) => sampleRow({ stream: name(n) })));
    await journal.append(range(60).map((n) => sampleRow({ stream: name(n), seq: 2 })));
    const reader = await harness.reader(namespace);
    const expected = range(120).map((n) => [name(n), n < 60 ? 2 : 1]);
    for (const limit of [1000, 37, 1]) {
      const found = await all(reader, {}, limit);
      expect(found.map((rows) => [rows[0]?.stream, rows.length])).toEqual(expected);
    }
  },

  'a prefix is taken as it stands': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const names = ['step', 'step/a', 'step/a%', 'step/é', 'step_a', 'steq/a', 'saga/a'];
    await journal.append(names.map((stream) => sampleRow({ stream })));
    const reader = await harness.reader(namespace);
    const found = await all(reader, { prefix: 'step/' }, 2);
    expect(found.map(([row]) => row?.stream)).toEqual(['step/a', 'step/a%', 'step/é']);
    expect(await all(reader, { prefix: 'nothing/' }, 2)).toEqual([]);
  },

  'namespaces are apart, and what is written later is seen later': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    await harness.journal(`${namespace}x`).append([sampleRow({ stream: 'other' })]);
    const reader = await harness.reader(namespace);
    expect(await reader.page({ limit: 10 })).toEqual([]);
    await journal.append([sampleRow({ stream: 'a' })]);
    expect(await reader.page({ limit: 10 })).toEqual([[sampleRow({ stream: 'a' })]]);
  },
};

/** Checks that an adapter keeps the contract of `JournalReader`. */
export function journalReaderConformance(name: string, open: () => Promise<JournalReaderHarness>): void {
  runCases(`reader of the journals of ${name}`, open, [cases]);
}

async function all(
  reader: JournalReader,
  query: { readonly prefix?: string },
  limit: number,
): Promise<readonly (readonly JournalRow[])[]> {
  const found: (readonly JournalRow[])[] = [];
  for (;;) {
    const last = found.at(-1)?.[0]?.stream;
    const behind = last === undefined ? {} : { afterStream: last };
    const page = await reader.page({ ...query, limit, ...behind });
    expect(page.length).toBeLessThanOrEqual(limit);
    if (page.length === 0) return found;
    found.push(...page);
  }
}
