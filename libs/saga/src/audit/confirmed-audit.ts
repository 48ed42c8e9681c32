import type { AuditReport, Discrepancy } from './audit-report';

/** Passes over journals that move until what is found counts. */
const PASSES = 3;

/**
 * Audits journals that may be written meanwhile: what one pass finds and the next one does not was a moment in between.
 * Answers the last report, with the discrepancies that every pass found. `pause` lets time pass between two passes.
 */
export async function confirmedAudit(
  audit: () => Promise<AuditReport>,
  pause: () => Promise<void>,
): Promise<AuditReport> {
  let report = await audit();
  for (let pass = 1; pass < PASSES && report.discrepancies.length > 0; pass++) {
    await pause();
    const found = new Set(report.discrepancies.map(nameOf));
    const next = await audit();
    report = { ...next, discrepancies: next.discrepancies.filter((one) => found.has(nameOf(one))) };
  }
  return report;
}

function nameOf({ code, participant, stream, seq, message }: Discrepancy): string {
  return JSON.stringify([code, participant, stream, seq, message]);
}
