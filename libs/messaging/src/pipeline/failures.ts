import type { ErrorRecord } from '@aura/contracts';
import { BusinessError, StoreUnavailableError, TerminalError } from '@aura/kernel';
import type { World } from '@aura/kernel';
import type { EventBus, OutboundMessage } from '../bus';
import { deadLetterOf } from './dead-letter';
import type { DeliveryReport } from './delivery-report';
import { errorRecordOf } from './error-record';
import type { DeliveryContext, Handler, Middleware } from './middleware';
import { leaveNothing, merged } from './outcome';
import type { Dead, Done, Dropped, Held, Outcome, Retry, RetrySchedule } from './outcome';

/** What the ladder does with errors that a handler throws instead of answering. */
const THROWN: RetrySchedule = { maxAttempts: 5, initialDelayMs: 500, multiplier: 2, maxDelayMs: 30_000 };

/** Wait while a store is away, ms. */
const STORE_AWAY_MS = 1000;

/** How the ladder stands towards the outside: while an outage lasts, a failure is nobody's fault and no attempt. */
export interface OutageWatch {
  failed(context: DeliveryContext, error: ErrorRecord): void;
  succeeded(): void;
  isOpen(): boolean;
}

/** What the failure authorities work with. */
export interface FailureOptions {
  readonly bus: Pick<EventBus, 'publish'>;
  readonly world: World;
  /** CloudEvents source of the dead letters. */
  readonly source: string;
  readonly outage: OutageWatch;
  readonly report: DeliveryReport;
}

/**
 * The failure authorities: turns retries into rungs of the ladder, the end of the ladder and what is hopeless into
 * dead letters, and waiting into a while. Behind it every outcome is `done` or `dropped`, and every dead letter is confirmed.
 */
export function failures(options: FailureOptions): Middleware {
  const { outage, report } = options;
  return async (context, next) => {
    const outcome = await settled(context, next);
    switch (outcome.kind) {
      case 'dropped':
        report.answered(outcome);
        return outcome;
      case 'done':
        report.answered(outcome);
        return {
          ...outcome,
          published: () => {
            outcome.published?.();
            outage.succeeded();
          },
        };
      default:
        return merged(await allDone(outcome, { ...options, context }));
    }
  };
}

async function settled(context: DeliveryContext, next: Handler): Promise<Outcome> {
  try {
    return await next(context);
  } catch (error) {
    return outcomeOfThrown(error, context.delivery.headers.targets ?? []);
  }
}

/** What becomes of an error that a handler, or one reaction of it, throws instead of answering. */
export function outcomeOfThrown(thrown: unknown, targets: readonly string[]): Outcome {
  if (thrown instanceof StoreUnavailableError) return heldByStore(thrown, targets);
  const error = errorRecordOf(thrown, 'technical');
  if (thrown instanceof BusinessError || thrown instanceof TerminalError)
    return { kind: 'dead', error, targets, onDead: leaveNothing };
  return { kind: 'retry', error, schedule: THROWN, targets, onDead: leaveNothing };
}

/** A store that is away is an outage, never the delivery's own fault: it waits as long as it takes. */
export function heldByStore(error: StoreUnavailableError, targets: readonly string[]): Held {
  return {
    kind: 'held',
    reason: error.message,
    delayMs: STORE_AWAY_MS,
    outage: errorRecordOf(error, 'technical'),
    ...(targets.length === 0 ? {} : { targets }),
  };
}

interface Surroundings extends FailureOptions {
  readonly context: DeliveryContext;
}

async function allDone(outcome: Outcome, around: Surroundings): Promise<readonly Done[]> {
  if (outcome.kind !== 'many') return [await doneOf(outcome, around)];
  return (await Promise.all(outcome.outcomes.map((inner) => allDone(inner, around)))).flat();
}

async function doneOf(outcome: Done | Dropped | Held | Retry | Dead, around: Surroundings): Promise<Done> {
  around.report.answered(outcome);
  switch (outcome.kind) {
    case 'done':
      return outcome;
    case 'dropped':
      return { kind: 'done', publish: [] };
    case 'held':
      return { kind: 'done', publish: [held(outcome, around)] };
    case 'retry':
      return { kind: 'done', publish: await retried(outcome, around) };
    case 'dead':
      return { kind: 'done', publish: await buried(outcome, around) };
  }
}

function held(outcome: Held, { world, context, outage }: Surroundings): OutboundMessage {
  const { delivery, event } = context;
  if (outcome.outage !== undefined) outage.failed(context, outcome.outage);
  return {
    event,
    to: [{ kind: 'delay', queue: delivery.queue, delayMs: outcome.delayMs }],
    headers: {
      ...delivery.headers,
      ...(outcome.targets === undefined ? {} : { targets: outcome.targets }),
      ...(outcome.heldForMs === undefined ? {} : { heldForMs: outcome.heldForMs }),
      heldSince: delivery.headers.heldSince ?? world.clock.now(),
    },
  };
}

async function retried(outcome: Retry, around: Surroundings): Promise<readonly OutboundMessage[]> {
  const { context, outage, world, report } = around;
  if (outcome.isContended === true) outage.succeeded();
  else outage.failed(context, outcome.error);
  if (!outage.isOpen() && context.attempt >= outcome.schedule.maxAttempts) return buried(outcome, around);
  const attempt = outage.isOpen() ? context.attempt : context.attempt + 1;
  const delayMs = retryDelayMs(outcome.schedule, context.attempt, world.randomness.fraction());
  report.retried(context, outcome.error, { targets: outcome.targets, delayMs });
  return [
    {
      event: context.event,
      to: [{ kind: 'delay', queue: context.delivery.queue, delayMs }],
      headers: {
        ...context.delivery.headers,
        attempt,
        ...(outcome.targets.length > 0 ? { targets: outcome.targets } : {}),
      },
    },
  ];
}

/** Exponential with jitter of ±25 %; `failedAttempt` counts from 1, `fraction` is in [0, 1). Milliseconds. */
export function retryDelayMs(schedule: RetrySchedule, failedAttempt: number, fraction: number): number {
  const base = schedule.initialDelayMs * schedule.multiplier ** (failedAttempt - 1);
  return Math.round(Math.min(base, schedule.maxDelayMs) * (0.75 + fraction / 2));
}

/**
 * Invariant: the broker has a dead letter before any row or event names it. What is recorded of a failure is said again from its
 * row when the delivery comes back, and the row knows nothing of the envelope: a letter that is not out by then is lost.
 * Where the row does not follow (a crash between the two, a store that is away) the delivery is tried again, and may succeed: then
 * the letter is one too many.
 */
async function buried(
  outcome: Pick<Dead, 'error' | 'targets' | 'onDead'>,
  { bus, context, world, source, report }: Surroundings,
): Promise<readonly OutboundMessage[]> {
  const { id, message } = deadLetterOf(context, outcome, { source, nowMs: world.clock.now() });
  await bus.publish([message]);
  const leftBehind = await outcome.onDead(id, context.attempt);
  report.buried(context, outcome.error, { id, targets: outcome.targets });
  return leftBehind;
}
