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

/** Measures throughput: `count` sagas with `inFlight` at once; sagas a second. */
export async function throughput(run: RunSaga, count: number, inFlight: number): Promise<number> {
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < count) {
      started += 1;
      await run(PAYLOAD);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, lane));
  return count / ((performance.now() - begin) / 1000);
}

/** Measures latency with one saga in flight, milliseconds. */
export async function latencies(run: RunSaga, count: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let n = 0; n < count; n++) {
    const begin = performance.now();
    await run(PAYLOAD);
    taken.push(performance.now() - begin);
  }
  return taken.sort((left, right) => left - right);
}

/** The value that a share of the sorted numbers does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(
    [...numbers].sort((left, right) => left - right),
    0.5,
  );
}
