import { FAULT_NAMES } from '@aura/testing';
import type { FaultName } from '@aura/testing';
import { Command, InvalidArgumentError } from 'commander';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { printReport, printShrunk, rerunCommand } from './report';
import { shrink } from './shrink';
import { simulate } from './simulate';
import type { Simulated, SimulationOptions } from './simulate';

/** From this many sagas on every fault must have struck in every phase. */
const MANY = 20_000;
/** Lines that are shown of a shrunk trace. */
const SHOWN_LINES = 120;

interface Flags {
  readonly sagas: number;
  readonly seed: string;
  readonly faults: ReadonlySet<FaultName>;
  readonly only?: number;
  readonly log?: string;
  readonly shrink: boolean;
  readonly keepGoing: boolean;
  readonly everyCell: boolean;
}

async function main(flags: Flags): Promise<void> {
  const log = flags.log === undefined ? undefined : createWriteStream(flags.log);
  const options: SimulationOptions = {
    seed: flags.seed,
    sagas: flags.sagas,
    faults: flags.faults,
    ...(flags.only === undefined ? {} : { only: flags.only }),
    ...(log === undefined ? {} : { onTrace: (line: string) => void log.write(`${line}\n`) }),
    stopAtFirst: !flags.keepGoing,
    onWorld: ({ violations }, n) => {
      if (violations.length > 0)
        console.error(`world ${n}: ${violations.map(({ message }) => message).join('; ')}`);
    },
  };
  const cpu = process.cpuUsage();
  const simulated = await simulate(options);
  const { user, system } = process.cpuUsage(cpu);
  printReport(simulated, (user + system) / 1e6);
  log?.end();
  if (log !== undefined) await finished(log);
  const isFull = tellEmpty(simulated, flags.everyCell);
  await tellFailed(simulated, flags);
  process.exitCode = simulated.failed.length === 0 && isFull ? 0 : 1;
}

/** In a long run every fault must have struck in every phase. */
function tellEmpty({ hits, sagas }: Simulated, isDemanded: boolean): boolean {
  const empty = isDemanded || sagas >= MANY ? hits.empty() : [];
  if (empty.length > 0) console.log(`\nNever struck: ${empty.join(', ')}`);
  return empty.length === 0;
}

async function tellFailed({ failed }: Simulated, flags: Flags): Promise<void> {
  const [first] = failed;
  if (first === undefined) return;
  console.log(`\nRun it again: ${rerunCommand(flags, first.n)}`);
  const { seed, sagas } = first.result;
  if (flags.shrink)
    printShrunk(await shrink({ seed, sagas, faults: flags.faults }, first.result), SHOWN_LINES);
}

function faultsOf(text: string): ReadonlySet<FaultName> {
  const all = Object.keys(FAULT_NAMES) as FaultName[];
  if (text === 'all') return new Set(all);
  if (text === 'none') return new Set();
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !all.includes(name as FaultName));
  if (unknown.length > 0)
    throw new InvalidArgumentError(
      `${unknown.join(', ')} is no fault; there are all, none, ${all.join(', ')}`,
    );
  return new Set(names as FaultName[]);
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('a whole number is wanted');
}

const fresh = (): string => Math.floor(Math.random() * 2 ** 31).toString(36);

void new Command('simulate')
  .description(
    'Runs random sagas over the production code in virtual time, under faults, and checks every invariant.',
  )
  .option('--sagas <n>', 'how many sagas', count, 1000)
  .option('--seed <text>', 'where chance begins; the same seed gives the same run', fresh())
  .option(
    '--faults <list>',
    `all, none, or some of: ${Object.keys(FAULT_NAMES).join(', ')}`,
    faultsOf,
    faultsOf('all'),
  )
  .option('--only <n>', 'only the world of this number', count)
  .option('--log <file>', 'writes everything that happens')
  .option('--keep-going', 'does not stop at the first world in which something does not hold', false)
  .option('--every-cell', 'fails when a fault never struck in some phase, as from 20,000 sagas on', false)
  .option('--no-shrink', 'does not make a failure smaller')
  .action(main)
  .parseAsync();
