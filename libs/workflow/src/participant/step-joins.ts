import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { Log, StepKey } from '@aura/kernel';
import { isSampled } from '@aura/messaging';
import type { JoinSets, TraceContext } from '@aura/messaging';
import type { Plan, PlanStep } from '../plan/plan';
import { joinedSteps } from '../plan/stop-events';
import type { Place } from './place';
import type { Arrival } from './scope';

/** An arrival with its trace context, where that is recorded. */
export type Traced = Arrival & TraceContext;

/** How long a set of arrivals lives from its last arrival, ms. */
const JOIN_TTL_MS = 24 * 3_600_000;
/** Runs of sagas that are remembered as stopped; beyond, the oldest are forgotten. */
const MOST_STOPPED = 10_000;

/** The arrivals at a participant's joins, and which sagas have stopped: theirs are dropped, and no more are kept. */
export class StepJoins {
  private readonly stopped = new Set<string>();

  constructor(
    private readonly participant: string,
    private readonly joins: JoinSets,
    private readonly log: Log,
  ) {}

  /** Adds the trigger to what has arrived at the step; nothing has when the saga has stopped. A step with one trigger needs no memory. */
  async arrive(
    step: PlanStep,
    key: StepKey,
    { origin, arrival }: Place,
    { traceparent }: TraceContext,
  ): Promise<ReadonlyMap<string, Traced>> {
    if (step.dependencies.length < 2) return new Map([[origin, arrival]]);
    if (this.stopped.size > 0 && this.stopped.has(runOf(key))) return new Map();
    const kept: Traced = isSampled(traceparent) ? { ...arrival, traceparent } : arrival;
    const set = await this.joins.arrive(
      stepStream(key),
      { dependency: origin, value: JSON.stringify(kept) },
      JOIN_TTL_MS,
    );
    return new Map([...set].map(([dependency, value]) => [dependency, JSON.parse(value) as Traced]));
  }

  /** A run of a saga goes no further: what waits for it is dropped. What cannot be dropped now runs out by itself. */
  async stop(plan: Plan, { correlationid: saga = '', aurarun: run = 1 }: CloudEvent): Promise<void> {
    const keys = joinedSteps(plan, this.participant).map(({ id: step }) => ({ saga, run, step }));
    if (keys.length === 0) return;
    this.remember(runOf({ saga, run }));
    try {
      await this.joins.drop(keys.map(stepStream));
    } catch (error) {
      this.log.warn('the joins of a saga that has stopped could not be dropped; they run out', {
        error,
        correlationId: saga,
      });
    }
  }

  private remember(run: string): void {
    this.stopped.add(run);
    const [oldest] = this.stopped;
    if (this.stopped.size > MOST_STOPPED && oldest !== undefined) this.stopped.delete(oldest);
  }
}

function runOf({ saga, run }: Pick<StepKey, 'saga' | 'run'>): string {
  return `${saga}/${run}`;
}
