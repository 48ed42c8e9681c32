import { MOST_ROW_CHARACTERS } from '../row-bound';
import type { Cases } from './conformance';
import { sampleRow } from './journal-harness';
import type { JournalHarness } from './journal-harness';
import { CONTROLLED, range, sampleText } from './sample-data';

const AWKWARD_BODY = '{ "b":1,"a" : [1.0, 1e2],\n"é":"\\u0000 \\ud800","smile":"😀 日本語 \u2028" }';

/** One append, a bulk of appends, and what the rows look like afterwards. */
export const journalAppendCases: Cases<JournalHarness> = {
  'a row comes back as it was written': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const full = sampleRow({
      stream: 'full',
      operations: ['https://x.example/y z|1', 'ключ "q" \\ 😀'],
      body: AWKWARD_BODY,
      payload: `[${AWKWARD_BODY}]`,
      keyId: 'key-1',
      partition: 0,
    });
    const bare = sampleRow({ stream: 'bare' });
    expect(await journal.append([full, bare])).toEqual(['appended', 'appended']);
    expect(await journal.read('full')).toStrictEqual([full]);
    expect(await journal.read('bare')).toStrictEqual([bare]);
  },

  'names of streams may be 512 characters of any script': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const streams = ['x'.repeat(512), `${'ж'.repeat(511)}1`, `${'ж'.repeat(511)}2`, "a'b%_\\$.{}", 'a', 'a/'];
    const rows = streams.map((stream, n) =>
      sampleRow({ stream, operations: [`op${n}`], body: `{"n":${n}}` }),
    );
    expect(await journal.append(rows)).toEqual(streams.map(() => 'appended'));
    for (const row of rows) expect(await journal.read(row.stream)).toStrictEqual([row]);
  },

  'names that differ only behind a control character are different streams and operations': async ({
    harness,
    namespace,
  }) => {
    const journal = harness.journal(namespace);
    const streams = CONTROLLED.map((name) => `account/${name}`);
    const rows = streams.map((stream, n) =>
      sampleRow({ stream, operations: [`op ${stream}`], body: `{"n":${n}}`, partition: 0 }),
    );
    expect(await journal.append(rows)).toEqual(streams.map(() => 'appended'));
    for (const row of rows) expect(await journal.read(row.stream)).toStrictEqual([row]);
    for (const row of rows)
      expect(await journal.findOperation(row.stream, row.operations[0] ?? '')).toStrictEqual(row);
    const heads = await journal.scan({ partitions: [0], since: 0, limit: 100 });
    expect(heads.map(({ stream }) => stream).sort()).toEqual([...streams].sort());
  },

  'a row is taken up to its bound, in any script, and refused beyond it with those beside it': async ({
    harness,
    namespace,
  }) => {
    const journal = harness.journal(namespace);
    const largest = sampleRow({
      stream: 'largest',
      body: '{}',
      payload: '日'.repeat(MOST_ROW_CHARACTERS - 2),
    });
    const larger = { ...largest, stream: 'larger', payload: `${largest.payload ?? ''}x` };
    expect(await journal.append([largest])).toEqual(['appended']);
    expect(await journal.read('largest')).toStrictEqual([largest]);
    const appending = journal.append([sampleRow({ stream: 'beside' }), larger]);
    await expect(appending).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect([await journal.head('larger'), await journal.head('beside')]).toEqual([0, 0]);
  },

  'bodies of 1 MiB come back whole, many in one call': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const rows = range(12).map((n) => {
      const body = `"${sampleText(1024 * 1024 - 2, n + 1)}"`;
      return sampleRow({ stream: `big${n}`, body, operations: [`big op ${n}`] });
    });
    expect(await journal.append(rows)).toEqual(rows.map(() => 'appended'));
    for (const row of rows) expect(await journal.read(row.stream)).toStrictEqual([row]);
    expect((await journal.findOperation('big7', 'big op 7'))?.body).toBe(rows[7]?.body);
  },

  'the same write again is appended, and is one row': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const row = sampleRow({ stream: 's', operations: ['a', 'b'], body: '{"n":1}', payload: '"p"' });
    expect(await journal.append([row])).toEqual(['appended']);
    expect(await journal.append([row])).toEqual(['appended']);
    expect(await journal.append([sampleRow({ stream: 's', seq: 2 })])).toEqual(['appended']);
    expect(await journal.append([{ ...row }])).toEqual(['appended']);
    expect(await Promise.all(range(10).map(() => journal.append([row])))).toEqual(
      range(10).map(() => ['appended']),
    );
    expect((await journal.read('s')).map((r) => r.seq)).toEqual([1, 2]);
  },

  'a row that differs in operations, body, payload or time is a conflict': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const withoutPayload = sampleRow({ stream: 's', operations: ['a', 'b'], body: '{"n":1}' });
    const row = { ...withoutPayload, payload: '"p"' };
    await journal.append([row]);
    const others = [
      { ...row, operations: ['a'] },
      { ...row, operations: ['b', 'a'] },
      { ...row, body: '{"n": 1}' },
      { ...row, payload: '"q"' },
      withoutPayload,
      { ...row, at: row.at + 1 },
    ];
    for (const other of others) expect(await journal.append([other])).toEqual(['conflict']);
    expect(await journal.read('s')).toStrictEqual([row]);
  },

  'a bulk names its losers exactly, and its winners stay': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const taken = range(100).filter((n) => n % 3 === 0);
    const same = range(100).filter((n) => n % 10 === 1);
    const row = (n: number) => sampleRow({ stream: `s${n}`, body: `{"n":${n}}`, operations: [`op${n}`] });
    await journal.append(taken.map((n) => ({ ...row(n), body: '"taken"' })));
    await journal.append(same.filter((n) => n % 3 !== 0).map(row));
    const results = await journal.append(range(100).map(row));
    expect(results).toEqual(range(100).map((n) => (n % 3 === 0 ? 'conflict' : 'appended')));
    const stored = await journal.readMany(range(100).map((n) => `s${n}`));
    const bodies = range(100).map((n) => stored.get(`s${n}`)?.map((r) => r.body));
    expect(bodies).toEqual(range(100).map((n) => [n % 3 === 0 ? '"taken"' : `{"n":${n}}`]));
  },

  'a bulk with two rows of one stream is refused and writes nothing': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const rows = [
      sampleRow({ stream: 'a' }),
      sampleRow({ stream: 'b', seq: 1 }),
      sampleRow({ stream: 'b', seq: 2 }),
    ];
    await expect(journal.append(rows)).rejects.toBeInstanceOf(TypeError);
    expect(await journal.head('a')).toBe(0);
    expect(await journal.head('b')).toBe(0);
  },

  'an empty bulk is nothing': async ({ harness, namespace }) => {
    expect(await harness.journal(namespace).append([])).toEqual([]);
  },

  'what was appended is there after a restart': async ({ harness, namespace }) => {
    const rows = range(50).map((n) =>
      sampleRow({ stream: `s${n}`, operations: [`op${n}`], partition: n % 4 }),
    );
    const before = harness.journal(namespace);
    await Promise.all(rows.map((row) => before.append([row])));
    await before.saveSnapshot({ stream: 's1', seq: 1, state: '{"x":1}', foldVersion: 1 });
    await harness.reopen();
    const after = harness.journal(namespace);
    expect((await after.readMany(rows.map((r) => r.stream))).size).toBe(50);
    expect(await after.findOperation('s7', 'op7')).toStrictEqual(rows[7]);
    expect(await after.loadSnapshot('s1')).toEqual({
      stream: 's1',
      seq: 1,
      state: '{"x":1}',
      foldVersion: 1,
    });
    expect(await after.append([{ ...sampleRow({ stream: 's7' }), body: '"other"' }])).toEqual(['conflict']);
    expect(await after.append([sampleRow({ stream: 's7', seq: 2 })])).toEqual(['appended']);
  },
};
