import { closeInOrder, NO_METER } from '@aura/kernel';
import {
  COORDINATOR_QUEUE,
  COORDINATOR_SOURCE,
  consumeThrough,
  CRASHED_QUEUE,
  DEAD_LETTERS_QUEUE,
  INGRESS_QUEUE,
  NO_OUTAGE,
  payloadBus,
} from '@aura/messaging';
import type { CloudEvent } from '@aura/contracts';
import type {
  Consumer,
  ConsumerOptions,
  DefinitionName,
  DeliveryContext,
  Handler,
  Outcome,
} from '@aura/messaging';
import type { Coordinator } from '../coordinator';
import { Admission } from './admission';
import { SagaBook } from './book';
import { Control } from './control';
import { DeadLetters } from './dead-letters';
import { DefinitionKeeper } from './definition-keeper';
import { declareQueues } from './declare-queues';
import { faceOf } from './face';
import { EventWaits } from './event-waits';
import { Feed } from './feed';
import { PartitionGaps } from './gaps';
import { hasViews } from './has-views';
import { Interventions } from './interventions';
import { Ingress } from './ingress';
import { openParts } from './open-parts';
import type { EngineParts, EnginePorts } from './open-parts';
import { COORDINATOR_CONSUMER, handingOver, sayHanded, sayOrHandOver } from './hand-over';
import { livenessOf } from './liveness';
import type { Liveness } from './liveness';
import { operationsOf } from './operations';
import { Partitions } from './partitions';
import { Presence } from './presence';
import { COORDINATOR_DEFAULTS } from './ports';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { readGauges } from './read-gauges';
import { Recovery } from './recovery';
import { ReemissionBudget } from './reemission-budget';
import { Reruns } from './reruns';
import { SagaQuestions } from './saga-questions';
import { SagaSequels } from './saga-sequels';
import type { FindBeginning, FindSequel } from './sequel';
import { Starter } from './starter';
import type { StarterParts } from './starter';
import { SubSagas } from './sub-sagas';
import { TimerKeeper } from './timer-keeper';
import { HAND_OVER_MS, TrackedPartitions } from './tracked-partitions';
import { Tracker } from './tracker';
import { isAboutTransaction } from './transactions/transaction-delivery';
import { openDesk } from './transactions/transaction-desk';
import type { TransactionDesk } from './transactions/transaction-desk';
import { ViewWriter } from './view-writer';

/** A running coordinator. */
export interface RunningCoordinator extends Coordinator {
  /** Names of participants that ever announced themselves. */
  participants(): readonly string[];
  /** Partitions that this instance tracks. */
  partitions(): readonly number[];
  /** Gives its partitions back and finishes what is in hand. */
  stop(): Promise<void>;
}

/** Starts a coordinator: its queues, its share of the partitions, timers, ingress. */
export async function startCoordinator(
  given: CoordinatorPorts,
  options: Partial<CoordinatorOptions> & Pick<CoordinatorOptions, 'instance'>,
): Promise<RunningCoordinator> {
  const ports = { meter: NO_METER, ...given, bus: payloadBus(given.bus, given.claims) };
  const settings: CoordinatorOptions = { ...COORDINATOR_DEFAULTS, ...options };
  const engine = new CoordinatorEngine(ports, settings, await openParts(ports, settings));
  try {
    await engine.open();
    return engine.running();
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** What the consumers of a coordinator differ in. */
type OwnConsumer = Pick<ConsumerOptions, 'queue' | 'prefetch' | 'handler' | 'claims' | 'spans'>;

class CoordinatorEngine {
  private readonly book: SagaBook;
  private readonly views: ViewWriter;
  private readonly gaps: PartitionGaps;
  private readonly tracker: Tracker;
  private readonly sequels: SagaSequels;
  private readonly desk: TransactionDesk;
  private readonly recovery: Recovery;
  private readonly owner: Partitions;
  private readonly timers: TimerKeeper;
  private readonly admission: Admission;
  private readonly starter: Starter;
  private readonly subSagas: SubSagas;
  private readonly interventions: Interventions;
  private readonly questions: SagaQuestions;
  private readonly feeds: Feed;
  private readonly presence: Presence;
  private readonly keeper: DefinitionKeeper;
  private readonly liveness: Liveness;
  private readonly consumers: Consumer[] = [];
  private readonly tracked: Handler = (context) => this.trackerOf(context.event).track(context);
  /** Partitions that this instance tracks. */
  private readonly held = (): readonly number[] => this.owner.list();
  /** Those that it is sure of. */
  private readonly owned = (): readonly number[] => this.owner.live();
  /** The tracker reads what travelled by reference itself, when it is news. */
  private readonly track = (queue: string): Promise<Consumer> => {
    const { prefetch } = this.options;
    const handler = handingOver(this.tracked);
    return this.consumer({ queue, prefetch, handler, spans: 'handler' });
  };
  private readonly sequel: FindSequel = (message) => this.sequels.find(message);
  private readonly beginning: FindBeginning = (message, saga) =>
    this.desk.transactions.beginning(message, saga, this.owned);
  /** Says what a first row says, and what it led to; what is for a partition of this instance is here already. */
  private readonly say: StarterParts['say'] = async (messages, led) => {
    const { tracked: handler, owned, ports } = this;
    const saying = sayOrHandOver(messages, { bus: ports.bus, handler, owned });
    await Promise.all([saying, led && sayHanded(led, ports.bus)]);
  };
  private stopReading: () => void = () => undefined;

  constructor(
    private readonly ports: EnginePorts,
    private readonly options: CoordinatorOptions,
    private readonly parts: EngineParts,
  ) {
    const { sagas, definitions, early, chronicle, catalogue } = parts;
    const { world, journal, log } = ports;
    const publishedSeqOf = (saga: string): number => this.views.publishedSeqOf(saga);
    this.book = new SagaBook(journal, sagas, definitions, { world, log, chronicle, publishedSeqOf });
    this.views = new ViewWriter({ sagas, waits: parts.waits }, world, log, options.flushMs);
    this.gaps = new PartitionGaps(world);
    const { book, views, gaps, sequel, beginning, owned, track: consume } = this;
    this.desk = openDesk(ports, options, { ...parts, sagaBook: book, gaps, sequel, owned: this.held });
    const { desk: transactions } = this;
    this.tracker = new Tracker(ports, { book, views, gaps, early, beginning }, options);
    this.sequels = new SagaSequels({ book, gaps, clock: world.clock, tracker: this.tracker, owned });
    const ofSagas = (partition: number): Promise<boolean> => hasViews(sagas, partition);
    this.recovery = new Recovery(ports, { book, views, transactions, gaps, hasViews: ofSagas });
    const { recovery } = this;
    const tracked = new TrackedPartitions(ports.bus, { book, views, recovery, transactions, consume });
    this.owner = new Partitions(ports, options, gaps, tracked);
    this.admission = new Admission(ports, options, sagas, this.held);
    const budget = new ReemissionBudget(world.clock, () => this.tracker.delivered());
    const onStale = (saga: string): void => recovery.openSaga(saga);
    const timed = { catalogue, views: sagas, book, gaps, budget, owned, onStale };
    this.timers = new TimerKeeper(ports, options, timed);
    const opening = { definitions, book, views, recovery, admission: this.admission, chronicle };
    this.starter = new Starter(ports, options, { ...opening, beginning, say: this.say });
    this.subSagas = new SubSagas(ports, { definitions, book, starter: this.starter, tracker: this.tracker });
    this.questions = new SagaQuestions(book, gaps, world, {
      catalogue,
      onAsked: (state) => this.liveness.patrol.lookAt(state),
    });
    this.interventions = new Interventions(ports, { book, views, gaps, recovery, questions: this.questions });
    this.feeds = new Feed(ports, this.tracker);
    this.presence = new Presence(ports.fast.registry, world.clock, parts);
    this.keeper = new DefinitionKeeper(ports, options, parts);
    this.liveness = livenessOf(ports, options, { ...parts, book, gaps, owned, recovery, desk: this.desk });
  }

  /** Takes up work: queues, definitions, partitions, consumers, timers. */
  async open(): Promise<void> {
    const { fast, world } = this.ports;
    const { catalogue, definitions } = this.parts;
    await catalogue.refresh();
    await declareQueues(this.ports.bus, this.options.partitions);
    await definitions.start();
    const letters = new DeadLetters(this.parts.letters, definitions, world);
    const control = new Control({ catalogue, definitions, presence: this.presence }, fast, world);
    const ingress = new Ingress(
      definitions,
      this.starter,
      this.admission,
      new EventWaits({ ...this.parts, bus: this.ports.bus }),
    );
    await this.owner.start();
    const { claims } = this.ports;
    await this.consume({ queue: COORDINATOR_QUEUE, claims, handler: (context) => control.handle(context) });
    await this.consume({ queue: DEAD_LETTERS_QUEUE, claims, handler: (context) => letters.record(context) });
    // A payload that cannot be read must not keep what killed its consumer from being buried.
    await this.consume({ queue: CRASHED_QUEUE, handler: (context) => letters.crashed(context) });
    const handler: Handler = (context) => ingress.handle(context);
    const door = await this.consume({ queue: INGRESS_QUEUE, claims, handler });
    this.timers.start();
    this.desk.start();
    this.keeper.start();
    this.liveness.patrol.start();
    this.liveness.reconciler.start();
    this.admission.start((isFull) => this.turn(door, isFull));
    this.stopReading = readGauges(this.ports.meter, {
      admission: this.admission,
      owner: this.owner,
      timers: this.timers,
    });
  }

  async stop(): Promise<void> {
    this.feeds.stop();
    this.stopReading();
    await closeInOrder([
      () => this.timers.stop(),
      () => this.desk.stopTimers(),
      () => this.keeper.stop(),
      () => this.liveness.patrol.stop(),
      () => this.liveness.reconciler.stop(),
      () => this.admission.stop(),
      async () => void (await Promise.all(this.consumers.map((consumer) => consumer.stop(HAND_OVER_MS)))),
      () => this.owner.stop(),
      () => this.recovery.stop(),
      () => this.views.stop(),
      () => this.desk.stop(),
    ]);
  }

  /** What the doors can ask, and what this instance has in hand. */
  running(): RunningCoordinator {
    const { ports, parts } = this;
    const { starter, questions, interventions, feeds, presence } = this;
    const reruns = new Reruns({ definitions: parts.definitions, questions, interventions });
    const operations = operationsOf(ports, { parts, ...this.liveness });
    return {
      ...faceOf({
        parts,
        starter,
        questions,
        interventions,
        reruns,
        feeds,
        presence,
        operations,
        board: this.desk.board,
      }),
      participants: () => parts.catalogue.participants(),
      partitions: () => this.owner.list(),
      stop: () => this.stop(),
    };
  }

  private async consume(own: Omit<OwnConsumer, 'prefetch'>): Promise<Consumer> {
    const consumer = await this.consumer({ ...own, prefetch: 50 });
    this.consumers.push(consumer);
    return consumer;
  }

  /** Who takes a delivery of a partition's queue. */
  private trackerOf(event: CloudEvent): { track(context: DeliveryContext): Promise<Outcome> } {
    if (isAboutTransaction(event)) return this.desk;
    return SubSagas.isAbout(event) ? this.subSagas : this.tracker;
  }

  private consumer(own: OwnConsumer): Promise<Consumer> {
    const { bus, world, log, meter } = this.ports;
    const definitionName: DefinitionName = (digest) => this.parts.definitions.nameOf(digest);
    const coordinator = { consumer: COORDINATOR_CONSUMER, source: COORDINATOR_SOURCE, outage: NO_OUTAGE };
    return consumeThrough({ bus, world, log, meter, definitionName, ...coordinator, ...own });
  }

  /** While the house is full, events stay in the bounded queue, which then refuses its publishers. */
  private turn(door: Consumer, isFull: boolean): void {
    const turning = isFull ? door.pause() : door.resume();
    turning.catch((error: unknown) =>
      this.ports.log.warn('the ingress could not be paused or resumed', { error }),
    );
  }
}
