import { FAULT_NAMES } from '@aura/testing';
import type { FaultName } from '@aura/testing';
import type { Shrunk } from './shrink';
import type { Simulated } from './simulate';
import { INVARIANTS } from './violation';
import type { Invariant } from './violation';

/** Prints what came of a simulation: ends, hits per fault and phase, violations per invariant. */
export function printReport(simulated: Simulated, cpuSeconds: number): void {
  const { ends, hits, sagas, steps, struck, subSagas } = simulated;
  const perSecond = Math.round(sagas / cpuSeconds);
  console.log(`${sagas} sagas in ${cpuSeconds.toFixed(1)} s of one core: ${perSecond} a second`);
  console.log(
    `median of steps ${median(steps)}; sub-sagas: ${subSagas}; struck by a fault: ${Math.round((100 * struck) / Math.max(1, sagas))} %`,
  );
  console.log(
    Object.entries(ends)
      .map(([status, count]) => `${status} ${count}`)
      .join(', '),
  );
  console.log(`\n${hits.lines().join('\n')}\n`);
  for (const [invariant, text] of Object.entries(INVARIANTS)) {
    const count = simulated.violations.filter(
      (violation) => violation.invariant === (Number(invariant) as Invariant),
    ).length;
    console.log(`${String(count).padStart(6)} violations of ${invariant}: ${text}`);
  }
  for (const { n, result } of simulated.failed)
    for (const { invariant, message, saga } of result.violations.slice(0, 5))
      console.log(
        `\nworld ${n}, invariant ${invariant}${saga === undefined ? '' : `, saga ${saga}`}: ${message.slice(0, 600)}`,
      );
}

/** The command that runs a world again. */
export function rerunCommand(
  {
    faults,
    sagas,
    seed,
  }: { readonly faults: ReadonlySet<FaultName>; readonly sagas: number; readonly seed: string },
  n: number,
): string {
  const list = faults.size === Object.keys(FAULT_NAMES).length ? 'all' : [...faults].join(',') || 'none';
  return `npm run simulate -- --sagas ${sagas} --seed ${seed} --faults ${list} --only ${n}`;
}

/** Prints a shrunk failure so that a person can read it. */
export function printShrunk({ options, result, trace }: Shrunk, mostLines: number): void {
  const { strikes = [], weather = [] } = options.only ?? {};
  console.log(
    `\nSmallest form found: ${options.sagas} sagas, ${strikes.length} faults, ${weather.length} of the weather`,
  );
  for (const { invariant, message, saga } of result.violations.slice(0, 3))
    console.log(
      `  invariant ${invariant}${saga === undefined ? '' : `, saga ${saga}`}: ${message.slice(0, 400)}`,
    );
  console.log(trace.slice(-mostLines).join('\n'));
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
