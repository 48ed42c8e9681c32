import type { Cases } from './conformance';
import { sampleRow } from './journal-harness';
import type { JournalHarness } from './journal-harness';
import { range, shuffled } from './sample-data';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Reads, operations and snapshots. */
export const journalReadCases: Cases<JournalHarness> = {
  'a stream is read in order, whole or from behind a position': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    for (const n of range(12))
      await journal.append([sampleRow({ stream: 's', seq: n + 1, body: `{"n":${n}}` })]);
    expect((await journal.read('s')).map((row) => row.seq)).toEqual(range(12).map((n) => n + 1));
    expect((await journal.read('s', 9)).map((row) => row.seq)).toEqual([10, 11, 12]);
    expect(await journal.read('s', 12)).toEqual([]);
    expect(await journal.read('unknown')).toEqual([]);
  },

  'many reads of one turn answer each its own stream': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    await journal.append(range(60).map((n) => sampleRow({ stream: `s${n}`, body: `{"n":${n}}` })));
    await journal.append(range(30).map((n) => sampleRow({ stream: `s${n}`, seq: 2 })));
    const [reads, heads] = await Promise.all([
      Promise.all(range(62).map((n) => journal.read(`s${n}`, n % 2))),
      Promise.all(range(62).map((n) => journal.head(`s${n}`))),
    ]);
    const seqs = (n: number) => (n < 30 ? [1, 2] : n < 60 ? [1] : []);
    expect(reads.map((rows) => rows.map((row) => row.seq))).toEqual(
      range(62).map((n) => seqs(n).filter((seq) => seq > n % 2)),
    );
    expect(heads).toEqual(range(62).map((n) => seqs(n).length));
  },

  'readMany answers the streams that have rows': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    await journal.append([
      sampleRow({ stream: 'a' }),
      sampleRow({ stream: 'b' }),
      sampleRow({ stream: 'c' }),
    ]);
    await journal.append([sampleRow({ stream: 'a', seq: 2, body: '"second"' })]);
    const found = await journal.readMany(['b', 'a', 'unknown', 'a']);
    expect([...found.keys()].sort()).toEqual(['a', 'b']);
    expect(found.get('a')?.map((row) => row.seq)).toEqual([1, 2]);
    expect((await journal.readMany([])).size).toBe(0);
  },

  'an operation is found a year later with the same bytes': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const body = '{"outcome" : "späť", "amount":12.50}';
    const first = sampleRow({ stream: 'account', operations: ['saga/1/pay', 'other'], body, payload: '"p"' });
    await journal.append([first]);
    for (const n of range(100)) {
      const at = first.at + (n + 1) * (YEAR_MS / 100);
      await journal.append([sampleRow({ stream: 'account', seq: n + 2, at, operations: [`later/${n}`] })]);
    }
    expect(await journal.findOperation('account', 'saga/1/pay')).toStrictEqual(first);
    expect(await journal.findOperation('account', 'other')).toStrictEqual(first);
    expect((await journal.findOperation('account', 'later/99'))?.at).toBe(first.at + YEAR_MS);
  },

  'an operation belongs to its stream, and is found whole': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    await journal.append([
      sampleRow({ stream: 'a', operations: ['op', 'x/op'] }),
      sampleRow({ stream: 'b', operations: ['op2'] }),
    ]);
    expect((await journal.findOperation('a', 'op'))?.stream).toBe('a');
    expect(await journal.findOperation('b', 'op')).toBeUndefined();
    expect(await journal.findOperation('a', 'o')).toBeUndefined();
    expect(await journal.findOperation('unknown', 'op')).toBeUndefined();
  },

  'head is the newest position': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    expect(await journal.head('s')).toBe(0);
    for (const seq of [1, 2, 3]) await journal.append([sampleRow({ stream: 's', seq })]);
    expect(await journal.head('s')).toBe(3);
  },

  'a snapshot never goes back': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const snapshot = (seq: number, foldVersion = 1) => ({
      stream: 's',
      seq,
      state: `{"seq":${seq}}`,
      foldVersion,
    });
    expect(await journal.loadSnapshot('s')).toBeUndefined();
    await journal.saveSnapshot(snapshot(5));
    await journal.saveSnapshot(snapshot(3));
    expect(await journal.loadSnapshot('s')).toStrictEqual(snapshot(5));
    await journal.saveSnapshot(snapshot(5, 2));
    expect(await journal.loadSnapshot('s')).toStrictEqual(snapshot(5, 2));
    await Promise.all(shuffled(range(40)).map((n) => journal.saveSnapshot(snapshot(n + 10))));
    expect(await journal.loadSnapshot('s')).toStrictEqual(snapshot(49));
    expect(await journal.loadSnapshot('t')).toBeUndefined();
  },

  'namespaces are apart': async ({ harness, namespace }) => {
    const [one, two] = [harness.journal(namespace), harness.journal(`${namespace}b`)];
    await one.append([sampleRow({ stream: 's', operations: ['op'], body: '"one"', partition: 1 })]);
    await one.saveSnapshot({ stream: 's', seq: 1, state: '{}', foldVersion: 1 });
    expect(await two.read('s')).toEqual([]);
    expect(await two.head('s')).toBe(0);
    expect(await two.findOperation('s', 'op')).toBeUndefined();
    expect(await two.loadSnapshot('s')).toBeUndefined();
    expect(await two.scan({ partitions: [1], since: 0, limit: 10 })).toEqual([]);
    expect(await two.append([sampleRow({ stream: 's', body: '"two"' })])).toEqual(['appended']);
    expect((await one.read('s')).map((row) => row.body)).toEqual(['"one"']);
  },
};
