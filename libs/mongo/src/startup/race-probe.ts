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

/**
 * Refuses a store that goes on behind a row that has no place: an effect would stand without its claim. `written`: which of three
 * rows stand, from 1, that were written in order, of which the second has no place.
 */
export function requireOrder(written: readonly number[]): void {
  if (written.length === 1 && written[0] === 1) return;
  throw new UnsafeSetupError(
    `of three rows in order, of which the second has no place, MongoDB wrote ${written.join(' and ') || 'none'} instead of 1`,
    'This server does not keep the order of inserts and cannot keep the journals. Use MongoDB 4.2 or newer, or a compatible server that does.',
  );
}

/** Runs the race against the database, over several connections, and then looks whether it keeps an order. */
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
  const ordered = `${run}/order`;
  const inOrder = await connection.persist('start-up probe', async () => {
    await probe.deleteMany({ s: ordered });
    const row = (s: string, q: number): { s: string; q: number; writer: number } => ({ s, q, writer: -1 });
    await connection.insertInOrder(PROBE, [row(ordered, 1), row(run, 0), row(ordered, 3)]);
    return probe.find({ s: ordered }).sort({ q: 1 }).toArray();
  });
  requireOrder(inOrder.map(({ q }) => q));
  await connection.persist('start-up probe', () => probe.deleteMany({ s: { $in: [run, guard, ordered] } }));
}
