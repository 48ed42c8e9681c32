import { hasEnded, sagaStatus } from '@aura/contracts';
import type { CloudEvent, SagaStatus } from '@aura/contracts';
import { sagaStream, transactionStream } from '@aura/kernel';
import { trackerQueue } from '@aura/messaging';
import { Chance, Client, COORDINATOR, Installation } from '@aura/testing';
import type { FaultPlan, Stores } from '@aura/testing';
import { compilePlan } from '@aura/workflow';
import type { CompiledPlan, Plan } from '@aura/workflow';
import { staff } from './domain';
import { Effects } from './invariants/effects';
import { Families } from './invariants/families';
import { KnownSagas } from './invariants/known-sagas';
import { Transactions } from './invariants/transactions';
import { WhileRunning } from './invariants/while-running';
import { definitionOf, randomDefinition } from './random-definition';
import type { DefinitionSpec, StepSpec } from './definition-spec';
import { Signals } from './signals';
import type { Report } from './violation';

const ACTOR = { subject: 'simulation', roles: [] } as const;
const DEFINITIONS = 4;
const PARTITIONS = 4;
const COORDINATORS = 2;
/** Due timers are looked for so often, ms: most of the time nothing is due. */
const TIMER_MS = 1000;
const INSTANCES = 2;
/** Worlds in a thousand whose broker and journals are one store, as they are embedded. */
const ONE_STORE_PER_MILLE = 300;
const START_MS = 600_000;

/** Problems of a definition that pass by themselves: whoever was asked has not heard of what it names yet. */
const NOT_HEARD_OF: readonly string[] = ['UNKNOWN_ACTION', 'UNKNOWN_WORKFLOW'];

/** Of transactions that go on by themselves. */
const OPEN: readonly string[] = ['preparing', 'committing', 'aborting', 'undoing'];

/** A transaction as its view shows it. */
export interface SeenTransaction {
  readonly id: string;
  readonly saga: string;
  readonly status: string;
}

/** Something that has rows of which its view says that they are not published. */
export interface Untold {
  readonly kind: 'saga' | 'transaction';
  readonly id: string;
  readonly saga: string;
}

/** What a world is made of. */
export interface WorldOptions {
  readonly seed: string;
  readonly report: Report;
  readonly plan: FaultPlan;
  /** Whether something is lost at some time that only a step's timeout brings again. */
  readonly isForgetful: boolean;
  /** Told of every event that is published for the first time, with the step that it belongs to. */
  readonly onEvent: (event: CloudEvent, step: StepSpec | undefined) => void;
  readonly onTrace: ((line: string) => void) | undefined;
}

/** A simulated installation with random definitions, and everything that watches it. */
export class SimulatedWorld {
  readonly installation: Installation;
  readonly client: Client;
  readonly watch: WhileRunning;
  readonly sagas: KnownSagas;
  readonly families: Families;
  readonly effects: Effects;
  readonly transactions: Transactions;
  readonly specs: readonly DefinitionSpec[];
  readonly #steps = new Map<string, StepSpec>();
  readonly #plans = new Map<string, CompiledPlan>();
  readonly #staff = staff();

  constructor(options: WorldOptions) {
    const chance = new Chance(`${options.seed}/definitions`);
    // A trigger that is half published while its join set is lost, or an end that is, is asked for again: that may take a step's timeout.
    const longest = options.isForgetful ? '10m' : '24h';
    const specs: DefinitionSpec[] = [];
    for (let n = 0; n < DEFINITIONS; n++)
      specs.push(randomDefinition(chance, { id: `d${n}`, longest, below: specs.slice() }));
    this.specs = specs;
    for (const spec of this.specs)
      for (const step of spec.steps) this.#steps.set(`${spec.id}/${step.id}`, step);
    const { tills } = this.#staff;
    this.sagas = new KnownSagas((digest) => this.#specOf(digest));
    this.families = new Families((digest) => this.#specOf(digest), options.report);
    const storesOf = (namespace: string): Stores => this.installation.stores(namespace);
    this.transactions = new Transactions(storesOf, options.report);
    const known = { sagas: this.sagas, families: this.families, transactions: this.transactions };
    this.effects = new Effects(tills, known, options.report);
    const signals = new Signals(this, new Chance(`${options.seed}/signals`));
    const sources = {
      ...known,
      effects: this.effects,
      stores: storesOf,
      stepOf: (event: CloudEvent) => this.#stepOf(event),
      onEvent: (event: CloudEvent) => {
        const step = this.#stepOf(event);
        signals.onEvent(event, step);
        options.onEvent(event, step);
      },
    };
    this.watch = new WhileRunning(sources, options.report);
    this.installation = new Installation(options.seed, {
      onRow: (namespace, row) => this.watch.onRow(namespace, row),
      onShared: (namespace, row) => this.watch.onShared(namespace, row),
      onPublish: (message) => this.watch.onPublish(message),
      ...(options.onTrace === undefined ? {} : { onTrace: options.onTrace }),
    });
    this.installation.around.faults = options.plan;
    this.installation.broker.roads = options.plan;
    this.installation.broker.isOneStore = new Chance(`${options.seed}/one-store`).hits(ONE_STORE_PER_MILLE);
    this.client = new Client(this.installation);
  }

  /** Starts every process and publishes every definition. */
  async open(): Promise<void> {
    const { installation } = this;
    for (let n = 1; n <= COORDINATORS; n++)
      installation.addCoordinator(`coordinator-${n}`, { partitions: PARTITIONS, timerMs: TIMER_MS });
    for (const participant of this.#staff.participants)
      for (let n = 1; n <= INSTANCES; n++)
        installation.addParticipant(participant, `${participant.name}-${n}`);
    const isUp = await installation.until(() => installation.hosts.every((host) => host.isUp), START_MS);
    if (!isUp) throw new Error('the processes do not start');
    for (const spec of this.specs) await this.#publish(spec);
  }

  /** The plan of a definition. */
  planOf(workflow: string): CompiledPlan | undefined {
    const known = this.#plans.get(workflow);
    if (known !== undefined) return known;
    const views = this.installation.stores(COORDINATOR).views.table('definitions');
    const view = views.all().find(({ fields }) => fields['definition'] === workflow);
    if (view === undefined) return undefined;
    const compiled = compilePlan((JSON.parse(view.body) as { readonly plan: Plan }).plan);
    this.#plans.set(workflow, compiled);
    return compiled;
  }

  /** A saga's status as its view says. */
  statusOf(saga: string): SagaStatus | undefined {
    const view = this.installation.stores(COORDINATOR).views.table('sagas').get(saga);
    return sagaStatus.safeParse(view?.fields['status']).data;
  }

  /** Whether a saga has ended or waits for a person, as its view says. */
  isSettled(saga: string): boolean {
    const status = this.statusOf(saga);
    if (status === undefined) return false;
    return hasEnded(status) || status === 'suspended' || status === 'compensation_failed';
  }

  /** Transactions of these statuses, by their views. */
  transactionsIn(statuses: readonly string[]): readonly SeenTransaction[] {
    const views = this.installation.stores(COORDINATOR).views.table('transactions').all();
    return views.flatMap(({ id, fields }) => {
      const status = String(fields['status']);
      return statuses.includes(status) ? [{ id, saga: String(fields['saga']), status }] : [];
    });
  }

  /** Transactions that have not ended yet and that nobody has to look at. */
  get openTransactions(): readonly SeenTransaction[] {
    return this.transactionsIn(OPEN);
  }

  /** Sagas and transactions with rows of which their views do not say that they were published. */
  get untold(): readonly Untold[] {
    const { journal, views } = this.installation.stores(COORDINATOR);
    return (['saga', 'transaction'] as const).flatMap((kind) =>
      views
        .table(`${kind}s`)
        .all()
        .flatMap(({ id, fields }) => {
          const saga = kind === 'saga' ? id : String(fields['saga']);
          const last = journal.read(kind === 'saga' ? sagaStream(id) : transactionStream(id)).at(-1)?.seq;
          return fields['publishedSeq'] === last ? [] : [{ kind, id, saga }];
        }),
    );
  }

  /** Partitions whose events nobody takes. */
  get unowned(): readonly number[] {
    const { broker } = this.installation;
    const all = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    return all.filter((partition) => broker.queue(trackerQueue(partition)).consumers.length === 0);
  }

  /** Whether nothing waits in any queue or hand. */
  get isQuiet(): boolean {
    return this.installation.broker.queues.every(
      (queue) => queue.waiting + queue.inHand + queue.coming === 0,
    );
  }

  async #publish(spec: DefinitionSpec): Promise<void> {
    const text = JSON.stringify(definitionOf(spec));
    const end = this.installation.timeline.elapsed + START_MS;
    while (this.installation.timeline.elapsed < end) {
      const published = await this.client.ask((one) => one.publishDefinition(text, spec.id, ACTOR));
      if (published.ok && published.value.status === 'active') return;
      if (!published.ok && published.error.some(({ code }) => !NOT_HEARD_OF.includes(code)))
        throw new Error(`${spec.id} is refused: ${published.error.map(({ message }) => message).join('; ')}`);
      await this.installation.timeline.advance(1000);
    }
    throw new Error(`${spec.id} does not become active`);
  }

  #stepOf({ auraplan, aurastep }: CloudEvent): StepSpec | undefined {
    if (auraplan === undefined || aurastep === undefined) return undefined;
    return this.#steps.get(`${this.#specOf(auraplan)?.id ?? ''}/${aurastep}`);
  }

  #specOf(digest: string): DefinitionSpec | undefined {
    return this.specs.find(({ id }) => this.planOf(id)?.plan.digest === digest);
  }
}
