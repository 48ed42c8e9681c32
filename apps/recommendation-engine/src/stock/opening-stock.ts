import type { JournalRow } from '@aura/kernel';
import { openingRow } from '@aura/workflow';
import { PIECES, stock } from './stock';

/** Units of each piece that are there from the beginning, so that a fresh Aura has something to try with. */
export const OPENING_UNITS = 20;

/** The pieces that are: every one of the catalogue. */
export const OPENING_ITEMS: readonly string[] = [
  ...numbered('top', 16),
  ...numbered('bot', 14),
  ...numbered('dre', 9),
  ...numbered('out', 8),
  ...numbered('sho', 13),
  ...numbered('bag', 5),
  ...numbered('acc', 6),
];

/** First rows of the journals of all that is there from the beginning. */
export function openingStockRows(nowMs: number): readonly JournalRow[] {
  return OPENING_ITEMS.map((id) =>
    openingRow({ type: stock.name, id }, { amount: OPENING_UNITS, unit: PIECES }, nowMs),
  );
}

function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${String(n + 1).padStart(2, '0')}`);
}
