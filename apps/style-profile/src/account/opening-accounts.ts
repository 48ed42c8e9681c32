import { openingRow } from '@aura/workflow';
import type { JournalRow } from '@aura/kernel';
import { account } from './account';

/** Accounts that are there from the beginning, so that a fresh Aura has something to try with. */
export const OPENING_ACCOUNTS: Readonly<
  Record<string, { readonly amountCents: number; readonly currency: string }>
> = {
  ada: { amountCents: 100_000, currency: 'EUR' },
};

/** First rows of the journals of the accounts that are there from the beginning. */
export function openingAccountRows(nowMs: number): readonly JournalRow[] {
  return Object.entries(OPENING_ACCOUNTS).map(([id, { amountCents, currency }]) =>
    openingRow({ type: account.name, id }, { amount: amountCents, unit: currency }, nowMs),
  );
}
