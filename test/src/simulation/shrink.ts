import type { Strike, WeatherEvent } from '@aura/testing';
import { runEpisode } from './episode';
import type { EpisodeOptions, EpisodeResult } from './episode';
import type { Invariant } from './violation';

/** Worlds that are tried while a failure is made smaller. */
const MOST_TRIES = 80;

/** A failure with as few faults as it still happens with. */
export interface Shrunk {
  readonly result: EpisodeResult;
  readonly options: EpisodeOptions;
  readonly trace: readonly string[];
}

type Cause = { readonly strike: Strike } | { readonly weather: WeatherEvent };

/**
 * Makes a failing world smaller: first fewer sagas, then fewer faults (delta debugging), as long as the same invariant
 * does not hold. Answers the smallest one found, with the trace of the saga that it is about.
 */
export async function shrink(options: EpisodeOptions, failed: EpisodeResult): Promise<Shrunk> {
  const invariant = failed.violations[0]?.invariant;
  if (invariant === undefined) throw new TypeError('nothing failed');
  const smaller = await fewerSagas(options, invariant);
  const { result } = smaller;
  const causes = await fewerCauses(smaller, invariant, [
    ...result.strikes.map((strike) => ({ strike })),
    ...result.weather.map((weather) => ({ weather })),
  ]);
  return traced(smaller.options, causes, invariant);
}

async function fewerSagas(
  options: EpisodeOptions,
  invariant: Invariant,
): Promise<{ readonly options: EpisodeOptions; readonly result: EpisodeResult }> {
  for (const sagas of [5, 10, 20, 40, 80, 160]) {
    if (sagas >= options.sagas) break;
    const fewer = { ...options, sagas };
    const result = await runEpisode(fewer);
    if (isSame(result, invariant)) return { options: fewer, result };
  }
  return { options, result: await runEpisode(options) };
}

/** Delta debugging (Zeller, ddmin): leaves out ever smaller parts. */
async function fewerCauses(
  { options }: { readonly options: EpisodeOptions },
  invariant: Invariant,
  all: readonly Cause[],
): Promise<readonly Cause[]> {
  const fails = async (causes: readonly Cause[]): Promise<boolean> =>
    isSame(await runEpisode(withOnly(options, causes)), invariant);
  let causes = all;
  let parts = 2;
  for (let tries = 0; tries < MOST_TRIES && parts <= 2 * causes.length; tries += parts) {
    const found = await firstThatFails(withoutParts(causes, parts), fails);
    if (found === undefined && parts >= causes.length) break;
    parts = found === undefined ? parts * 2 : Math.max(2, parts - 1);
    causes = found ?? causes;
  }
  return causes;
}

/** The causes without each of so many parts. */
function withoutParts(causes: readonly Cause[], parts: number): readonly (readonly Cause[])[] {
  const size = Math.ceil(causes.length / parts);
  return Array.from({ length: Math.ceil(causes.length / size) }, (_, n) => [
    ...causes.slice(0, n * size),
    ...causes.slice((n + 1) * size),
  ]);
}

async function firstThatFails(
  candidates: readonly (readonly Cause[])[],
  fails: (causes: readonly Cause[]) => Promise<boolean>,
): Promise<readonly Cause[] | undefined> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate;
  return undefined;
}

async function traced(
  options: EpisodeOptions,
  causes: readonly Cause[],
  invariant: Invariant,
): Promise<Shrunk> {
  const lines: string[] = [];
  const only = withOnly(options, causes);
  const result = await runEpisode({ ...only, onTrace: (line) => void lines.push(line) });
  const saga = result.violations.find((violation) => violation.invariant === invariant)?.saga;
  return { result, options: only, trace: lines.filter((line) => isTelling(line, saga)) };
}

/** Lines about the saga, the faults and the lives of processes. */
function isTelling(line: string, saga: string | undefined): boolean {
  if (saga !== undefined && line.includes(saga)) return true;
  return / !|weather|dies|stands still|wakes up| starts, life [2-9]|lose everything/.test(line);
}

function withOnly(options: EpisodeOptions, causes: readonly Cause[]): EpisodeOptions {
  return {
    ...options,
    only: {
      strikes: causes.flatMap((cause) => ('strike' in cause ? [cause.strike] : [])),
      weather: causes.flatMap((cause) => ('weather' in cause ? [cause.weather] : [])),
    },
  };
}

function isSame({ violations }: EpisodeResult, invariant: Invariant): boolean {
  return violations.some((violation) => violation.invariant === invariant);
}
