import { Command, InvalidArgumentError } from 'commander';
import { writeFileSync } from 'node:fs';
import { runEmbedded } from './embedded-run';
import { faultsOf, reportText } from './fault-report';
import type { FaultReport } from './fault-report';

interface Flags {
  readonly minutes: number;
  readonly seed: string;
  readonly json?: string;
  readonly embedded?: true;
  readonly kills: number;
  readonly inFlight: number;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(flags: Flags): Promise<void> {
  const report = await run(flags);
  process.stdout.write(`${reportText(report)}\n`);
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = faultsOf(report).length === 0 ? 0 : 1;
}

function run({ seed, kills, inFlight }: Flags): Promise<FaultReport> {
  return runEmbedded({ kills, seed, inFlight, say });
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
  .option('--in-flight <n>', 'sagas in flight', positive, 200)
  .option('--seed <text>', 'where chance begins', fresh())
  .option('--json <file>', 'write the report to a file')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  });
