import type { JsonValue } from '@aura/contracts';
import { transactionStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { evolveTransaction } from './evolve-transaction';
import type { PaidTransactionEntry, TransactionEntry } from './transaction-entry';
import type { TransactionState } from './transaction-state';

/** The journal row of one turn of a transaction; it stands in its saga's partition. Payloads stand apart, by the entry's position. */
export function transactionRow(
  state: TransactionState,
  entries: readonly PaidTransactionEntry[],
  at: number,
): JournalRow {
  const payloads = entries.flatMap(({ payload }, n) =>
    payload === undefined ? [] : [[String(n), payload] as const],
  );
  return {
    stream: transactionStream(state.transaction),
    seq: state.seq,
    at,
    operations: [],
    body: JSON.stringify(entries.map(({ entry }) => entry)),
    ...(payloads.length > 0 ? { payload: JSON.stringify(Object.fromEntries(payloads)) } : {}),
    partition: state.partition,
  };
}

/** The entries of a row. */
export function transactionEntries(row: JournalRow): readonly PaidTransactionEntry[] {
  const payloads = JSON.parse(row.payload ?? '{}') as Readonly<Record<string, JsonValue>>;
  return (JSON.parse(row.body) as readonly TransactionEntry[]).map((entry, n) => {
    const payload = payloads[String(n)];
    return payload === undefined ? { entry } : { entry, payload };
  });
}

/** A transaction's state after each of its rows. Errors: `TerminalError` when the journal is cut. */
export function foldTransaction(rows: readonly JournalRow[]): readonly TransactionState[] {
  const states: TransactionState[] = [];
  let state: TransactionState | undefined;
  for (const row of rows) {
    for (const paid of transactionEntries(row)) state = evolveTransaction(state, paid, row);
    if (state !== undefined) states.push(state);
  }
  return states;
}
