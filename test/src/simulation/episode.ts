import type { SagaDetail } from '@aura/contracts';
import { Chance, FaultPlan, forecast, letCome } from '@aura/testing';
import type { FaultName, Strike, WeatherEvent } from '@aura/testing';
import { checkMessages, checkNumber, checkRebuilt, checkToldEnds } from './invariants/at-rest';
import { checkEnds } from './invariants/ends';
import type { Measure } from './invariants/ends';
import { isHeldUp } from './invariants/held-up';
import { checkFamilies } from './invariants/families-at-rest';
import { sagaIn } from './invariants/while-running';
import { familySceneOf } from './family-scenes';
import { FamilyOperators } from './family-operators';
import type { Hit } from './hit';
import { faultsIn, isForgetful } from './losses';
import { Operators } from './operators';
import { demandOwners, letOwnerDie } from './owners';
import { Starts } from './starts';
import { TransactionOperators } from './transaction-operators';
import type { Report, Violation } from './violation';
import { SimulatedWorld } from './world';

/** One world from its beginning to its rest. */
export interface EpisodeOptions {
  readonly seed: string;
  readonly sagas: number;
  readonly faults: ReadonlySet<FaultName>;
  /** These faults strike, instead of what the seed would bring. */
  readonly only?: { readonly strikes: readonly Strike[]; readonly weather: readonly WeatherEvent[] };
  readonly onTrace?: (line: string) => void;
}

/** What came of a world. */
export interface EpisodeResult {
  readonly seed: string;
  readonly sagas: number;
  /** Sub-sagas that were opened. */
  readonly subSagas: number;
  /** Sagas by status, sub-sagas left out. */
  readonly ends: Readonly<Record<string, number>>;
  readonly steps: readonly number[];
  readonly violations: readonly Violation[];
  readonly hits: readonly Hit[];
  /** Sagas that some fault named. */
  readonly struck: number;
  readonly strikes: readonly Strike[];
  readonly weather: readonly WeatherEvent[];
}

/** Faults per thousand effects: about half of all sagas are hit by one; with many more the processes are down while they should be hit. */
const PER_MILLE = 5;
/** Faults last about so long, ms of virtual time. */
const STORM_MS = 20_000;
/** Once faults have stopped every saga has so long to end, ms. */
const PATIENCE_MS = 4 * 3_600_000;
/** Once their sagas have ended, transactions have so long to tell everybody, and to be told, ms. */
const TELLING_MS = 15 * 60_000;
/** Those in a hurry give up by then, ms. */
const HURRY_MS = 26_000;
/** What goes on beside a sub-saga that waits for a person ends within this time, ms. */
const HELD_UP_MS = 15 * 60_000;
/** Events that no saga waits for are held for 5 minutes, and once more where they were brought again, ms. */
const HELD_MS = 70 * 60_000;
/** Views and what is behind them, ms. */
const FLUSH_MS = 4000;

/** Lives through one world: processes, definitions, sagas, faults, rest, and every check. */
export async function runEpisode(options: EpisodeOptions): Promise<EpisodeResult> {
  return new Episode(options).run();
}

class Episode {
  readonly #violations: Violation[] = [];
  readonly #hits: Hit[] = [];
  readonly #struck = new Set<string>();
  readonly #strikes: Strike[] = [];
  readonly #weather: readonly WeatherEvent[];
  readonly #plan: FaultPlan;
  readonly #world: SimulatedWorld;
  readonly #starts: Starts;
  readonly #operators: Operators;
  readonly #board: TransactionOperators;
  readonly #guardians: FamilyOperators;
  readonly #chance: Chance;
  readonly #report: Report = (invariant, message, saga) =>
    void this.#violations.push({ invariant, message, ...(saga === undefined ? {} : { saga }) });

  constructor(private readonly options: EpisodeOptions) {
    const { faults, onTrace, only, seed } = options;
    this.#chance = new Chance(`${seed}/starts`);
    const names = faultsIn(seed, faults);
    this.#weather = only?.weather ?? forecast(seed, names, { lastsMs: STORM_MS, everyMs: 4000 });
    this.#plan = new FaultPlan({
      seed,
      names,
      perMille: PER_MILLE,
      sceneOf: (effect, subject) => familySceneOf(this.#world.families, effect, subject),
      ...(only === undefined ? {} : { only: only.strikes }),
      onStrike: (strike, phase, _process, subject) => this.#onStrike(strike, phase, subject),
    });
    this.#world = new SimulatedWorld({
      seed,
      report: this.#report,
      plan: this.#plan,
      isForgetful: isForgetful(names),
      onEvent: (event, step) => this.#operators.onEvent(event, step),
      onTrace,
    });
    this.#starts = new Starts(this.#world, this.#chance);
    const onDone = (phase: string): void => void this.#hits.push({ name: 'operators', phase });
    this.#operators = new Operators(this.#world, new Chance(`${seed}/operators`), {
      sagas: () => this.#sagas,
      onDone,
    });
    this.#board = new TransactionOperators(this.#world, new Chance(`${seed}/board`), onDone);
    this.#guardians = new FamilyOperators(this.#world, new Chance(`${seed}/guardians`), {
      sagas: () => this.#starts.accepted,
      onCancel: (saga) => void this.#operators.isToCancel(saga),
      onDone,
    });
  }

  async run(): Promise<EpisodeResult> {
    const { faults, sagas } = this.options;
    const isCalm = faults.size === 0;
    // Now and then definitions are published in bad weather, too.
    this.#plan.isOn = !isCalm && this.#chance.hits(300);
    await this.#world.open();
    this.#plan.isOn = !isCalm;
    const everyMs = isCalm ? 100 : Math.floor((STORM_MS * 10) / sagas);
    this.#starts.begin(sagas, { perTurn: 10, everyMs });
    const { installation } = this.#world;
    if (faults.has('operators')) this.#letPeopleAct(Math.floor((STORM_MS * 8) / sagas));
    letCome(installation, this.#weather, ({ name }) => this.#hits.push({ name, phase: 'weather' }));
    if (!isCalm) await installation.timeline.advance(STORM_MS + 5000);
    this.#plan.isOn = false;
    await this.#comeToOwners();
    const details = await this.#comeToRest();
    return this.#result(details);
  }

  async #comeToOwners(): Promise<void> {
    const { faults, seed } = this.options;
    if (faults.has('crash') && faults.has('clock'))
      await letOwnerDie(this.#world, new Chance(`${seed}/owner`));
    await demandOwners(this.#world, this.#report);
  }

  #letPeopleAct(everyMs: number): void {
    this.#operators.begin(STORM_MS + 5000, everyMs);
    this.#board.begin(STORM_MS + 5000, everyMs);
    this.#guardians.begin(STORM_MS + 5000, everyMs);
  }

  async #comeToRest(): Promise<readonly SagaDetail[]> {
    const { installation } = this.#world;
    await this.#comeToEnds();
    if (this.#sagas.some((saga) => this.#world.families.isHeldUp(saga))) {
      await this.#comeToHoldUps();
      await this.#comeToEnds();
    }
    await installation.until(() => this.#world.isQuiet, 60_000);
    await installation.timeline.advance(FLUSH_MS);
    await this.#comeToWords();
    await this.#comeToDecisions();
    await installation.until(() => this.#world.isQuiet, HELD_MS);
    return this.#find([...new Set(this.#sagas)]);
  }

  /** Every saga ends, or waits for a person, or for a sub-saga that does. */
  async #comeToEnds(): Promise<void> {
    const { families, installation } = this.#world;
    const isOpen = (saga: string): boolean => !this.#world.isSettled(saga) && !families.isHeldUp(saga);
    let open: readonly string[] = [];
    let lookAt = 0;
    const isOver = (): boolean => {
      if (installation.timeline.elapsed < lookAt || !this.#starts.isDone) return false;
      open = open.filter(isOpen);
      if (open.length === 0) open = this.#sagas.filter(isOpen);
      lookAt = installation.timeline.elapsed + 20;
      return open.length === 0;
    };
    if (!(await installation.until(isOver, PATIENCE_MS))) this.#tellStuck(open);
  }

  /** Who is in a hurry has given up by then, and whoever is held up waits for nothing else. */
  async #comeToHoldUps(): Promise<void> {
    const { families, installation } = this.#world;
    await installation.timeline.advance(HURRY_MS);
    const end = installation.timeline.elapsed + HELD_UP_MS;
    while (installation.timeline.elapsed < end) {
      const details = await this.#find(this.#sagas.filter((saga) => families.isHeldUp(saga)));
      if (details.every((saga) => isHeldUp(saga, (child) => families.isForPerson(child)))) return;
      await installation.timeline.advance(FLUSH_MS);
    }
  }

  /** Sagas as a client sees them. */
  #find(sagas: readonly string[]): Promise<readonly SagaDetail[]> {
    return this.#world.client.ask(async (coordinator) =>
      (await Promise.all(sagas.map((saga) => coordinator.find(saga)))).flatMap((detail) => detail ?? []),
    );
  }

  /** Sagas that were accepted, and their sub-sagas. */
  get #sagas(): readonly string[] {
    return [...this.#starts.accepted, ...this.#world.families.children];
  }

  /** Whatever stands is told, also where an instance died that had appended rows of a partition that it did not own. */
  async #comeToWords(): Promise<void> {
    const { installation } = this.#world;
    if (this.#world.untold.length === 0) return;
    const end = installation.timeline.elapsed + TELLING_MS;
    while (this.#world.untold.length > 0 && installation.timeline.elapsed < end)
      await installation.timeline.advance(FLUSH_MS);
    for (const { id, kind, saga } of this.#world.untold)
      this.#report(6, `nobody ever tells the last rows of ${kind} ${id}`, saga);
    await this.#comeToEnds();
  }

  /** Whoever has promised something hears what became of it, though nothing waits in any queue meanwhile. */
  async #comeToDecisions(): Promise<void> {
    const { installation, transactions } = this.#world;
    const isOver = (): boolean => this.#world.openTransactions.length === 0 && transactions.holdings.isEmpty;
    if (await installation.until(isOver, TELLING_MS)) return;
    for (const { id, saga, status } of this.#world.openTransactions)
      this.#report(6, `transaction ${id} is ${status} for ever`, saga);
  }

  #tellStuck(open: readonly string[]): void {
    for (const saga of open) this.#report(6, 'it neither ended nor waits for a person', saga);
    if (!this.#starts.isDone) this.#report(6, 'some starts were never accepted');
  }

  #result(details: readonly SagaDetail[]): EpisodeResult {
    const { sagas, seed } = this.options;
    this.#check(details);
    const ends: Record<string, number> = {};
    for (const { parent, status } of details)
      if (parent === undefined) ends[status] = (ends[status] ?? 0) + 1;
    return {
      seed,
      sagas,
      subSagas: this.#world.families.children.size,
      ends,
      steps: this.#world.specs.map(({ steps }) => steps.length),
      violations: this.#violations,
      hits: this.#hits,
      struck: this.#struck.size,
      strikes: this.#strikes,
      weather: this.#weather,
    };
  }

  #check(details: readonly SagaDetail[]): void {
    const report = this.#report;
    const { effects, families, installation, sagas, specs, watch } = this.#world;
    const atRest = {
      installation,
      published: watch.published,
      planOf: (workflow: string) => this.#world.planOf(workflow),
      report,
    };
    const wanted = new Set(this.#sagas).size;
    if (details.length < wanted) report(11, `${wanted} sagas were accepted, ${details.length} are there`);
    checkNumber(atRest, wanted);
    const known = new Map(details.map((saga) => [saga.sagaId, saga]));
    for (const saga of details) {
      const spec = specs.find(({ id }) => id === saga.workflow);
      if (spec === undefined) continue;
      if (families.find(saga.sagaId)?.wasRefused !== true) {
        checkEnds(saga, { spec, report, ...this.#circumstances(saga) });
        effects.check(saga, spec);
      }
      checkRebuilt(atRest, saga);
    }
    checkFamilies({ families, sagas, details: known, report });
    this.#world.transactions.holdings.demandNone();
    checkMessages(atRest);
    checkToldEnds(atRest, families);
  }

  /** What may explain how a saga ended. */
  #circumstances({ sagaId }: SagaDetail): Omit<Measure, 'spec' | 'report'> {
    const { families } = this.#world;
    return {
      wasCancelled: this.#operators.wanted(sagaId),
      wasStopped: families.find(sagaId)?.asked !== undefined,
      wasDecided: this.#board.hasDecided(sagaId),
      codesBelow: (step) => families.codesBelow(sagaId, step),
      isForPerson: (child) => families.isForPerson(child),
    };
  }

  #onStrike(strike: Strike, phase: string, subject: string): void {
    this.#strikes.push(strike);
    this.#hits.push({ name: strike.name, phase });
    const saga = sagaIn(subject);
    if (saga !== undefined) this.#struck.add(this.#world.families.rootOf(saga));
  }
}
