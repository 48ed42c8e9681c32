import type {
  DefinitionProblem,
  DefinitionSummary,
  ExecuteAccepted,
  SagaDetail,
  SagaFeedEntry,
} from '@aura/contracts';
import type { Result, ViewStore } from '@aura/kernel';
import {
  COORDINATOR_QUEUE,
  COORDINATOR_SOURCE,
  consumeThrough,
  CRASHED_QUEUE,
  DEAD_LETTERS_QUEUE,
  INGRESS_QUEUE,
  NO_OUTAGE,
  trackerQueue,
} from '@aura/messaging';
import type { Consumer, Handler, QueueKind } from '@aura/messaging';
import type { Actor, Coordinator, StartRefusal, StartRequest } from '../coordinator';
import { detailOf } from '../machine/detail';
import { foldRows } from '../machine/row';
import { explain } from '../machine/waiting';
import { Admission } from './admission';
import { SagaBook } from './book';
import { Catalogue, PARTICIPANT_VIEWS } from './catalogue';
import { Control } from './control';
import { DEAD_LETTER_VIEWS, DeadLetters } from './dead-letters';
import type { DeadLetterField } from './dead-letters';
import { DEFINITION_VIEWS } from './definition-record';
import { Definitions } from './definitions';
import { EARLY_VIEWS, EarlyEvents } from './early-events';
import { Feed } from './feed';
import { PartitionGaps } from './gaps';
import { Ingress } from './ingress';
import { Partitions } from './partitions';
import { COORDINATOR_DEFAULTS } from './ports';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { logRecovery, recover } from './recovery';
import { SAGA_VIEWS } from './saga-view';
import type { SagaViewField } from './saga-view';
import { Starter } from './starter';
import { TimerKeeper } from './timer-keeper';
import { Tracker } from './tracker';
import { ViewWriter } from './view-writer';

/** Most messages that may wait in the ingress queue before publishers are refused. */
const INGRESS_LENGTH = 50_000;
/** Time for what is in hand when a partition is given back, ms. */
const HAND_OVER_MS = 5000;

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
  ports: CoordinatorPorts,
  options: Partial<CoordinatorOptions> & Pick<CoordinatorOptions, 'instance'>,
): Promise<RunningCoordinator> {
  const settings: CoordinatorOptions = { ...COORDINATOR_DEFAULTS, ...options };
  const [sagas, definitions, participants, early, letters] = await Promise.all([
    ports.views.open(SAGA_VIEWS),
    ports.views.open(DEFINITION_VIEWS),
    ports.views.open(PARTICIPANT_VIEWS),
    ports.views.open(EARLY_VIEWS),
    ports.views.open(DEAD_LETTER_VIEWS),
  ]);
  const catalogue = new Catalogue(participants, ports.world);
  const shelf = new Definitions(ports, definitions, catalogue);
  const engine = new CoordinatorEngine(ports, settings, {
    sagas,
    catalogue,
    definitions: shelf,
    early: new EarlyEvents(early, ports.world),
    letters,
  });
  await engine.open();
  return engine;
}

interface Parts {
  readonly sagas: ViewStore<SagaViewField>;
  readonly catalogue: Catalogue;
  readonly definitions: Definitions;
  readonly early: EarlyEvents;
  readonly letters: ViewStore<DeadLetterField>;
}

class CoordinatorEngine implements RunningCoordinator {
  private readonly book: SagaBook;
  private readonly views: ViewWriter;
  private readonly gaps: PartitionGaps;
  private readonly tracker: Tracker;
  private readonly owner: Partitions;
  private readonly timers: TimerKeeper;
  private readonly admission: Admission;
  private readonly starter: Starter;
  private readonly feeds: Feed;
  private readonly trackers = new Map<number, Consumer>();
  private readonly consumers: Consumer[] = [];

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    private readonly parts: Parts,
  ) {
    const { sagas, definitions, early } = parts;
    const { world, journal, log } = ports;
    const owned = (): readonly number[] => this.owner.list();
    this.book = new SagaBook(journal, sagas, definitions);
    this.views = new ViewWriter(sagas, world, log, options.flushMs);
    this.gaps = new PartitionGaps(world);
    this.tracker = new Tracker(ports, this.book, this.views, early, this.gaps);
    this.admission = new Admission(ports, options, sagas, owned);
    this.timers = new TimerKeeper(ports, options, { views: sagas, book: this.book, gaps: this.gaps, owned });
    this.starter = new Starter(ports, options, {
      definitions,
      book: this.book,
      views: this.views,
      admission: this.admission,
    });
    this.feeds = new Feed(ports, this.book, this.tracker);
    this.owner = new Partitions(ports, options, this.gaps, {
      begin: (partition, since) => this.beginPartition(partition, since),
      end: (partition) => this.endPartition(partition),
      onVanished: (since) => this.recover(this.owner.list(), since),
      flushedUpTo: () => this.views.flushedUpTo(),
    });
  }

  /** Takes up work: queues, definitions, partitions, consumers, timers. */
  async open(): Promise<void> {
    const { fast, world } = this.ports;
    const { catalogue, definitions } = this.parts;
    await catalogue.refresh();
    await this.declareQueues();
    await definitions.start();
    const letters = new DeadLetters(this.parts.letters, definitions);
    const control = new Control(catalogue, definitions, fast, world);
    const ingress = new Ingress(definitions, this.starter, this.admission);
    await this.owner.start();
    await this.consume(COORDINATOR_QUEUE, (context) => control.handle(context));
    await this.consume(DEAD_LETTERS_QUEUE, (context) => letters.record(context));
    await this.consume(CRASHED_QUEUE, (context) => letters.crashed(context));
    await this.consume(INGRESS_QUEUE, (context) => ingress.handle(context));
    this.timers.start();
    this.admission.start();
  }

  async stop(): Promise<void> {
    await this.timers.stop();
    await this.admission.stop();
    await Promise.all(this.consumers.map((consumer) => consumer.stop(HAND_OVER_MS)));
    await this.owner.stop();
    await this.views.flush();
  }

  start(request: StartRequest): Promise<Result<ExecuteAccepted, StartRefusal>> {
    return this.starter.start(request);
  }

  async find(sagaId: string): Promise<SagaDetail | undefined> {
    const history = await this.book.history(sagaId);
    const state = history === undefined ? undefined : foldRows(history.compiled, history.rows).at(-1);
    if (history === undefined || state === undefined) return undefined;
    return detailOf(
      history.compiled,
      state,
      this.ports.world.clock.now(),
      this.gaps.gapSince(state.partition),
    );
  }

  async why(sagaId: string): Promise<string | undefined> {
    const history = await this.book.history(sagaId);
    const state = history === undefined ? undefined : foldRows(history.compiled, history.rows).at(-1);
    if (history === undefined || state === undefined) return undefined;
    return explain(history.compiled, state, this.gaps.gapSince(state.partition));
  }

  feed(sagaId: string, afterSequence: number, signal: AbortSignal): AsyncIterable<SagaFeedEntry> {
    return this.feeds.follow(sagaId, afterSequence, signal);
  }

  definitions(): Promise<readonly DefinitionSummary[]> {
    return this.parts.definitions.list();
  }

  publishDefinition(
    text: string,
    file: string,
    actor: Actor,
  ): Promise<Result<DefinitionSummary, readonly DefinitionProblem[]>> {
    return this.parts.definitions.publish(text, file, actor);
  }

  async checkDefinition(text: string, file: string): Promise<readonly DefinitionProblem[]> {
    await this.parts.catalogue.refresh();
    return this.parts.definitions.check(text, file);
  }

  participants(): readonly string[] {
    return this.parts.catalogue.participants();
  }

  partitions(): readonly number[] {
    return this.owner.list();
  }

  private async declareQueues(): Promise<void> {
    const { bus } = this.ports;
    const work: readonly [string, QueueKind][] = [
      [COORDINATOR_QUEUE, 'work'],
      [DEAD_LETTERS_QUEUE, 'work'],
      [CRASHED_QUEUE, 'crashed'],
    ];
    await Promise.all(work.map(([queue, kind]) => bus.declareQueue({ queue, kind })));
    await bus.declareQueue({ queue: INGRESS_QUEUE, kind: 'ingress', maxLength: INGRESS_LENGTH });
    const partitions = Array.from({ length: this.options.partitions }, (_, partition) =>
      trackerQueue(partition),
    );
    await Promise.all(partitions.map((queue) => bus.declareQueue({ queue, kind: 'tracker' })));
  }

  private async consume(queue: string, handler: Handler): Promise<void> {
    this.consumers.push(await this.consumer(queue, 50, handler));
  }

  private consumer(queue: string, prefetch: number, handler: Handler): Promise<Consumer> {
    const { bus, world, log } = this.ports;
    return consumeThrough({
      bus,
      world,
      log,
      queue,
      prefetch,
      handler,
      consumer: 'coordinator',
      source: COORDINATOR_SOURCE,
      outage: NO_OUTAGE,
    });
  }

  private async beginPartition(partition: number, since: number): Promise<void> {
    const handler: Handler = (context) => this.tracker.track(context);
    this.trackers.set(
      partition,
      await this.consumer(trackerQueue(partition), this.options.prefetch, handler),
    );
    await this.recover([partition], since);
  }

  private async endPartition(partition: number): Promise<void> {
    const consumer = this.trackers.get(partition);
    this.trackers.delete(partition);
    await consumer?.stop(HAND_OVER_MS);
    await this.views.flush();
    this.book.forgetAll();
  }

  private async recover(partitions: readonly number[], since: number): Promise<void> {
    if (partitions.length === 0) return;
    logRecovery(
      this.ports.log,
      await recover(this.ports, this.book, this.views, { partitions, since }),
      partitions,
    );
  }
}
