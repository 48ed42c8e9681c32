import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOPS } from './chain-definition';
import { median } from './measure';
import { cpuMs, rssMb, Worker } from './processes';
import { ROWS } from './row';
import type { BenchResult, BenchRow, DriverReport, WorkerTask } from './row';

/** One measurement of one row. */
interface Sample extends DriverReport {
  readonly cpuMsPerSaga: number;
  readonly rssMb: number;
}

/** How much is measured. */
export interface RoadOptions {
  readonly rotations: number;
  /** Pids whose CPU time counts beside the bench's own processes. */
  readonly serverPids: readonly number[];
  readonly rows: readonly BenchRow[];
  readonly say: (line: string) => void;
}

/** Sagas that a measurement runs: enough for ten seconds or so, in which a process that has just warmed up shows what it is. */
function amounts(row: BenchRow): { readonly latency: number; readonly throughput: number } {
  if (row.mode === 'embedded')
    return {
      latency: 1000,
      throughput: row.system === 'raw' ? 60_000 : row.kind === 'pure' ? 16_000 : 10_000,
    };
  return { latency: 300, throughput: row.system === 'raw' ? 20_000 : row.kind === 'pure' ? 9000 : 4500 };
}

async function measure(row: BenchRow, options: RoadOptions, round: number): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-bench-'));
  const prefix = `bench-${process.pid}-${round}`.slice(0, 20);
  const worker = (role: WorkerTask['role']): Worker => {
    const task: WorkerTask = { row, role, folder, prefix, ...amounts(row) };
    return new Worker({ script: 'worker.js', name: row.name, task });
  };
  const hops = row.layout === 'each' ? Array.from({ length: HOPS }, (_, n) => worker(n + 1)) : [];
  const workers: Worker[] = [...hops];
  try {
    await Promise.all(hops.map((hop) => hop.line('ready')));
    const driver = worker('driver');
    workers.push(driver);
    return await watch(driver, workers, options, amounts(row).throughput);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function watch(
  driver: Worker,
  workers: readonly Worker[],
  options: RoadOptions,
  sagas: number,
): Promise<Sample> {
  const pids = [...workers.map(({ pid }) => pid), ...options.serverPids];
  const used = (): number => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  await driver.line('begin');
  const before = used();
  await driver.line('end');
  const cpu = used() - before;
  const report = JSON.parse((await driver.line('report ')).slice('report '.length)) as DriverReport;
  const memory = workers.reduce((sum, { pid }) => sum + rssMb(pid), 0);
  return { ...report, cpuMsPerSaga: cpu / sagas, rssMb: memory };
}

/** Measures all rows in rotation, so that a machine's moods meet all alike; answers their medians. */
export async function benchRoad(options: RoadOptions): Promise<readonly BenchResult[]> {
  const samples = new Map<BenchRow, Sample[]>();
  for (let rotation = 1; rotation <= options.rotations; rotation++)
    for (const [n, row] of options.rows.entries()) {
      const sample = await measure(row, options, rotation * 100 + n);
      samples.set(row, [...(samples.get(row) ?? []), sample]);
      options.say(
        `${rotation}/${options.rotations} ${row.name}, ${row.mode}, ${row.layout}: ` +
          `${sample.sagasPerSecond.toFixed(0)}/s, p50 ${sample.p50Ms.toFixed(2)} ms, p99 ${sample.p99Ms.toFixed(2)} ms, ` +
          `${sample.cpuMsPerSaga.toFixed(2)} CPU ms a saga, ${sample.rssMb.toFixed(0)} MiB`,
      );
    }
  return [...samples].map(([row, all]) => resultOf(row, all));
}

function resultOf({ name, mode, layout }: BenchRow, samples: readonly Sample[]): BenchResult {
  const middle = (value: (sample: Sample) => number): number => Number(median(samples.map(value)).toFixed(3));
  return {
    name,
    mode,
    layout,
    sagasPerSecond: middle((sample) => sample.sagasPerSecond),
    p50Ms: middle((sample) => sample.p50Ms),
    p99Ms: middle((sample) => sample.p99Ms),
    cpuMsPerSaga: middle((sample) => sample.cpuMsPerSaga),
    rssMb: middle((sample) => sample.rssMb),
  };
}

/** The figures that are held against bars, one-process layout: throughput and p50 as ratios to raw. */
export function ratiosOf(results: readonly BenchResult[]): Readonly<Record<string, number>> {
  const find = (name: string, mode: BenchRow['mode']): BenchResult | undefined =>
    results.find((result) => result.name === name && result.mode === mode && result.layout === 'one');
  const rawServers = find('raw amqplib', 'servers');
  const rawEmbedded = find('raw sqlite', 'embedded');
  const share = (of: BenchResult | undefined, raw: BenchResult | undefined): number =>
    Number(((of?.sagasPerSecond ?? Number.NaN) / (raw?.sagasPerSecond ?? Number.NaN)).toFixed(3));
  const pure = find('aura pure', 'servers');
  const embedded = find('aura pure', 'embedded');
  return {
    serversPure: share(pure, rawServers),
    serversStateful: share(find('aura stateful', 'servers'), rawServers),
    embeddedPure: share(embedded, rawEmbedded),
    embeddedStateful: share(find('aura stateful', 'embedded'), rawEmbedded),
    serversP50: Number(((pure?.p50Ms ?? Number.NaN) / (rawServers?.p50Ms ?? Number.NaN)).toFixed(2)),
    embeddedP50Ms: Number((embedded?.p50Ms ?? Number.NaN).toFixed(2)),
  };
}

export { ROWS };
