import type { JournalRow } from '@aura/kernel';
import type { RowBody } from '../barrier/resource-operation';
import type { HoldingsChange } from './holdings';

/** Operation of what a resource had before any step changed it. */
export const OPENING = 'opening';

/**
 * The row that opens a resource's journal with what was there before any step: it stands at the first position, or never.
 * Appending it again is harmless: it conflicts.
 */
export function openingRow(
  { type, id }: { readonly type: string; readonly id: string },
  { amount, unit }: { readonly amount: number; readonly unit: string },
  nowMs: number,
): JournalRow {
  const change: HoldingsChange = { kind: 'received', amount, unit };
  const body: RowBody = { changes: { [OPENING]: change } };
  return { stream: `${type}/${id}`, seq: 1, at: nowMs, operations: [OPENING], body: JSON.stringify(body) };
}
