import { sagaTimerDue } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { sagaStream } from '@aura/kernel';
import type { Cancel, ViewRecord, ViewStore } from '@aura/kernel';
import { COORDINATOR_SOURCE, participantQueue, trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { awaited } from '../machine/progress';
import { timersOf } from '../machine/timers';
import type { SagaTimer } from '../machine/timers';
import type { BookedSaga, SagaBook } from './book';
import type { PartitionGaps } from './gaps';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import type { SagaViewField } from './saga-view';

/** A due timer is published again when nothing came of it within this time, ms. */
const AGAIN_MS = 5000;
/** Timers of one look. */
const MOST_AT_ONCE = 500;
/** A participant's queue with more waiting than this is behind: lost joins are not looked for there. */
const BEHIND = 1000;

/** Key under which a paused consumer is known. */
export function pausedKey(participant: string): string {
  return `paused/${participant}`;
}

/** Where timers are found. */
export interface TimerSources {
  readonly views: ViewStore<SagaViewField>;
  readonly book: SagaBook;
  readonly gaps: PartitionGaps;
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
}

/**
 * Publishes due timers to their saga's partition, where they count only if the state still waits. Acts on nothing
 * itself. Step timers of a paused participant, and all while the broker is blocked, stand still.
 */
export class TimerKeeper {
  private readonly published = new Map<string, number>();
  private cancel: Cancel = () => undefined;
  private isStopping = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    private readonly sources: TimerSources,
  ) {}

  start(): void {
    if (this.isStopping) return;
    this.cancel = this.ports.world.scheduler.after(this.options.timerMs, () => {
      this.looking = this.look()
        .catch((error: unknown) =>
          this.ports.log.warn('due timers could not be published; trying again', { error }),
        )
        .finally(() => this.start());
    });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.cancel();
    await this.looking;
  }

  private async look(): Promise<void> {
    const partitions = this.sources.owned();
    if (partitions.length === 0 || this.ports.bus.health().status !== 'up') return;
    const now = this.ports.world.clock.now();
    const due = await this.sources.views.find({
      where: [
        { field: 'partition', op: 'in', value: partitions },
        { field: 'dueAt', op: 'lte', value: now },
      ],
      orderBy: { field: 'dueAt', direction: 'asc' },
      limit: MOST_AT_ONCE,
    });
    const fresh = due.filter((view) => now - (this.published.get(dueKey(view)) ?? 0) > AGAIN_MS);
    if (fresh.length === 0) return this.tidy(now);
    const booked = await this.sources.book.open(fresh.map(({ id }) => id));
    const paused = new Set([...(await this.ports.fast.registry.list('paused/')).keys()]);
    const messages = await Promise.all([...booked.values()].map((saga) => this.messages(saga, now, paused)));
    for (const view of fresh) this.published.set(dueKey(view), now);
    const all = messages.flat();
    if (all.length > 0) await this.ports.bus.publish(all);
  }

  private async messages(
    saga: BookedSaga,
    now: number,
    paused: ReadonlySet<string>,
  ): Promise<readonly OutboundMessage[]> {
    const due = timersOf(saga.compiled, saga.state, this.sources.gaps.gapSince(saga.state.partition)).filter(
      ({ until }) => until <= now,
    );
    const counting = await Promise.all(due.map((timer) => this.counts(timer, saga, paused)));
    return due.filter((_timer, n) => counting[n]).map((timer) => dueMessage(saga, timer));
  }

  private async counts(timer: SagaTimer, saga: BookedSaga, paused: ReadonlySet<string>): Promise<boolean> {
    const [kind, id] = timer.id.split('/');
    if (kind === 'saga')
      return !awaited(saga.compiled, saga.state).some(({ participant }) =>
        paused.has(pausedKey(participant)),
      );
    const step = saga.compiled.nodes.get(id ?? '');
    if (step === undefined || paused.has(pausedKey(step.participant))) return false;
    return kind !== 'join' || (await this.ports.bus.depth(participantQueue(step.participant))) < BEHIND;
  }

  private tidy(now: number): void {
    for (const [id, at] of this.published) if (now - at > AGAIN_MS) this.published.delete(id);
  }
}

/** The next timer of a saga is another key, and is not kept waiting for the one before. */
function dueKey({ id, fields }: ViewRecord<SagaViewField>): string {
  return `${id}/${fields.dueAt ?? ''}`;
}

function dueMessage({ state, compiled }: BookedSaga, timer: SagaTimer): OutboundMessage {
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
    data: { timer: timer.id, until: timer.until },
  };
  return { event, to: [{ kind: 'queue', queue: trackerQueue(state.partition), batch: true }] };
}
