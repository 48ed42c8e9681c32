import { AuraError } from '@aura/kernel';
import type { Roads } from '../bus/simulated-broker';
import { Boundaries, LostAcks } from './boundaries';
import type { Boundary } from './boundaries';
import type { Given, Outcome, When } from './scenario';
import { Stage } from './stage';

/** How a saga is run. */
export type RehearsalMode = 'plain' | 'redelivered' | 'crashes';

/** A saga under test: what it finds, what happens, and what must hold whatever goes wrong. */
export interface Rehearsal {
  readonly given: Given;
  readonly when: When;
  /** Throws when something does not hold; asked after every run. */
  readonly then: (outcome: Outcome) => void | Promise<void>;
  /** Default: all. */
  readonly modes?: readonly RehearsalMode[];
}

/** What a rehearsal did. */
export interface Rehearsed {
  /** The plain run, or the first one when there was none. */
  readonly outcome: Outcome;
  /** Runs in all. */
  readonly runs: number;
  /** Places at which a process died, one in each run. */
  readonly boundaries: readonly string[];
}

/** A run in which `then` did not hold. */
export class RehearsalError extends AuraError {
  constructor(run: string, cause: unknown, trace: readonly string[]) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${run}: ${why}`, {
      code: 'REHEARSAL_FAILED',
      help: 'The details have the trace of this run; it is the same in every try.',
      cause,
      details: { run, trace },
    });
  }
}

const ALL: readonly RehearsalMode[] = ['plain', 'redelivered', 'crashes'];
/** Lines of a trace that are kept with a failure. */
const KEPT_LINES = 2000;
/** Every message comes twice. */
const DOUBLED: Roads = { way: () => ({ detourMs: 0, doubleMs: 3 }) };

/**
 * Runs one saga in memory and virtual time, over the code that runs in production: plainly, with every message delivered
 * twice and every ack lost once, and with the death of a process at every boundary between two effects, one run each.
 * Errors: {@link RehearsalError} for the first run in which `then` does not hold.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<Rehearsed> {
  const modes = rehearsal.modes ?? ALL;
  const outcomes: Outcome[] = [];
  const boundaries: string[] = [];
  if (modes.includes('plain'))
    outcomes.push(await run(rehearsal, 'plainly', (stage) => stage.play(rehearsal.when)));
  if (modes.includes('redelivered')) outcomes.push(await redelivered(rehearsal));
  if (modes.includes('crashes'))
    for (const boundary of await boundariesOf(rehearsal)) {
      boundaries.push(`${boundary.side} ${boundary.name}`);
      outcomes.push(await crashed(rehearsal, boundary));
    }
  const [outcome] = outcomes;
  if (outcome === undefined) throw new TypeError('a rehearsal needs at least one mode');
  return { outcome, runs: outcomes.length, boundaries };
}

/** Runs one saga plainly and answers how it came out. */
export async function play(given: Given, when: When): Promise<Outcome> {
  return (await Stage.set(given)).play(when);
}

function redelivered(rehearsal: Rehearsal): Promise<Outcome> {
  return run(rehearsal, 'with every message delivered twice', (stage) => {
    stage.installation.broker.roads = DOUBLED;
    return stage.play(rehearsal.when, new LostAcks());
  });
}

async function boundariesOf({ given, when }: Rehearsal): Promise<readonly Boundary[]> {
  const counted = new Boundaries();
  await (await Stage.set(given)).play(when, counted);
  return counted.seen;
}

function crashed(rehearsal: Rehearsal, boundary: Boundary): Promise<Outcome> {
  return run(rehearsal, `dying ${boundary.side} ${boundary.name}`, (stage) =>
    stage.play(rehearsal.when, new Boundaries(boundary)),
  );
}

async function run(
  { given, then }: Rehearsal,
  name: string,
  doing: (stage: Stage) => Promise<Outcome>,
): Promise<Outcome> {
  const trace: string[] = [];
  const stage = await Stage.set(given, (line) => {
    trace.push(line);
    if (trace.length > 2 * KEPT_LINES) trace.splice(0, KEPT_LINES);
  });
  try {
    const outcome = await doing(stage);
    await then(outcome);
    return outcome;
  } catch (error) {
    throw new RehearsalError(name, error, trace.slice(-KEPT_LINES));
  }
}
