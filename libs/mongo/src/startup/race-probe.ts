import { randomUUID } from 'node:crypto';
import { UnsafeSetupError } from '@aura/kernel';
import type { Connection } from '../connection';
import { isDuplicate } from '../failures';
import { ensureIndexes } from './ensure-indexes';

/** What the probe races over; each answers whether this writer won. */
export interface RaceTrack {
  /** Inserts the one row that may stand at a position. */
  insert(position: number, writer: number): Promise<boolean>;
  /** Moves the one document from a version to the next. */
  advance(version: number, writer: number): Promise<boolean>;
}

const WRITERS = 8;
const ROUNDS = 4;
const PROBE = 'aura.probe';

/**
 * Lets writers race for one position and for one version, and refuses a store that has not exactly one winner in
 * every round. All of Aura's state stands on this.
 */
export async function requireOneWinner(track: RaceTrack): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const [what, race] of [
      ['inserts of one position', track.insert.bind(track)],
      ['guarded updates of one document', track.advance.bind(track)],
    ] as const) {
      const won = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => race(round, writer)));
      const winners = won.filter(Boolean).length;
      if (winners !== 1) {
        throw new UnsafeSetupError(
          `of ${WRITERS} racing ${what} MongoDB let ${winners} win instead of 1`,
          'This server is not atomic and cannot keep the journals. Use MongoDB 4.2 or newer, or a compatible server that is.',
        );
      }
    }
  }
}

/** Runs the race against the database, over several connections. */
export async function probeRaces(connection: Connection): Promise<void> {
  const run = randomUUID();
  const probe = connection.collection<{ s: string; q: number; writer: number }>(PROBE);
  await ensureIndexes(connection, [{ collection: PROBE, keys: ['s', 'q'], unique: true }]);
  const guard = `${run}/guard`;
  await connection.persist('start-up probe', async () => {
    await probe.insertOne({ s: guard, q: 0, writer: -1 });
    await requireOneWinner({
      insert: async (q, writer) => {
        try {
          await probe.insertOne({ s: run, q, writer });
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      },
      advance: async (q, writer) => {
        const { modifiedCount } = await probe.updateOne({ s: guard, q }, { $set: { q: q + 1, writer } });
        return modifiedCount === 1;
      },
    });
  });
  await connection.persist('start-up probe', () => probe.deleteMany({ s: { $in: [run, guard] } }));
}
