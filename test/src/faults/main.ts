import { Command, InvalidArgumentError } from 'commander';
import { writeFileSync } from 'node:fs';
import { endWhenInterrupted } from '../lab/end-when-interrupted';
import { breakableServersOfCheckout } from './breakable-servers';
import { runEmbedded } from './embedded-run';
import { faultsOf, reportText } from './fault-report';
import type { FaultReport } from './fault-report';
import { runOnServers } from './servers-run';
import { runSick } from './sick-run';

/** Strikes follow one another at most so much later, and orders take some seconds. */
const PACE = { pauseMs: 2500, delayMs: 6000, pauses: true };

/** Sagas in flight while the store is sick. */
const SICK_IN_FLIGHT = 20;

interface Flags {
  readonly minutes: number;
  readonly seed: string;
  readonly json?: string;
  readonly embedded?: true;
  readonly kills: number;
  readonly inFlight?: number;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(flags: Flags): Promise<void> {
  const reports = await run(flags);
  for (const report of reports) process.stdout.write(`${reportText(report)}\n\n`);
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(reports, null, 2)}\n`);
  process.exitCode = reports.every((report) => faultsOf(report).length === 0) ? 0 : 1;
}

async function run({ embedded, ...flags }: Flags): Promise<readonly FaultReport[]> {
  if (embedded !== true) return [await onServers(flags)];
  const { kills, seed, inFlight = 60 } = flags;
  const killed = await runEmbedded({ kills, seed, inFlight, say });
  return [killed, await runSick({ seed, inFlight: SICK_IN_FLIGHT, say })];
}

async function onServers({ minutes, seed, inFlight = 200 }: Flags): Promise<FaultReport> {
  const servers = await breakableServersOfCheckout(say);
  const leave = endWhenInterrupted(() => servers.close());
  try {
    return await runOnServers(servers, { minutes, seed, inFlight, say, ...PACE });
  } finally {
    leave();
    await servers.close();
  }
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('a number above 0 is wanted');
}

const fresh = (): string => Math.floor(Math.random() * 2 ** 31).toString(36);

void new Command('faults')
  .description('Breaks a real Aura under load and audits what lies in its stores')
  .option('--minutes <m>', 'how long faults strike, on servers', positive, 5)
  .option('--embedded', 'kills the one process of an embedded Aura instead')
  .option('--kills <n>', 'how often it is killed, embedded', positive, 100)
  .option('--in-flight <n>', 'sagas in flight; default 200 on servers, 60 embedded', positive)
  .option('--seed <text>', 'where chance begins', fresh())
  .option('--json <file>', 'write the report to a file')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  });
