import { BusFullError, type Destination, UnroutableError } from '@aura/messaging';
import type { EmbeddedQueue } from './embedded-queue';
import type { PreparedMessage } from './outbound';
import type { Routing } from './routing';

/** A message with its places found. */
export interface AddressedMessage {
  readonly prepared: PreparedMessage;
  readonly targets: readonly EmbeddedQueue[];
  /** `delayMs`: whole and not negative. */
  readonly delays: readonly { readonly queue: string; readonly delayMs: number }[];
}

/** Finds the places of messages, and refuses before anything is written: what is published together is stored whole or not at all. */
export class Addressing {
  constructor(
    private readonly routing: Routing,
    /** The queue of a name. Errors: `UnroutableError`. */
    private readonly queueOf: (name: string) => EmbeddedQueue,
  ) {}

  /**
   * The places of messages that are published together. Errors: `UnroutableError`, `BusFullError`; `TypeError` for a place that
   * is none.
   */
  address(messages: readonly PreparedMessage[]): readonly AddressedMessage[] {
    const addressed = messages.map((one) => this.#address(one));
    refuseFull(addressed);
    return addressed;
  }

  #address(prepared: PreparedMessage): AddressedMessage {
    const { to } = prepared.message;
    const [only] = to;
    if (to.length === 1 && only) {
      return only.kind === 'delay'
        ? { prepared, targets: [], delays: [this.#delayOf(only)] }
        : { prepared, targets: this.#targets(only), delays: [] };
    }
    const targets = new Set<EmbeddedQueue>();
    for (const one of to) for (const queue of this.#targets(one)) targets.add(queue);
    const delays = to.filter((one) => one.kind === 'delay').map((one) => this.#delayOf(one));
    return { prepared, targets: [...targets], delays };
  }

  #targets(destination: Destination): readonly EmbeddedQueue[] {
    if (destination.kind === 'delay') return [];
    if (destination.kind === 'queue') return [this.queueOf(destination.queue)];
    const { exchange, key, mandatory } = destination;
    const found = this.routing.route(exchange, key);
    if (mandatory === true && found.length === 0) throw new UnroutableError(exchange, key);
    return found;
  }

  #delayOf({ queue, delayMs }: Extract<Destination, { readonly kind: 'delay' }>) {
    return { queue: this.queueOf(queue).name, delayMs: Math.max(0, Math.ceil(delayMs)) };
  }
}

function refuseFull(addressed: readonly AddressedMessage[]): void {
  const bounded = addressed.flatMap(({ targets }) =>
    targets.filter(({ maxLength }) => maxLength !== undefined),
  );
  for (const queue of bounded) {
    const coming = bounded.filter((one) => one === queue).length;
    if (queue.waiting + coming > (queue.maxLength ?? Infinity)) throw new BusFullError(queue.name);
  }
}
