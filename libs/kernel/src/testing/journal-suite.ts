import { runCases } from './conformance';
import { journalAppendCases } from './journal-append-cases';
import { journalOrderCases } from './journal-order-cases';
import { journalRaceCases } from './journal-race-cases';
import { journalReadCases } from './journal-read-cases';
import type { JournalHarness } from './journal-harness';
import { journalScanCases } from './journal-scan-cases';

/** Checks that an adapter keeps the contract of `Journal`. */
export function journalConformance(name: string, open: () => Promise<JournalHarness>): void {
  runCases(`journal of ${name}`, open, [
    journalAppendCases,
    journalOrderCases,
    journalRaceCases,
    journalReadCases,
    journalScanCases,
  ]);
}
