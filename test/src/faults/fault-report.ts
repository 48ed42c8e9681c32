import type { Findings } from './audit/audit';
import type { LoadCounts } from './load';

/** What a fault run did, and what came of it. */
export interface FaultReport {
  readonly mode: 'servers' | 'embedded';
  readonly seed: string;
  /** How long faults struck, seconds. */
  readonly seconds: number;
  /** How often what was struck. */
  readonly struck: Readonly<Record<string, number>>;
  /** What could not be struck, and why. */
  readonly notTried: readonly string[];
  readonly load: LoadCounts;
  readonly findings: Findings;
  /** Messages that are left though everything has come to rest, by queue. */
  readonly left: Readonly<Record<string, number>>;
  /** What went wrong beside that: a process that ended by itself, an ownership that did not move. */
  readonly trouble: readonly string[];
}

/** Sentences that are shown of each kind. */
const SHOWN = 20;

/** Everything that must not be, as sentences; a run is good when there are none. */
export function faultsOf({ findings, left, trouble }: FaultReport): readonly string[] {
  const { lost, doubled, halfDone } = findings;
  const queues = Object.entries(left).map(([queue, n]) => `${n} messages are left in ${queue}`);
  return [...lost, ...doubled, ...halfDone, ...queues, ...trouble];
}

/** The report for a person. */
export function reportText(report: FaultReport): string {
  const { mode, seed, seconds, struck, load, findings, left } = report;
  const counted = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([what, n]) => `${what} ${n}`)
      .join(', ') || 'none';
  const total = Object.values(struck).reduce((sum, n) => sum + n, 0);
  const wrong = faultsOf(report);
  return [
    `faults on ${mode}, seed ${seed}, ${seconds.toFixed(0)} s`,
    `struck     ${total}: ${counted(struck)}`,
    ...report.notTried.map((reason) => `not tried  ${reason}`),
    `load       ${load.started} starts acknowledged, ${load.confirmed} events confirmed, ${load.ended} ends told, at most ${load.mostInFlight} in flight`,
    `sagas      ${findings.sagas}: ${counted(findings.standings)}`,
    `tx         ${findings.transactions} transactions`,
    `lost       ${findings.lost.length}`,
    `doubled    ${findings.doubled.length}`,
    `half done  ${findings.halfDone.length}`,
    `left over  ${counted(left)}`,
    ...wrong.slice(0, SHOWN).map((fault) => `FAULT      ${fault}`),
    ...(wrong.length > SHOWN ? [`           and ${wrong.length - SHOWN} more`] : []),
  ].join('\n');
}
