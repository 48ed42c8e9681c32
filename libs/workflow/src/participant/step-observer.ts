import type { Clock, Histogram, Log, LogFields, Meter } from '@aura/kernel';
import { deliverySpan, failSpan, isSampled, traceIdOf } from '@aura/messaging';
import type { DeliveryContext, Outcome, TraceContext } from '@aura/messaging';
import type { Span } from '@opentelemetry/api';
import type { Arrival } from './scope';
import type { StepTask } from './step-task';

/** Who is told what becomes of steps. */
export interface StepObserverParts {
  readonly participant: string;
  readonly meter: Meter;
  readonly log: Log;
  readonly clock: Clock;
}

/** A task as it is seen: everything but what it is done with. */
type Seen = Pick<StepTask, 'plan' | 'key' | 'step' | 'trigger' | 'attempt' | 'epoch'>;

/** A task and what set it off. */
interface Reaction {
  readonly context: DeliveryContext;
  readonly task: Seen;
  /** What has arrived at its step, with the contexts of recorded traces. */
  readonly arrivals: ReadonlyMap<string, Arrival & TraceContext>;
}

/** What every line about a task says. */
export function aboutTask({ plan, key, trigger }: Pick<StepTask, 'plan' | 'key' | 'trigger'>): LogFields {
  return {
    correlationId: key.saga,
    definition: plan.definition,
    step: key.step,
    traceId: traceIdOf(trigger.traceparent),
  };
}

/** Sees reactions to deliveries: how long they took, what came of them, and a span where the trace is recorded. */
export class StepObserver {
  private readonly durations = new Map<string, Map<string, Histogram>>();

  constructor(private readonly parts: StepObserverParts) {}

  /**
   * The span of a reaction, a child of the delivery that set it off; each earlier arrival of a join is a link. Nothing
   * when the trace is not recorded.
   */
  spanOf({ context, task, arrivals }: Reaction): Span | undefined {
    if (!isSampled(task.trigger.traceparent)) return undefined;
    const { traceparent: own } = task.trigger;
    return deliverySpan(context, {
      name: task.step.action,
      links: [...arrivals.values()].filter(
        ({ traceparent }) => traceparent !== undefined && traceparent !== own,
      ),
      attributes: {
        'aura.definition': task.plan.definition,
        'aura.action': task.step.action,
        'aura.step': task.key.step,
        'aura.run': task.key.run,
        'aura.epoch': task.epoch,
      },
    });
  }

  /** Runs the undo of a step, in a span when its trace is recorded. */
  async undoing<T extends Seen>(
    context: DeliveryContext,
    task: T,
    work: (seen: T & { readonly span?: Span }) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (!isSampled(task.trigger.traceparent)) return work(task);
    const { step, key, plan } = task;
    const attributes = {
      'aura.definition': plan.definition,
      'aura.action': step.action,
      'aura.step': key.step,
    };
    const span = deliverySpan(context, { name: `undo ${step.action}`, attributes });
    try {
      const outcome = await work({ ...task, span });
      span.setAttribute('aura.outcome', outcome.kind);
      if ('error' in outcome) failSpan(span, outcome.error);
      return outcome;
    } finally {
      span.end();
    }
  }

  /** What came of a reaction that began at this monotonic time, ms. */
  ended(task: Seen & { readonly span?: Span }, outcome: Outcome['kind'], begun: number): void {
    const { clock, log } = this.parts;
    const ms = clock.monotonic() - begun;
    this.duration(task.step.action, outcome).observe(ms / 1000);
    task.span?.setAttribute('aura.outcome', outcome);
    task.span?.end();
    const { plan, key, trigger, attempt } = task;
    log.debug('step handled', {
      correlationId: key.saga,
      definition: plan.definition,
      step: key.step,
      traceId: traceIdOf(trigger.traceparent),
      outcome,
      attempt,
      ms,
    });
  }

  /** A reaction that threw; what becomes of that is decided elsewhere. */
  broken(task: Seen & { readonly span?: Span }, error: unknown, begun: number): void {
    if (task.span !== undefined) failSpan(task.span, error);
    this.ended(task, 'held', begun);
  }

  private duration(action: string, outcome: Outcome['kind']): Histogram {
    const known = this.durations.get(action) ?? new Map<string, Histogram>();
    this.durations.set(action, known);
    const { meter, participant } = this.parts;
    const made =
      known.get(outcome) ?? meter.histogram('aura_step_duration_seconds', { participant, action, outcome });
    known.set(outcome, made);
    return made;
  }
}
