import { NO_LOG } from '@aura/kernel';
import type { JournalRow, Log, LogFields } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import type { CoordinatorOptions, CoordinatorPorts } from '@aura/saga';
import type { ParticipantDefinition, ParticipantOptions, ParticipantPorts } from '@aura/workflow';
import { SimulatedBroker } from '../bus/simulated-broker';
import type { SimulatedBus } from '../bus/simulated-bus';
import { NO_FAULTS } from '../faults/fault';
import type { Surroundings } from '../process/simulated-process';
import type { SimulatedProcess } from '../process/simulated-process';
import { ClaimTable, SimulatedClaims } from '../stores/simulated-claims';
import { FastTables, simulatedFastStores } from '../stores/simulated-fast-stores';
import { JournalTable } from '../stores/journal-table';
import { SimulatedJournal } from '../stores/simulated-journal';
import { LeaseTable, SimulatedLeases } from '../stores/simulated-leases';
import { SimulatedViews, ViewTables } from '../stores/simulated-views';
import { Chance } from '../time/chance';
import { Timeline } from '../time/timeline';
import { CoordinatorHost } from './coordinator-host';
import { ParticipantHost } from './participant-host';

/** What a participant or the coordinators own: a database and a cache. */
export interface Stores {
  readonly journal: JournalTable;
  readonly views: ViewTables;
  readonly fast: FastTables;
}

/** Who looks on while an installation runs. */
export interface InstallationWatch {
  readonly onRow?: (namespace: string, row: JournalRow) => void;
  /** A row stands as another process had written it, and a process takes it for its own. */
  readonly onShared?: (namespace: string, row: JournalRow) => void;
  readonly onPublish?: (message: OutboundMessage) => void;
  /** What the code under test logs: a sentence and, where there is one, the error's message. */
  readonly onWarning?: (process: string, sentence: string) => void;
  readonly onTrace?: (line: string) => void;
}

/** Namespace of the coordinators. */
export const COORDINATOR = 'coordinator';

/**
 * A whole Aura in virtual time: broker, stores and processes that run the production code of coordinator and
 * participants. What it does is a function of its seed, its faults and what is asked of it.
 */
export class Installation {
  readonly timeline = new Timeline();
  readonly chance: Chance;
  readonly broker: SimulatedBroker;
  readonly leases = new LeaseTable();
  readonly claims = new ClaimTable();
  readonly around: Surroundings;
  readonly coordinators: CoordinatorHost[] = [];
  readonly participants: ParticipantHost[] = [];
  readonly #stores = new Map<string, Stores>();

  constructor(
    seed: string,
    private readonly watch: InstallationWatch = {},
  ) {
    this.chance = new Chance(seed);
    const { onTrace } = watch;
    const trace =
      onTrace && ((line: string): void => onTrace(`${String(this.timeline.elapsed).padStart(7)} ${line}`));
    this.around = { timeline: this.timeline, chance: this.chance, faults: NO_FAULTS, trace };
    this.broker = new SimulatedBroker(this.timeline, watch);
  }

  /** The stores of a participant, or of {@link COORDINATOR}. */
  stores(namespace: string): Stores {
    const known = this.#stores.get(namespace);
    if (known !== undefined) return known;
    const { onRow, onShared } = this.watch;
    const stores: Stores = {
      journal: new JournalTable({
        onRow: (row) => onRow?.(namespace, row),
        onShared: (row) => onShared?.(namespace, row),
      }),
      views: new ViewTables(),
      fast: new FastTables(this.timeline),
    };
    this.#stores.set(namespace, stores);
    return stores;
  }

  /** Every namespace with its stores. */
  get namespaces(): ReadonlyMap<string, Stores> {
    return this.#stores;
  }

  /** Puts up a coordinator's instance; it starts when time passes, and again whenever it has died. */
  addCoordinator(instance: string, options: Partial<CoordinatorOptions> = {}): CoordinatorHost {
    const host = new CoordinatorHost(this, instance, (...seen) => this.coordinatorPorts(...seen), options);
    this.coordinators.push(host);
    return host;
  }

  /** Puts up a participant's instance; it starts when time passes, and again whenever it has died. */
  addParticipant(
    definition: ParticipantDefinition,
    instance: string,
    options: Partial<ParticipantOptions> = {},
  ): ParticipantHost {
    const portsOf = (process: SimulatedProcess, bus: SimulatedBus): ParticipantPorts =>
      this.participantPorts(process, bus, definition.name);
    const host = new ParticipantHost(this, definition, portsOf, { ...options, instance });
    this.participants.push(host);
    return host;
  }

  /** Everything that runs as a process. */
  get hosts(): readonly (CoordinatorHost | ParticipantHost)[] {
    return [...this.coordinators, ...this.participants];
  }

  /** What a coordinator's process sees. */
  coordinatorPorts(process: SimulatedProcess, bus: SimulatedBus): CoordinatorPorts {
    const { fast, journal, views } = this.stores(COORDINATOR);
    return {
      bus,
      journal: new SimulatedJournal(process, journal),
      views: new SimulatedViews(process, views),
      leases: new SimulatedLeases(process, this.leases),
      claims: new SimulatedClaims(process, this.claims),
      fast: simulatedFastStores(process, fast),
      world: process.world,
      log: this.#logOf(process),
    };
  }

  /** What a participant's process sees. */
  participantPorts(process: SimulatedProcess, bus: SimulatedBus, name: string): ParticipantPorts {
    const { fast, journal, views } = this.stores(name);
    return {
      bus,
      journal: new SimulatedJournal(process, journal),
      views: new SimulatedViews(process, views),
      fast: simulatedFastStores(process, fast),
      claims: new SimulatedClaims(process, this.claims),
      world: process.world,
      log: this.#logOf(process),
    };
  }

  /** Loses everything that stands in the fast stores, as a flush of Redis does. */
  flushFastStores(): void {
    this.around.trace?.('the fast stores lose everything');
    for (const { fast } of this.#stores.values()) fast.flush();
  }

  /** Lets time pass until a condition holds, at most `patienceMs` of virtual time; answers whether it does. */
  async until(isSo: () => boolean, patienceMs: number): Promise<boolean> {
    const end = this.timeline.elapsed + patienceMs;
    while (!isSo()) if (!(await this.timeline.step(end))) return isSo();
    return true;
  }

  /** Lets a promise come to its end in virtual time. Errors: what it rejects with, or that it never ends. */
  async outcome<T>(promise: Promise<T>, patienceMs: number): Promise<T> {
    const outcome: { value?: T; error?: unknown; isOver: boolean } = { isOver: false };
    promise.then(
      (value) => Object.assign(outcome, { value, isOver: true }),
      (error: unknown) => Object.assign(outcome, { error, isOver: true }),
    );
    await this.timeline.advance(0);
    if (!(await this.until(() => outcome.isOver, patienceMs)))
      throw new Error(`no answer within ${patienceMs} ms of virtual time`);
    if ('error' in outcome) throw outcome.error;
    return outcome.value as T;
  }

  #logOf(process: SimulatedProcess): Log {
    const warn = (message: string, { error }: LogFields = {}): void => {
      const why = error instanceof Error ? `: ${error.message}` : '';
      this.around.trace?.(`${process.name} warns: ${message}${why}`);
      this.watch.onWarning?.(process.name, `${message}${why}`);
    };
    return { ...NO_LOG, warn, error: warn };
  }
}
