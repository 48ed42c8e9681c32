import { CRASHED_QUEUE } from '@aura/messaging';
import { z } from 'zod';

const milliseconds = z.number().int().positive();

/** Settings of the RabbitMQ bus. Times in milliseconds unless the name says otherwise. */
export const amqpOptions = z.strictObject({
  /** `amqp://user:password@host:port/vhost` or `amqps://…`. */
  url: z
    .string()
    .refine(
      (url) => URL.canParse(url) && /^amqps?:$/.test(new URL(url).protocol),
      'must begin with amqp:// or amqps://',
    ),
  /** Name of this process; the broker shows it with its connections. */
  instance: z.string().min(1).max(100),
  /**
   * Without the broker's confirm for so long, the publishing connection is given up and what it carried is published
   * again; without its answer to anything else, that fails with `StoreUnavailableError`, and its channel is given up.
   */
  confirmTimeoutMs: milliseconds.default(10_000),
  /** A publish (or declaration) that could not be made safe for so long fails with `StoreUnavailableError`. */
  publishTimeoutMs: milliseconds.default(60_000),
  /** For one attempt to connect. */
  connectTimeoutMs: milliseconds.default(10_000),
  /** For the first connection, all attempts together. */
  startTimeoutMs: milliseconds.default(30_000),
  /** A connection silent for two to three times this is lost. */
  heartbeatSeconds: z.number().int().min(1).max(60).default(5),
  /** Pause before the first and at most between two attempts to connect again; exponential with jitter between. */
  backoff: z
    .strictObject({ initialMs: milliseconds.default(100), maxMs: milliseconds.default(5_000) })
    .prefault({}),
  /** Most events and bytes in one batch for a tracker. */
  batch: z
    .strictObject({
      events: z.number().int().min(1).default(200),
      bytes: z
        .number()
        .int()
        .min(1)
        .default(512 * 1024),
    })
    .prefault({}),
  /** Where deliveries go that killed their consumers; another name only where several installations share a vhost. */
  crashedQueue: z.string().min(1).max(200).default(CRASHED_QUEUE),
});

/** What {@link amqpOptions} takes. */
export type AmqpOptions = z.input<typeof amqpOptions>;

/** Options with all defaults filled in. */
export type AmqpSettings = z.output<typeof amqpOptions>;
