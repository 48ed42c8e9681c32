import { performance } from 'node:perf_hooks';

/** A system that runs sagas: starts one and resolves when the driver has seen its completion. */
export type RunSaga = (payload: string) => Promise<void>;

/** How much is run. */
export interface Amounts {
  /** Sagas one after the other, for latency. */
  readonly latency: number;
  /** Sagas in all, for throughput. */
  readonly throughput: number;
  /** Sagas in flight while throughput is measured. */
  readonly inFlight: number;
  /** Sagas before anything counts. */
  readonly warmUp: number;
}

/** What the driver saw. */
export interface Measured {
  readonly sagasPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const PAYLOAD = 'x'.repeat(500);

/** What sagas with many beside them came to. */
export interface Load {
  readonly sagasPerSecond: number;
  /** How long each took, milliseconds, the shortest first. */
  readonly tookMs: readonly number[];
}

/** Runs `count` sagas with `inFlight` at once. */
export async function load(run: RunSaga, count: number, inFlight: number): Promise<Load> {
  const tookMs: number[] = [];
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < count) {
      started += 1;
      const begin = performance.now();
      await run(PAYLOAD);
      tookMs.push(performance.now() - begin);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, lane));
  const sagasPerSecond = count / ((performance.now() - begin) / 1000);
  return { sagasPerSecond, tookMs: ascending(tookMs) };
}

/** Measures throughput: `count` sagas with `inFlight` at once; sagas a second. */
export async function throughput(run: RunSaga, count: number, inFlight: number): Promise<number> {
  return (await load(run, count, inFlight)).sagasPerSecond;
}

/** Measures latency with one saga in flight, milliseconds. */
export async function latencies(run: RunSaga, count: number): Promise<readonly number[]> {
  return (await load(run, count, 1)).tookMs;
}

/** Numbers, the smallest first. */
export function ascending(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((left, right) => left - right);
}

/** The value that a share of the sorted numbers does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(ascending(numbers), 0.5);
}
