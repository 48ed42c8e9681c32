import type { FaultName } from '@aura/testing';
import { runEpisode } from './episode';
import type { EpisodeResult } from './episode';
import { HitTable } from './hit-table';
import type { Violation } from './violation';

/** Sagas of one world. */
export const SAGAS_PER_WORLD = 250;

/** What is simulated. */
export interface SimulationOptions {
  readonly seed: string;
  readonly sagas: number;
  readonly faults: ReadonlySet<FaultName>;
  /** Only the world of this number. */
  readonly only?: number;
  readonly onTrace?: (line: string) => void;
  /** Told of each world as it ends. */
  readonly onWorld?: (result: EpisodeResult, n: number) => void;
  /** Stops at the first world with a violation. */
  readonly stopAtFirst?: boolean;
}

/** What came of all worlds. */
export interface Simulated {
  readonly sagas: number;
  /** Opened by sagas. */
  readonly subSagas: number;
  readonly struck: number;
  readonly ends: Readonly<Record<string, number>>;
  readonly steps: readonly number[];
  readonly hits: HitTable;
  readonly violations: readonly Violation[];
  /** Worlds in which something did not hold, by number. */
  readonly failed: readonly { readonly n: number; readonly result: EpisodeResult }[];
}

/** Worlds of a simulation: their numbers, seeds and sagas. */
export function worldsOf({ only, sagas, seed }: SimulationOptions): readonly World[] {
  const count = Math.ceil(sagas / SAGAS_PER_WORLD);
  const all = Array.from({ length: count }, (_, n) => ({
    n,
    seed: `${seed}/${n}`,
    sagas: Math.min(SAGAS_PER_WORLD, sagas - n * SAGAS_PER_WORLD),
  }));
  return only === undefined ? all : all.filter(({ n }) => n === only);
}

interface World {
  readonly n: number;
  readonly seed: string;
  readonly sagas: number;
}

/** Lives through one world after the other; each depends on its own seed alone. */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const { faults, onTrace } = options;
  const hits = new HitTable(faults);
  const results: { readonly n: number; readonly result: EpisodeResult }[] = [];
  for (const { n, sagas, seed } of worldsOf(options)) {
    onTrace?.(`world ${n}, seed ${seed}`);
    const result = await runEpisode({ seed, sagas, faults, ...(onTrace === undefined ? {} : { onTrace }) });
    results.push({ n, result });
    hits.add(result.hits);
    options.onWorld?.(result, n);
    if (options.stopAtFirst === true && result.violations.length > 0) break;
  }
  const all = results.map(({ result }) => result);
  return {
    sagas: sum(all.map(({ sagas }) => sagas)),
    subSagas: sum(all.map(({ subSagas }) => subSagas)),
    struck: sum(all.map(({ struck }) => struck)),
    ends: endsOf(all),
    steps: all.flatMap(({ steps }) => steps),
    hits,
    violations: all.flatMap(({ violations }) => violations),
    failed: results.filter(({ result }) => result.violations.length > 0),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function endsOf(results: readonly EpisodeResult[]): Readonly<Record<string, number>> {
  const ends: Record<string, number> = {};
  for (const result of results)
    for (const [status, count] of Object.entries(result.ends)) ends[status] = (ends[status] ?? 0) + count;
  return ends;
}
