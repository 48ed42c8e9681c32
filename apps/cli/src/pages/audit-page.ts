import { moneyText } from '@aura/client';
import type { AuditReport } from '@aura/host';
import type { Terminal } from '../terminal';

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Discrepancies that are shown; `--json` has all. */
const MOST_SHOWN = 100;

/** What an audit found, for people: sums by participant, then everything that does not add up. */
export function auditPage(report: AuditReport, { colours }: Pick<Terminal, 'colours'>): readonly string[] {
  const { sums, counts, steps, sagas, transactions, byHand, discrepancies } = report;
  return [
    colours.bold('Sums'),
    ...(sums.length + counts.length === 0 ? ['  no resources'] : []),
    ...sums.map(sumLine),
    ...counts.map(countLine),
    colours.bold('Looked at'),
    `  ${steps} stateful steps, of ${sagas.ended} ended and ${sagas.open} open sagas`,
    `  ${transactions.committed} committed, ${transactions.aborted} aborted and ${transactions.open} open transactions`,
    ...byHand.map((stream) => `  ${stream} stands because a person left it so`),
    ...(discrepancies.length === 0
      ? [colours.green('Everything adds up.')]
      : [colours.red(`${discrepancies.length} things do not add up`), ...discrepancyLines(report)]),
  ];
}

function sumLine(sum: AuditReport['sums'][number]): string {
  const { participant, type, unit, resources, received, available, prepared, held, spent } = sum;
  const [all, free, bound, kept, gone] = [received, available, prepared, held, spent].map((amount) =>
    amountText(amount, unit),
  );
  const parts = `${free} available + ${bound} prepared + ${kept} held + ${gone} spent`;
  return `  ${participant} ${type} (${resources}): ${all} received = ${parts}`;
}

/** Of a currency its smallest units are counted. */
function amountText(amount: number, unit: string): string {
  return CURRENCIES.has(unit) ? moneyText(amount, unit) : `${amount} ${unit}`;
}

function countLine({
  participant,
  type,
  resources,
  standing,
  changes,
}: AuditReport['counts'][number]): string {
  return `  ${participant} ${type} (${resources}): ${standing} of ${changes} changes stand`;
}

function discrepancyLines({ discrepancies }: AuditReport): readonly string[] {
  const shown = discrepancies
    .slice(0, MOST_SHOWN)
    .map(
      ({ code, participant, stream, seq, message }) =>
        `  ${code} ${participant} ${stream} row ${seq}: ${message}`,
    );
  const more = discrepancies.length - shown.length;
  return more === 0 ? shown : [...shown, `  and ${more} more (--json shows all)`];
}
