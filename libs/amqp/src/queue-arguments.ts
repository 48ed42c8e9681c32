import { DELIVERY_LIMIT, type QueueDeclaration } from '@aura/messaging';
import type { Options } from 'amqplib';

/** Pauses of the retry queues, ms; a delay is rounded up to the next one, a longer one to the last. */
export const RUNGS_MS = [100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 900_000] as const;

/** The rung for a delay. */
export function rungFor(delayMs: number): number {
  return RUNGS_MS.find((rung) => rung >= delayMs) ?? RUNGS_MS[RUNGS_MS.length - 1] ?? delayMs;
}

/** Name of a queue's rung. */
export function rungName(queue: string, rungMs: number): string {
  return `${queue}.retry.${rungMs}`;
}

/**
 * What ends up in the crashed queue has nowhere else to go. Without a limit RabbitMQ 4 would take 20 and drop; it
 * knows -1 as unlimited, which 3.x refuses; so a number that both take.
 */
const NO_LIMIT = 1_000_000_000;

const SAFE_DEAD_LETTERS = {
  'x-dead-letter-exchange': '',
  // At-least-once needs a quorum queue that refuses when it is full instead of dropping.
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
};

/** How a rung is declared: every message waits its fixed time and returns to its queue by the default exchange. */
export function rungOptions(queue: string, rungMs: number): Options.AssertQueue {
  return {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-message-ttl': rungMs,
      ...SAFE_DEAD_LETTERS,
      'x-dead-letter-routing-key': queue,
    },
  };
}

/** How a queue of a kind is declared. */
export function queueOptions(
  { kind, maxLength }: QueueDeclaration,
  crashedQueue: string,
): Options.AssertQueue {
  switch (kind) {
    case 'subscriber':
      return { durable: false, exclusive: true, autoDelete: true };
    case 'crashed':
      return { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': NO_LIMIT } };
    case 'work':
    case 'tracker':
    case 'ingress':
      return {
        durable: true,
        arguments: {
          'x-queue-type': 'quorum',
          'x-delivery-limit': DELIVERY_LIMIT,
          ...SAFE_DEAD_LETTERS,
          'x-dead-letter-routing-key': crashedQueue,
          ...(maxLength === undefined ? {} : { 'x-max-length': maxLength }),
        },
      };
  }
}
