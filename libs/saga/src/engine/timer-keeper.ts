import { sagaTimerDue } from '@aura/contracts';
import type { CloudEvent, JsonValue } from '@aura/contracts';
import { NO_METER, sagaStream } from '@aura/kernel';
import type { ViewRecord, ViewStore } from '@aura/kernel';
import { COORDINATOR_SOURCE, participantQueue, trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { performersOf } from '../machine/lost-time';
import { present } from '../machine/present';
import { awaited } from '../machine/progress';
import { timersOf } from '../machine/timers';
import type { PlanStep } from '@aura/workflow';
import type { SagaTimer } from '../machine/timers';
import type { SagaBook } from './book';
import type { BookedSaga } from './booked-saga';
import type { Catalogue } from './catalogue';
import { DueViews } from './due-views';
import type { PartitionGaps } from './gaps';
import { Pauses } from './pauses';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import type { ReemissionBudget } from './reemission-budget';
import { Rounds } from './rounds';
import type { SagaViewField } from './saga-view';

/** A participant's queue with more waiting than this is behind: lost joins are not looked for there. */
const BEHIND = 1000;

/** Where timers are found. */
export interface TimerSources {
  readonly views: ViewStore<SagaViewField>;
  readonly book: SagaBook;
  readonly gaps: PartitionGaps;
  readonly budget: ReemissionBudget;
  /** Who offers what. */
  readonly catalogue: Pick<Catalogue, 'refreshIfOld' | 'lacks'>;
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
  /** A view that is behind its saga: nothing was published or written for its newest rows. */
  readonly onStale: (saga: string) => void;
}

/** What one look knows. */
interface Look {
  readonly now: number;
  readonly paused: ReadonlySet<string>;
  /** Messages waiting for a participant. */
  readonly depth: (participant: string) => Promise<number>;
}

type View = ViewRecord<SagaViewField>;

/**
 * Publishes due timers to their saga's partition, where they count only if the state still waits. Acts on nothing
 * itself. Step timers of a paused participant, and all while the bus is away or blocked, stand still.
 */
export class TimerKeeper {
  private readonly dueViews: DueViews<View>;
  private readonly pauses: Pauses;
  private readonly rounds: Rounds;

  constructor(
    private readonly ports: CoordinatorPorts,
    options: CoordinatorOptions,
    private readonly sources: TimerSources,
  ) {
    this.dueViews = new DueViews(sources.views);
    this.pauses = new Pauses(ports.world, ports.bus, ports.fast.registry, sources.gaps);
    this.rounds = new Rounds(ports.world, options.timerMs, {
      look: () => this.look(),
      failed: (error) => ports.log.warn('due timers could not be published; trying again', { error }),
    });
  }

  start(): void {
    this.rounds.start();
  }

  /** Timers that were due at the last look; of more than a page, those of that page. */
  due(): number {
    return this.dueViews.size;
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async look(): Promise<void> {
    this.sources.gaps.watchClock();
    const paused = await this.pauses.look();
    const partitions = this.sources.owned();
    const now = this.ports.world.clock.now();
    if (paused === undefined || partitions.length === 0) return;
    const fresh = await this.dueViews.next(partitions, { now, until: now + this.sources.gaps.lookAhead() });
    if (fresh.length === 0) return;
    await this.sources.catalogue.refreshIfOld();
    const booked = await this.newest(fresh);
    const look: Look = { now, paused, depth: this.depths() };
    const messages = await Promise.all([...booked.values()].map((saga) => this.messages(saga, look)));
    const all = messages.flat();
    if (all.length > 0) await this.ports.bus.publish(all);
    for (const view of fresh) {
      this.dueViews.told(view, now);
      this.tellIfStale(view, booked.get(view.id));
    }
  }

  /** A view that is ahead of what is in memory was written by another instance, which did what a person wanted. */
  private async newest(views: readonly View[]): Promise<ReadonlyMap<string, BookedSaga>> {
    const { book } = this.sources;
    const ids = views.map(({ id }) => id);
    const known = await book.open(ids);
    const behind = views.filter(
      ({ id, fields }) => Number(fields.seq) > (known.get(id)?.state.seq ?? Infinity),
    );
    if (behind.length === 0) return known;
    behind.forEach(({ id }) => book.forget(id));
    return book.open(ids);
  }

  private async messages(saga: BookedSaga, look: Look): Promise<readonly OutboundMessage[]> {
    const { compiled, state } = saga;
    const due = timersOf(compiled, state, this.sources.gaps.gapSince(state.partition)).filter(
      ({ until }) => until <= look.now,
    );
    const counting = await Promise.all(due.map((timer) => this.counts(timer, saga, look)));
    const { meter = NO_METER } = this.ports;
    const counted = due.filter((_timer, n) => counting[n]);
    for (const { kind } of counted) meter.counter('aura_timers_fired_total', { kind }).add();
    return counted.map((timer) => dueMessage(saga, timer));
  }

  private async counts(timer: SagaTimer, { compiled, state }: BookedSaga, look: Look): Promise<boolean> {
    if (timer.kind === 'saga') return !awaited(compiled, state).some((step) => this.standsStill(step, look));
    const { participant } = timer.step;
    if (this.standsStill(timer.step, look)) return false;
    if (timer.kind !== 'join') return true;
    return (await look.depth(participant)) < BEHIND && this.sources.budget.take();
  }

  /** Whether nobody can answer for a step, by no fault of its saga: its participant has paused, or offers the action no longer. */
  private standsStill(step: PlanStep, { paused }: Look): boolean {
    const { participant, action } = step;
    if (!this.sources.catalogue.lacks(participant, action))
      return performersOf(step).some((name) => paused.has(name));
    this.pauses.lacks(participant);
    return true;
  }

  /** Asks for the depth of each queue once. */
  private depths(): Look['depth'] {
    const known = new Map<string, Promise<number>>();
    return (participant) => {
      const asked = known.get(participant) ?? this.ports.bus.depth(participantQueue(participant));
      known.set(participant, asked);
      return asked;
    };
  }

  private tellIfStale(view: View, saga: BookedSaga | undefined): void {
    if (saga !== undefined && Number(view.fields.seq) < saga.state.seq) this.sources.onStale(view.id);
  }
}

function dueMessage({ state, compiled }: BookedSaga, timer: SagaTimer): OutboundMessage {
  const data: JsonValue = { timer: timer.id, until: timer.until };
  const event: CloudEvent = {
    specversion: '1.0',
    id: `${sagaStream(state.saga)}/timer/${timer.id}/${timer.until}`,
    source: COORDINATOR_SOURCE,
    type: sagaTimerDue.type,
    time: new Date(timer.until).toISOString(),
    datacontenttype: 'application/json',
    correlationid: state.saga,
    auraplan: compiled.plan.digest,
    aurapartition: state.partition,
    ...present({ traceparent: state.traceparent }),
    data,
  };
  return { event, to: [{ kind: 'queue', queue: trackerQueue(state.partition), batch: true }] };
}
