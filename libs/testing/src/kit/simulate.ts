import type { SagaDetail } from '@aura/contracts';
import { AuraError } from '@aura/kernel';
import { FAULT_NAMES } from '../faults/fault-names';
import type { FaultName } from '../faults/fault-names';
import { FaultPlan } from '../faults/fault-plan';
import { forecast, letCome } from '../faults/weather';
import { Chance } from '../time/chance';
import { outcomeOf } from './outcome';
import type { Given, Outcome } from './scenario';
import { Stage } from './stage';
import { Wishes } from './wishes';
import type { Wish } from './wishes';

/** Many sagas of your own at once, under the faults of a seed. */
export interface Simulation {
  /** As in a rehearsal; by default two instances of everything, so that they get in each other's way. */
  readonly given: Given;
  /** What is started: one of these for each saga, by chance. */
  readonly when: readonly Wish[];
  /** Throws when something does not hold; asked once, when every saga has ended or waits for a person. */
  readonly then: (outcomes: readonly Outcome[]) => void | Promise<void>;
  /** Where chance begins: the same seed gives the same run. */
  readonly seed: string;
  /** Default 100. */
  readonly sagas?: number;
  /** Default: all but `lost`, behind which a saga waits for the timeout of its step; `operators` brings nothing here. None: it runs plainly. */
  readonly faults?: readonly FaultName[];
  /** How long every saga has to end once faults have stopped, ms of virtual time; default 4 hours. */
  readonly patienceMs?: number;
}

/** What a simulation did. */
export interface SimulatedSagas {
  readonly outcomes: readonly Outcome[];
  /** How often each fault struck. */
  readonly struck: Readonly<Partial<Record<FaultName, number>>>;
}

/** A simulation in which something did not hold. */
export class SimulationError extends AuraError {
  constructor(seed: string, cause: unknown, trace: readonly string[]) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`with seed ${JSON.stringify(seed)}: ${why}`, {
      code: 'SIMULATION_FAILED',
      help: 'Simulate again with this seed: it is the same run. The details have its trace; fewer sagas or faults make it shorter.',
      cause,
      details: { seed, trace },
    });
  }
}

/** Faults last about so long, ms of virtual time. */
const STORM_MS = 20_000;
/** About every so often the surroundings change as a whole, ms. */
const WEATHER_MS = 4000;
/** As long as a clock may be off, and some. */
const PATIENCE_MS = 4 * 3_600_000;
/** Views are written behind, ms. */
const FLUSH_MS = 4000;
/** Lines of a trace that are kept with a failure. */
const KEPT_LINES = 5000;
const SAGAS = 100;
/** A timeout may be longer than sagas have to end. */
const USUAL = (Object.keys(FAULT_NAMES) as FaultName[]).filter((name) => name !== 'lost');

/**
 * Runs many sagas at once in memory and virtual time, over the code that runs in production, while processes die and stand
 * still, stores and broker refuse, lose and double, and clocks jump. When faults have stopped and all is quiet, `then` is
 * asked. Errors: {@link SimulationError} when something does not hold, or a saga neither ends nor waits for a person.
 */
export async function simulate(simulation: Simulation): Promise<SimulatedSagas> {
  const { given, seed, then } = simulation;
  const trace: string[] = [];
  const stage = await Stage.set({ instances: 2, coordinators: 2, ...given, seed }, (line) => {
    trace.push(line);
    if (trace.length > 2 * KEPT_LINES) trace.splice(0, KEPT_LINES);
  });
  try {
    const struck = new Map<FaultName, number>();
    const outcomes = await throughStorm(stage, simulation, (name) =>
      struck.set(name, (struck.get(name) ?? 0) + 1),
    );
    await then(outcomes);
    return { outcomes, struck: Object.fromEntries(struck) };
  } catch (error) {
    throw new SimulationError(seed, error, trace.slice(-KEPT_LINES));
  }
}

async function throughStorm(
  stage: Stage,
  { faults, patienceMs = PATIENCE_MS, sagas = SAGAS, seed, when }: Simulation,
  onStrike: (name: FaultName) => void,
): Promise<readonly Outcome[]> {
  const { installation } = stage;
  const names = new Set(faults ?? USUAL);
  const plan = new FaultPlan({ seed, names, onStrike: ({ name }) => onStrike(name) });
  installation.around.faults = plan;
  installation.broker.roads = plan;
  const weather = forecast(seed, names, { lastsMs: STORM_MS, everyMs: WEATHER_MS });
  letCome(installation, weather, ({ name }) => onStrike(name));
  const wishes = new Wishes(stage, new Chance(`${seed}/starts`), when);
  wishes.begin(sagas, STORM_MS);
  await installation.timeline.advance(STORM_MS);
  plan.isOn = false;
  await installation.until(() => wishes.isSettled, patienceMs);
  await installation.until(() => stage.isQuiet, patienceMs);
  await installation.timeline.advance(FLUSH_MS);
  const details: SagaDetail[] = [];
  for (const saga of wishes.accepted) details.push(await endOf(stage, saga));
  return details.map((detail) => outcomeOf(stage, detail));
}

async function endOf(stage: Stage, saga: string): Promise<SagaDetail> {
  const detail = await stage.client.ask(async (coordinator) => ({ found: await coordinator.find(saga) }));
  if (detail.found !== undefined && stage.isSettled(saga)) return detail.found;
  throw new AuraError(`saga ${saga} did not end; it is ${detail.found?.status ?? 'not known'}`, {
    code: 'STUCK',
    help: 'Handlers must end without real I/O or timers: time is virtual here.',
  });
}
