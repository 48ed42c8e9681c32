import { MOST_ROW_CHARACTERS } from '../row-bound';
import type { Cases } from './conformance';
import { sampleRow } from './journal-harness';
import type { JournalHarness } from './journal-harness';
import { range } from './sample-data';

/** Rows that are appended one behind the other. */
export const journalOrderCases: Cases<JournalHarness> = {
  'rows in order stand all, also several of one stream': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const rows = [
      sampleRow({ stream: 'step', operations: ['claim'] }),
      sampleRow({ stream: 'purse', operations: ['step/0'], body: '{"n":1}' }),
      sampleRow({ stream: 'step', seq: 2, operations: ['end'], payload: '[1]', partition: 3 }),
    ];
    expect(await journal.appendInOrder(rows)).toEqual(['appended', 'appended', 'appended']);
    expect(await journal.read('step')).toStrictEqual([rows[0], rows[2]]);
    expect(await journal.read('purse')).toStrictEqual([rows[1]]);
    expect((await journal.findOperation('step', 'end'))?.seq).toBe(2);
  },

  'rows in order end with the first that loses its place': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    await journal.append([sampleRow({ stream: 'purse', body: '"taken"' })]);
    const rows = ['claim', 'purse', 'behind'].map((stream) => sampleRow({ stream }));
    expect(await journal.appendInOrder(rows)).toEqual(['appended', 'conflict']);
    expect(await Promise.all(['claim', 'purse', 'behind'].map((stream) => journal.head(stream)))).toEqual([
      1, 1, 0,
    ]);
  },

  'rows in order again are appended, and go on where they had ended': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const rows = range(4).map((n) => sampleRow({ stream: `s${n}`, body: `{"n":${n}}` }));
    await journal.appendInOrder(rows.slice(0, 2));
    expect(await journal.appendInOrder(rows)).toEqual(range(4).map(() => 'appended'));
    expect(await journal.appendInOrder(rows)).toEqual(range(4).map(() => 'appended'));
    for (const row of rows) expect(await journal.read(row.stream)).toStrictEqual([row]);
  },

  'many at once, some of which lose their place, come each as far as they can': async ({
    harness,
    namespace,
  }) => {
    const journal = harness.journal(namespace);
    const taken = range(30).filter((n) => n % 7 === 3);
    await journal.append(taken.map((n) => sampleRow({ stream: `r${n}`, body: '"taken"' })));
    const chain = (n: number) => [`c${n}`, `r${n}`, `e${n}`].map((stream) => sampleRow({ stream }));
    const results = await Promise.all(range(30).map((n) => journal.appendInOrder(chain(n))));
    const all = ['appended', 'appended', 'appended'];
    expect(results).toEqual(range(30).map((n) => (n % 7 === 3 ? ['appended', 'conflict'] : all)));
    const ends = await Promise.all(range(30).map((n) => journal.head(`e${n}`)));
    expect(ends).toEqual(range(30).map((n) => (n % 7 === 3 ? 0 : 1)));
  },

  'of many that race for one place the others end there': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const chain = (n: number) => [
      sampleRow({ stream: `own${n}` }),
      sampleRow({ stream: 'hot', body: `{"by":${n}}` }),
      sampleRow({ stream: `behind${n}` }),
    ];
    const results = await Promise.all(range(20).map((n) => journal.appendInOrder(chain(n))));
    const winners = range(20).filter((n) => results[n]?.length === 3);
    expect(winners).toHaveLength(1);
    for (const n of range(20)) {
      expect(results[n]?.[1]).toBe(winners.includes(n) ? 'appended' : 'conflict');
      expect(await journal.head(`behind${n}`)).toBe(winners.includes(n) ? 1 : 0);
    }
  },

  'rows in order of which one is over its bound are refused, all of them': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const larger = sampleRow({ stream: 'larger', body: '"x"', payload: 'x'.repeat(MOST_ROW_CHARACTERS + 1) });
    const appending = journal.appendInOrder([sampleRow({ stream: 'before' }), larger]);
    await expect(appending).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect([await journal.head('before'), await journal.head('larger')]).toEqual([0, 0]);
  },

  'rows in order stand all, though each is as large as many messages are': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const payload = '日'.repeat(3 * 1024 * 1024);
    const rows = range(3).map((n) => sampleRow({ stream: `large ${n}`, payload, body: `{"n":${n}}` }));
    expect(await journal.appendInOrder(rows)).toEqual(['appended', 'appended', 'appended']);
    for (const row of rows) expect(await journal.read(row.stream)).toStrictEqual([row]);
  },

  'no rows in order are nothing': async ({ harness, namespace }) => {
    expect(await harness.journal(namespace).appendInOrder([])).toEqual([]);
  },
};
