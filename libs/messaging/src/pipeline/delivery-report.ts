import type { CloudEvent, ErrorRecord } from '@aura/contracts';
import type { Counter, Log, LogFields, Meter } from '@aura/kernel';
import { traceIdOf } from '../tracing/trace-context';
import type { DeliveryContext } from './middleware';
import type { Outcome } from './outcome';

/** Finds the name of the definition that a plan's digest belongs to, as far as it is known here. */
export type DefinitionName = (digest: string) => string | undefined;

/** What every line about an event says: its saga, definition, step and trace, and the event itself. */
export function aboutEvent(event: CloudEvent, nameOf?: DefinitionName): LogFields {
  const { correlationid, aurastep, auraplan, traceparent, id, type } = event;
  return {
    correlationId: correlationid,
    definition: auraplan === undefined ? undefined : nameOf?.(auraplan),
    step: aurastep,
    traceId: traceIdOf(traceparent),
    eventId: id === '' ? undefined : id,
    eventType: type === '' ? undefined : type,
  };
}

/** Who is told what becomes of deliveries. */
export interface ReportParts {
  readonly log: Log;
  readonly meter: Meter;
  readonly consumer: string;
  readonly definitionName?: DefinitionName;
}

type Ending = Exclude<Outcome['kind'], 'many'>;

/** Tells log, meter and trace what becomes of the deliveries of one consumer. */
export class DeliveryReport {
  private readonly outcomes: Readonly<Record<Ending, Counter>>;
  private readonly retries: Counter;

  constructor(private readonly parts: ReportParts) {
    const { meter, consumer } = parts;
    const counter = (outcome: Ending): Counter =>
      meter.counter('aura_deliveries_total', { consumer, outcome });
    this.outcomes = {
      done: counter('done'),
      dropped: counter('dropped'),
      held: counter('held'),
      retry: counter('retry'),
      dead: counter('dead'),
    };
    this.retries = meter.counter('aura_retries_total', { consumer });
  }

  /** What the handler answered. */
  answered({ kind }: Exclude<Outcome, { readonly kind: 'many' }>): void {
    this.outcomes[kind].add();
  }

  /** A failed attempt comes again. */
  retried(
    context: DeliveryContext,
    { code, kind }: ErrorRecord,
    next: { readonly targets: readonly string[]; readonly delayMs: number },
  ): void {
    this.retries.add();
    context.span?.addEvent('retry', { 'error.type': code, 'aura.delay_ms': next.delayMs });
    const { attempt } = context;
    const { delayMs, targets } = next;
    this.parts.log.info('attempt failed, trying again', {
      ...this.about(context, targets),
      code,
      kind,
      attempt,
      delayMs,
    });
  }

  /** It ends in the dead letters. */
  buried(
    context: DeliveryContext,
    { code, kind }: ErrorRecord,
    letter: { readonly id: string; readonly targets: readonly string[] },
  ): void {
    const { meter, consumer, log } = this.parts;
    meter.counter('aura_dead_letters_total', { consumer, kind }).add();
    context.span?.addEvent('dead letter', { 'error.type': code, 'aura.dead_letter_id': letter.id });
    log.error('delivery ended in the dead letters', {
      ...this.about(context, letter.targets),
      code,
      kind,
      attempts: context.attempt,
      deadLetterId: letter.id,
    });
  }

  /** What a line about a delivery says. The step is the one that is meant, where that is known. */
  about({ event, delivery, consumer }: DeliveryContext, targets: readonly string[] = []): LogFields {
    const [step, ...others] = targets;
    return {
      ...aboutEvent(event, this.parts.definitionName),
      ...(step === undefined ? {} : { step: others.length === 0 ? step : targets.join(', ') }),
      consumer,
      queue: delivery.queue,
    };
  }
}
