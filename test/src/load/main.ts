import { serversDown, serversFolder, serversUp } from '@aura/servers';
import type { ServerRecord } from '@aura/servers';
import { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWhenInterrupted } from '../lab/end-when-interrupted';
import { benchConsistency } from './consistency';
import { consistencyBars } from './consistency-bars';
import { CONSISTENCY_ROWS } from './consistency-row';
import { consistencyTable } from './consistency-table';
import { benchScale } from './scale';
import { benchRoad, ratiosOf, ROWS } from './road';
import type { BenchResult } from './row';

interface RoadFlags {
  readonly json?: string;
  readonly rotations: string;
  readonly only?: string;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

interface ConsistencyFlags extends RoadFlags {
  readonly alone: string;
  readonly together: string;
  readonly inFlight: string;
}

/** Servers for the measurement: those that are there, else ones of its own, which it ends. */
async function withServers<T>(work: (records: readonly ServerRecord[]) => Promise<T>): Promise<T> {
  const folder = serversFolder();
  const areOwn = !existsSync(join(folder, 'servers.env'));
  const end = async (): Promise<void> => void (areOwn && (await serversDown(folder, say)));
  const leave = endWhenInterrupted(end);
  const records = await serversUp(folder, say);
  for (const { name, url } of records) process.env[`AURA_${name.toUpperCase()}_URL`] = url;
  try {
    return await work(records);
  } finally {
    leave();
    await end();
  }
}

/** The servers' processes, whose CPU counts. */
function pidsOf(records: readonly ServerRecord[]): readonly number[] {
  const pids = records.flatMap((record) => (record.how === 'local' ? [record.process.pid] : []));
  if (pids.length < records.length)
    say('some servers are not processes of this machine: their CPU time is not counted');
  return pids;
}

function table(rows: readonly BenchResult[]): string {
  const head =
    '| row | mode | layout | sagas/s | p50 ms | p99 ms | CPU ms/saga | RSS MiB |\n|---|---|---|---|---|---|---|---|';
  const lines = rows.map(
    (row) =>
      `| ${row.name} | ${row.mode} | ${row.layout} | ${row.sagasPerSecond.toFixed(0)} | ${row.p50Ms.toFixed(2)} | ` +
      `${row.p99Ms.toFixed(2)} | ${row.cpuMsPerSaga.toFixed(2)} | ${row.rssMb.toFixed(0)} |`,
  );
  return [head, ...lines].join('\n');
}

async function road(flags: RoadFlags): Promise<void> {
  const { only } = flags;
  const rows = ROWS.filter(
    (row) => only === undefined || `${row.name} ${row.mode} ${row.layout}`.includes(only),
  );
  const results = await withServers((records) =>
    benchRoad({ rotations: Number(flags.rotations), serverPids: pidsOf(records), rows, say }),
  );
  const ratios = ratiosOf(results);
  process.stdout.write(`${table(results)}\n\nratios: ${JSON.stringify(ratios)}\n`);
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify({ rows: results, ratios }, null, 2)}\n`);
}

async function consistency({ only, json, ...amounts }: ConsistencyFlags): Promise<void> {
  const rows = CONSISTENCY_ROWS.filter(
    ({ course, mode }) => only === undefined || `${course} ${mode}`.includes(only),
  );
  const measured = (records: readonly ServerRecord[]): ReturnType<typeof benchConsistency> =>
    benchConsistency({
      rotations: Number(amounts.rotations),
      alone: Number(amounts.alone),
      together: Number(amounts.together),
      inFlight: Number(amounts.inFlight),
      serverPids: pidsOf(records),
      rows,
      say,
    });
  const needsServers = rows.some(({ mode }) => mode === 'servers');
  const results = await (needsServers ? withServers(measured) : measured([]));
  const bars = consistencyBars(results);
  process.stdout.write(`${consistencyTable(results, bars)}\n`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ rows: results, bars }, null, 2)}\n`);
}

async function scale(flags: Omit<RoadFlags, 'only'>): Promise<void> {
  const result = await benchScale(Number(flags.rotations), say);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`);
}

const program = new Command('bench').description('Measures Aura next to a reference, in the same run');
program
  .command('road')
  .description('a chain of five steps, next to the same chain on bare amqplib and bare SQLite')
  .option('--json <file>', 'write rows and ratios to a file')
  .option('--rotations <n>', 'how often each row is measured; medians are told', '3')
  .option('--only <text>', 'only rows whose "name mode layout" contains the text')
  .action(road);

program
  .command('consistency')
  .description('what undo, two-phase commit and fallback cost, next to the same steps in sequence')
  .option('--json <file>', 'write rows and bars to a file')
  .option('--rotations <n>', 'how often each row is measured; medians are told', '3')
  .option('--only <text>', 'only rows whose "course mode" contains the text')
  .option('--alone <n>', 'sagas one after the other, for each row', '200')
  .option('--together <n>', 'sagas with many in flight, for each row', '2000')
  .option('--in-flight <n>', 'how many', '50')
  .action(consistency);

program
  .command('scale')
  .description('whether CPU and memory stay flat with sagas in flight and sagas run, embedded')
  .option('--json <file>', 'write the figures to a file')
  .option('--rotations <n>', 'how often CPU is measured; medians are told', '3')
  .action(scale);

void program.parseAsync().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
