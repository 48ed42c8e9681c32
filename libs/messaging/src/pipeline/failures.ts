import { deadLetterRecorded } from '@aura/contracts';
import type { CloudEvent, ErrorRecord } from '@aura/contracts';
import { BusinessError, StoreUnavailableError, TerminalError } from '@aura/kernel';
import type { World } from '@aura/kernel';
import { fromUint8Array } from 'js-base64';
import type { OutboundMessage } from '../bus';
import { errorRecordOf } from './error-record';
import type { DeliveryContext, Middleware } from './middleware';
import { leaveNothing } from './outcome';
import type { Dead, Held, Outcome, Retry, RetrySchedule } from './outcome';

/** Queue of the dead letters; the coordinator records them. */
export const DEAD_LETTERS_QUEUE = 'aura.dead-letters';

/** What the ladder does with errors that a handler throws instead of answering. */
const THROWN: RetrySchedule = { maxAttempts: 5, initialDelayMs: 500, multiplier: 2, maxDelayMs: 30_000 };

/** How the ladder stands towards the outside: while an outage lasts, a failure is nobody's fault and no attempt. */
export interface OutageWatch {
  failed(context: DeliveryContext, error: ErrorRecord): void;
  succeeded(): void;
  isOpen(): boolean;
}

/**
 * The failure authorities: turns retries into rungs of the ladder, the end of the ladder and what is hopeless into
 * dead letters, and waiting into a while. Behind it every outcome is `done` or `dropped`.
 */
export function failures(world: World, source: string, outage: OutageWatch): Middleware {
  return async (context, next) => {
    const outcome = await settled(context, next);
    if (outcome.kind === 'done') outage.succeeded();
    if (outcome.kind === 'done' || outcome.kind === 'dropped') return outcome;
    return { kind: 'done', publish: await messagesOf(outcome, { world, source, outage, context }) };
  };
}

async function settled(
  context: DeliveryContext,
  next: (context: DeliveryContext) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await next(context);
  } catch (error) {
    const targets = context.delivery.headers.targets ?? [];
    if (error instanceof BusinessError || error instanceof TerminalError)
      return { kind: 'dead', error: errorRecordOf(error, 'technical'), targets, onDead: leaveNothing };
    // A store that is away is an outage, never the delivery's own fault: it waits as long as it takes.
    if (error instanceof StoreUnavailableError) return { kind: 'held', reason: error.message, delayMs: 1000 };
    return {
      kind: 'retry',
      error: errorRecordOf(error, 'technical'),
      schedule: THROWN,
      targets,
      onDead: leaveNothing,
    };
  }
}

interface Surroundings {
  readonly world: World;
  readonly source: string;
  readonly outage: OutageWatch;
  readonly context: DeliveryContext;
}

async function messagesOf(outcome: Outcome, around: Surroundings): Promise<readonly OutboundMessage[]> {
  switch (outcome.kind) {
    case 'done':
      return outcome.publish;
    case 'dropped':
      return [];
    case 'held':
      return [held(outcome, around)];
    case 'retry':
      return retried(outcome, around);
    case 'dead':
      return buried(outcome, around);
    case 'many':
      return (await Promise.all(outcome.outcomes.map((inner) => messagesOf(inner, around)))).flat();
  }
}

function held(outcome: Held, { world, context }: Surroundings): OutboundMessage {
  const { delivery, event } = context;
  return {
    event,
    to: [{ kind: 'delay', queue: delivery.queue, delayMs: outcome.delayMs }],
    headers: { ...delivery.headers, heldSince: delivery.headers.heldSince ?? world.clock.now() },
  };
}

async function retried(outcome: Retry, around: Surroundings): Promise<readonly OutboundMessage[]> {
  const { context, outage, world } = around;
  outage.failed(context, outcome.error);
  if (!outage.isOpen() && context.attempt >= outcome.schedule.maxAttempts)
    return buried({ ...outcome, kind: 'dead' }, around);
  const attempt = outage.isOpen() ? context.attempt : context.attempt + 1;
  const delayMs = retryDelayMs(outcome.schedule, context.attempt, world.randomness.fraction());
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

/** Exponential with full-range jitter of ±25 %; `failedAttempt` counts from 1. Milliseconds. */
export function retryDelayMs(schedule: RetrySchedule, failedAttempt: number, fraction: number): number {
  const base = schedule.initialDelayMs * schedule.multiplier ** (failedAttempt - 1);
  return Math.round(Math.min(base, schedule.maxDelayMs) * (0.75 + fraction / 2));
}

async function buried(
  outcome: Dead,
  { context, world, source }: Surroundings,
): Promise<readonly OutboundMessage[]> {
  const id = deadLetterId(context, outcome.targets);
  const now = new Date(world.clock.now()).toISOString();
  const { bytes, contentType, headers } = context.delivery.envelope();
  const event: CloudEvent = {
    specversion: '1.0',
    id,
    source,
    type: deadLetterRecorded.type,
    time: now,
    datacontenttype: 'application/json',
    ...(context.delivery.event.ok ? correlationOf(context.event) : {}),
    data: {
      deadLetterId: id,
      queue: context.delivery.queue,
      consumer: context.consumer,
      targets: outcome.targets,
      attempts: context.attempt,
      error: { ...outcome.error },
      body: fromUint8Array(bytes),
      ...(contentType === undefined ? {} : { contentType }),
      headers: jsonHeaders(headers),
      recordedAt: now,
    },
  };
  const record: OutboundMessage = { event, to: [{ kind: 'queue', queue: DEAD_LETTERS_QUEUE }] };
  return [record, ...(await outcome.onDead(id, context.attempt))];
}

function correlationOf(event: CloudEvent): Partial<CloudEvent> {
  return {
    causationid: event.id,
    ...(event.correlationid === undefined ? {} : { correlationid: event.correlationid }),
    ...(event.aurapartition === undefined ? {} : { aurapartition: event.aurapartition }),
  };
}

/** The same failing delivery always makes the same dead letter; another epoch or replay makes another. */
function deadLetterId(context: DeliveryContext, targets: readonly string[]): string {
  const { delivery, event } = context;
  if (!delivery.event.ok)
    return ['dead', delivery.queue, 'undecodable', fingerprint(delivery.envelope().bytes)].join('/');
  const { epoch } = delivery.headers;
  return ['dead', delivery.queue, event.id, targets.join('+'), epoch ?? 1, event.replayid ?? ''].join('/');
}

/** FNV-1a, 32 bit, over the bytes, and their number: tells undecodable envelopes apart. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${hash.toString(16)}-${bytes.length}`;
}

function jsonHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  const kept = Object.entries(headers).map(([name, value]) => [name, jsonHeader(value)] as const);
  return Object.fromEntries(kept);
}

function jsonHeader(value: unknown): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}
