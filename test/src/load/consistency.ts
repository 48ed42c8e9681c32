import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ConsistencyReport,
  ConsistencyResult,
  ConsistencyRow,
  ConsistencyTask,
} from './consistency-row';
import { median } from './measure';
import { cpuMs, Worker } from './processes';

/** How much is measured. */
export interface ConsistencyOptions {
  readonly rotations: number;
  readonly alone: number;
  readonly together: number;
  readonly inFlight: number;
  /** Pids whose CPU time counts beside the bench's own process. */
  readonly serverPids: readonly number[];
  readonly rows: readonly ConsistencyRow[];
  readonly say: (line: string) => void;
}

interface Sample extends ConsistencyReport {
  readonly cpuMsPerSaga: number;
}

async function measure(row: ConsistencyRow, options: ConsistencyOptions, round: number): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-bench-'));
  const { alone, together, inFlight, serverPids } = options;
  const prefix = `bench-${process.pid}-${round}`.slice(0, 20);
  const task: ConsistencyTask = { row, folder, prefix, alone, together, inFlight };
  const worker = new Worker({ script: 'consistency-worker.js', name: `${row.course}, ${row.mode}`, task });
  const used = (): number => [worker.pid, ...serverPids].reduce((sum, pid) => sum + cpuMs(pid), 0);
  try {
    await worker.line('begin');
    const before = used();
    await worker.line('end');
    const cpuMsPerSaga = (used() - before) / together;
    const report = (await worker.line('report ')).slice('report '.length);
    return { ...(JSON.parse(report) as ConsistencyReport), cpuMsPerSaga };
  } finally {
    await worker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures all rows in rotation, so that a machine's moods meet all alike; answers their medians. */
export async function benchConsistency(options: ConsistencyOptions): Promise<readonly ConsistencyResult[]> {
  const samples = new Map<ConsistencyRow, Sample[]>();
  for (let rotation = 1; rotation <= options.rotations; rotation++)
    for (const [n, row] of options.rows.entries()) {
      const sample = await measure(row, options, rotation * 100 + n);
      samples.set(row, [...(samples.get(row) ?? []), sample]);
      options.say(
        `${rotation}/${options.rotations} ${row.course}, ${row.mode}: ${sample.sagasPerSecond.toFixed(0)}/s, ` +
          `alone p50 ${sample.aloneP50Ms.toFixed(2)} ms, p99 ${sample.aloneP99Ms.toFixed(2)} ms; ` +
          `${options.inFlight} in flight p50 ${sample.p50Ms.toFixed(2)} ms, p99 ${sample.p99Ms.toFixed(2)} ms; ` +
          `${sample.cpuMsPerSaga.toFixed(2)} CPU ms a saga`,
      );
    }
  return [...samples].map(([row, all]) => ({ ...row, ...middleOf(all) }));
}

function middleOf(samples: readonly Sample[]): Sample {
  const middle = (values: readonly number[]): number => Number(median(values).toFixed(3));
  const of = (value: (sample: Sample) => number): number => middle(samples.map(value));
  const toFallback = samples.flatMap(({ toFallbackP99Ms }) => toFallbackP99Ms ?? []);
  return {
    sagasPerSecond: of((sample) => sample.sagasPerSecond),
    aloneP50Ms: of((sample) => sample.aloneP50Ms),
    aloneP99Ms: of((sample) => sample.aloneP99Ms),
    p50Ms: of((sample) => sample.p50Ms),
    p99Ms: of((sample) => sample.p99Ms),
    toFallbackP99Ms: toFallback.length === 0 ? null : middle(toFallback),
    cpuMsPerSaga: of((sample) => sample.cpuMsPerSaga),
  };
}
