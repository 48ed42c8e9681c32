import type { TransactionDetail, TransactionSummary } from '@aura/client';
import { deadLetterText } from './dead-letter-text';

/** A transaction in one line of the board. */
export function transactionLine({
  transaction,
  definition,
  status,
  ageMs,
  waitsFor,
}: TransactionSummary): string {
  const waiting = waitsFor.length === 0 ? '' : `, waits for ${waitsFor.join(', ')}`;
  return `${transaction}  ${definition}  ${status}  ${(ageMs / 1000).toFixed(1)} s${waiting}`;
}

/** A transaction on one page: where it stands, each branch, and what happens next. */
export function transactionLines(detail: TransactionDetail): readonly string[] {
  return [detail.why, ...detail.branches.map(branchLine), `next  ${detail.next}`];
}

function branchLine({
  id,
  participant,
  action,
  vote,
  error,
  deadLetterId,
  held,
  done,
  byHand,
  undo,
}: TransactionDetail['branches'][number]): string {
  const parts = [
    vote === undefined ? 'no vote yet' : `voted ${vote}`,
    ...(error === undefined ? [] : [error.message]),
    ...deadLetterText(deadLetterId),
    ...(held.length === 0 ? [] : [`holds ${held.map((one) => `${one.type}/${one.id}`).join(', ')}`]),
    ...(done ? ['done'] : []),
    ...(byHand === undefined ? [] : [`by hand of ${byHand.by}: ${byHand.note}`]),
    ...(undo === undefined ? [] : [`undo ${undo}`]),
  ];
  return `  ${id}  ${action} at ${participant}: ${parts.join('; ')}`;
}
