import { NODE_FLAGS } from '@aura/nest';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from './measure';

/** What one process of the scale runs does. */
export interface ScaleTask {
  readonly inFlight: number;
  readonly warmUp: number;
  /** Sagas of each leg; memory is read behind each when there are several. */
  readonly legs: readonly number[];
}

/** What it says. */
export interface ScaleReport {
  readonly cpuMsPerSaga: number;
  /** Heap after a forced collection behind each leg, MiB. */
  readonly heapMb: readonly number[];
}

/** What the scale runs come to. */
export interface ScaleResult {
  /** CPU per saga with 100 and with 10,000 in flight, ms, and their ratio. */
  readonly cpuMs100: number;
  readonly cpuMs10000: number;
  readonly cpuRatio: number;
  /** Heap after a forced collection behind 50,000 and 200,000 sagas, MiB, and their ratio. */
  readonly heapMb50000: number;
  readonly heapMb200000: number;
  readonly heapRatio: number;
}

async function measure(task: ScaleTask): Promise<ScaleReport> {
  const worker = join(__dirname, 'scale-worker.js');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...NODE_FLAGS,
    '--expose-gc',
    worker,
    JSON.stringify(task),
  ]);
  const line = stdout.split('\n').find((text) => text.startsWith('report ')) ?? '';
  return JSON.parse(line.slice('report '.length)) as ScaleReport;
}

/** Measures whether cost and memory stay flat, embedded, pure steps; CPU in rotations, medians. */
export async function benchScale(rotations: number, say: (line: string) => void): Promise<ScaleResult> {
  const few: number[] = [];
  const many: number[] = [];
  for (let rotation = 1; rotation <= rotations; rotation++) {
    few.push((await measure({ inFlight: 100, warmUp: 3000, legs: [20_000] })).cpuMsPerSaga);
    many.push((await measure({ inFlight: 10_000, warmUp: 10_000, legs: [20_000] })).cpuMsPerSaga);
    say(
      `${rotation}/${rotations} CPU ms a saga: ${few.at(-1)?.toFixed(3)} with 100 in flight, ${many.at(-1)?.toFixed(3)} with 10,000`,
    );
  }
  const { heapMb } = await measure({ inFlight: 1000, warmUp: 3000, legs: [50_000, 150_000] });
  const [first = Number.NaN, second = Number.NaN] = heapMb;
  say(`heap behind 50,000 sagas ${first.toFixed(1)} MiB, behind 200,000 ${second.toFixed(1)} MiB`);
  const [cpuMs100, cpuMs10000] = [median(few), median(many)];
  return {
    cpuMs100,
    cpuMs10000,
    cpuRatio: cpuMs10000 / cpuMs100,
    heapMb50000: first,
    heapMb200000: second,
    heapRatio: second / first,
  };
}
