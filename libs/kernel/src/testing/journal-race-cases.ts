import type { Journal } from '../journal';
import type { Cases } from './conformance';
import { sampleRow } from './journal-harness';
import type { JournalHarness } from './journal-harness';
import { range, roundRobin } from './sample-data';

/** Writers against each other; over several adapters where a store can have several. */
export const journalRaceCases: Cases<JournalHarness> = {
  'of 50 racing writers exactly one wins, in each of 20 rounds': async ({ peers, namespace }) => {
    const journals = peers.map((peer) => peer.journal(namespace));
    for (const round of range(20)) {
      const results = await Promise.all(
        range(50).map((n) =>
          roundRobin(journals, n).append([
            sampleRow({ stream: 'race', seq: round + 1, body: `{"writer":${n}}` }),
          ]),
        ),
      );
      const winners = results.flatMap(([result], n) => (result === 'appended' ? [n] : []));
      expect(winners).toHaveLength(1);
      const stored = await roundRobin(journals, round).read('race', round);
      expect(stored.map((row) => row.body)).toEqual([`{"writer":${winners[0]}}`]);
    }
  },

  'racing bulks share their streams without a gap and without a second winner': async ({
    peers,
    namespace,
  }) => {
    const journals = peers.map((peer) => peer.journal(namespace));
    const streams = range(40).map((n) => `s${n}`);
    const results = await Promise.all(
      range(8).map((writer) => {
        const rows = streams.map((stream) => sampleRow({ stream, body: `{"writer":${writer}}` }));
        return roundRobin(journals, writer).append(writer % 2 ? rows : [...rows].reverse());
      }),
    );
    const inOrder = results.map((result, writer) => (writer % 2 ? result : [...result].reverse()));
    for (const [n, stream] of streams.entries()) {
      const winners = inOrder.flatMap((result, writer) => (result[n] === 'appended' ? [writer] : []));
      const stored = await roundRobin(journals, n).read(stream);
      expect({ stream, bodies: stored.map((row) => row.body) }).toEqual({
        stream,
        bodies: winners.map((writer) => `{"writer":${writer}}`),
      });
      expect(winners).toHaveLength(1);
    }
  },

  'equal rows written at once are one row, and every writer is told appended': async ({
    peers,
    namespace,
  }) => {
    const row = sampleRow({ stream: 's', operations: ['op'], body: '{"same":true}' });
    const results = await Promise.all(
      range(20).map((n) => roundRobin(peers, n).journal(namespace).append([row])),
    );
    expect(results).toEqual(range(20).map(() => ['appended']));
    expect(await roundRobin(peers, 0).journal(namespace).read('s')).toStrictEqual([row]);
  },

  'rows of one stream given in one turn by separate calls stand in order': async ({ harness, namespace }) => {
    const journal = harness.journal(namespace);
    const rows = range(20).map((n) => sampleRow({ stream: 's', seq: n + 1, body: `{"n":${n}}` }));
    const results = await Promise.all(rows.map((row) => journal.append([row])));
    expect(results).toEqual(rows.map(() => ['appended']));
    expect(await journal.read('s')).toStrictEqual(rows);
  },

  'two inputs of one stream in one turn while another writer wins: both are told, and one row stands':
    async ({ harness, peers, namespace }) => {
      const journal = harness.journal(namespace);
      const other = roundRobin(peers, 1).journal(namespace);
      await other.append([sampleRow({ stream: 's', body: '"other"' })]);
      const neighbour = sampleRow({ stream: 'neighbour' });
      const [first, second] = await Promise.all([
        journal.append([sampleRow({ stream: 's', body: '"one"' }), neighbour]),
        journal.append([sampleRow({ stream: 's', body: '"two"' })]),
      ]);
      expect([first, second]).toEqual([['conflict', 'appended'], ['conflict']]);
      expect((await journal.read('s')).map((row) => row.body)).toEqual(['"other"']);
    },

  'writers that ask, drop what stands and try the rest perform every operation once': async ({
    peers,
    namespace,
  }) => {
    const journals = peers.map((peer) => peer.journal(namespace));
    const inputs = range(30).map((n) => `op${n}`);
    await Promise.all(
      range(8).map((writer) =>
        performAll(
          roundRobin(journals, writer),
          writer,
          inputs.filter((_, n) => n % 4 !== writer % 4),
        ),
      ),
    );
    const rows = await roundRobin(journals, 0).read('s');
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, n) => n + 1));
    expect(rows.flatMap((row) => row.operations).sort()).toEqual([...inputs].sort());
  },
};

/** What an engine does: two operations a row, ask before each append, on a lost race look again. */
async function performAll(journal: Journal, writer: number, operations: readonly string[]): Promise<void> {
  let left = operations;
  for (let tries = 0; left.length > 0 && tries < 1000; tries++) {
    const rows = await journal.read('s');
    const standing = new Set(rows.flatMap((row) => row.operations));
    left = left.filter((operation) => !standing.has(operation));
    if (left.length === 0) return;
    const row = sampleRow({
      stream: 's',
      seq: rows.length + 1,
      operations: left.slice(0, 2),
      body: `{"writer":${writer}}`,
    });
    await journal.append([row]);
  }
  expect(left).toEqual([]);
}
