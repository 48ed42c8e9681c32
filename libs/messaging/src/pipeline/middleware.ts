import type { CloudEvent } from '@aura/contracts';
import type { Span } from '@opentelemetry/api';
import type { Delivery } from '../bus';
import type { Outcome } from './outcome';

/** One delivery on its way through the pipeline. */
export interface DeliveryContext {
  readonly delivery: Delivery;
  /** Name of the consumer, e.g. the participant. */
  readonly consumer: string;
  /** The event; only behind `decode`. */
  readonly event: CloudEvent;
  /** Delivery of this epoch, from 1. */
  readonly attempt: number;
  /** What is done with the delivery, where its trace is recorded and the pipeline makes the span. */
  readonly span?: Span;
}

/** The innermost handler. */
export type Handler = (context: DeliveryContext) => Promise<Outcome>;

/** One cross-cutting concern. Calls `next` at most once. */
export type Middleware = (context: DeliveryContext, next: Handler) => Promise<Outcome>;

/** Wraps a handler in middlewares, the first one outermost. */
export function compose(middlewares: readonly Middleware[], handler: Handler): Handler {
  return middlewares.reduceRight<Handler>(
    (next, middleware) => (context) => middleware(context, next),
    handler,
  );
}
