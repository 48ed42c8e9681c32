import type { JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import { itemsOf, membersOf } from './row-json';
import { present } from '../machine/present';

/** What a transaction's journal tells at the coordinator. */
export interface TransactionFacts {
  /** Absent: it is not decided. */
  readonly decision?: 'committed' | 'aborted';
  /** Branches of which a person answered what became of them. */
  readonly byHand: ReadonlySet<string>;
}

/** Streams of transactions begin so; the id stands behind it. */
export const TRANSACTION_STREAMS = 'tx/';

/** The facts of a transaction's journal. */
export function transactionFacts(rows: readonly JournalRow[]): TransactionFacts {
  const entries = rows.flatMap(({ body }) => itemsOf(JSON.parse(body) as JsonValue).map(membersOf));
  const kinds = entries.map(({ kind }) => kind);
  const decision = (['committed', 'aborted'] as const).find((word) => kinds.includes(word));
  const byHand = entries
    .filter(({ kind }) => kind === 'settled')
    .flatMap(({ branches }) => itemsOf(branches).map(String));
  return { ...present({ decision }), byHand: new Set(byHand) };
}
