import type { Clock, Journal, JournalRow } from '@aura/kernel';
import type { Actor } from '../coordinator';
import type { Incarnation } from '../transaction/incarnation';

/** Stream of the lives of the coordinator's store: one row each, whose time is the incarnation's id. */
export const INCARNATIONS_STREAM = 'store/incarnations';

/** Who says that a store was set back, and from where. */
export interface Restoration {
  readonly actor: Actor;
  readonly note: string;
}

/** The incarnation that a store is in; the first begins here. Errors: `StoreUnavailableError`. */
export async function openIncarnation(journal: Journal, clock: Clock): Promise<Incarnation> {
  const known = (await journal.read(INCARNATIONS_STREAM)).at(-1);
  if (known !== undefined) return incarnationOf(known);
  const row = rowOf(1, clock.now(), { kind: 'made' });
  const [result] = await journal.append([row]);
  return result === 'appended' ? incarnationOf(row) : openIncarnation(journal, clock);
}

/** When another incarnation begins: by a clock, and behind what the store has, by whose clock it may be (ms since 1970). */
export interface Beginning {
  readonly clock: Clock;
  readonly behind: number;
}

/**
 * Begins another incarnation of a store that was set back. Coordinators learn of it when they start: none may run, and none
 * may have run since the store was set back. Errors: `StoreUnavailableError`.
 */
export async function beginIncarnation(
  journal: Journal,
  { clock, behind }: Beginning,
  restoration: Restoration,
): Promise<Incarnation> {
  await openIncarnation(journal, clock);
  for (;;) {
    const rows = await journal.read(INCARNATIONS_STREAM);
    const last = Math.max(rows.at(-1)?.at ?? 0, behind);
    const at = Math.max(clock.now(), last + 1);
    const row = rowOf(rows.length + 1, at, { kind: 'restored', ...restoration });
    const [result] = await journal.append([row]);
    if (result === 'appended') return incarnationOf(row);
  }
}

function rowOf(
  seq: number,
  at: number,
  body: { readonly kind: 'made' } | ({ readonly kind: 'restored' } & Restoration),
): JournalRow {
  return { stream: INCARNATIONS_STREAM, seq, at, operations: [], body: JSON.stringify(body) };
}

function incarnationOf({ seq, at }: JournalRow): Incarnation {
  return { id: new Date(at).toISOString(), isFirst: seq === 1 };
}
