import type { Consumer, Delivery, TransportHeaders } from '@aura/messaging';
import { encodeFrame } from '../wire/frame';
import type { WireDelivery } from '../wire/protocol';
import { eventFromWire } from '../wire/wire-delivery';
import type { CallAnswer, CallRequest } from './calls';

/** What a consumer needs of its bus. */
export interface ConsumerLink {
  call(request: CallRequest): Promise<CallAnswer>;
  say(frame: Buffer): void;
}

/** What is asked of {@link SocketConsumer}. */
export interface ConsumeRequest {
  /** Number among the consumers of the process. */
  readonly id: number;
  readonly queue: string;
  readonly prefetch: number;
  readonly handle: (deliveries: readonly Delivery[]) => void;
  /** Called once, when the consumer has gone. */
  readonly onGone: (consumer: SocketConsumer) => void;
}

/**
 * A running consumption at the host.
 *
 * - `running`: shows what comes to the handler. A new connection consumes again. Left by `pause` or `stop`.
 * - `paused`: gives back what still comes; what is in hand may be settled. Left by `resume` or `stop`.
 * - `stopping`: the host waits for what is in hand; what still comes goes back. Left for `gone`.
 * - `gone`: settling old deliveries means nothing.
 */
export class SocketConsumer implements Consumer {
  #mode: 'running' | 'paused' | 'stopping' | 'gone' = 'running';
  #prefetch: number;
  /** Grows with every connection: what an earlier one brought cannot be settled any more. */
  #connection = 0;
  #isAttached = false;
  #acked: number[] = [];
  #givenBack: number[] = [];
  #flushing: NodeJS.Immediate | undefined;
  #onLost: () => void = () => undefined;

  constructor(
    private readonly link: ConsumerLink,
    private readonly request: ConsumeRequest,
  ) {
    this.#prefetch = request.prefetch;
  }

  get id(): number {
    return this.request.id;
  }

  get queue(): string {
    return this.request.queue;
  }

  /** It should get deliveries, and the host does not know of it. */
  get isMissing(): boolean {
    return this.#mode === 'running' && !this.#isAttached;
  }

  /** Begins at the host; on a new connection `call` is that connection's own. */
  async attach(call: ConsumerLink['call'] = (request) => this.link.call(request)): Promise<void> {
    const { id, queue } = this.request;
    await call({ method: 'consume', args: [id, queue, this.#prefetch] });
    this.#isAttached = true;
  }

  /** The connection is lost: what is in hand comes back, here or elsewhere, and there is nothing left to stop. */
  detach(): void {
    this.#onLost();
    this.#connection += 1;
    this.#isAttached = false;
    this.#acked = [];
    this.#givenBack = [];
  }

  /** Deliveries have come; `tail` holds their envelopes one behind the other. */
  receive(wires: readonly WireDelivery[], tail: Uint8Array): void {
    let end = 0;
    const deliveries = wires.map((wire) => {
      const envelope = tail.subarray(end, end + wire.bytes);
      end += wire.bytes;
      return new SocketDelivery(wire, envelope, this.#settlement(wire.tag));
    });
    if (this.#mode === 'running') this.request.handle(deliveries);
    else for (const delivery of deliveries) delivery.giveBack();
  }

  async pause(): Promise<void> {
    if (this.#mode !== 'running') return;
    this.#mode = 'paused';
    await this.link.call({ method: 'pause', args: [this.id] });
  }

  async resume(prefetch: number = this.request.prefetch): Promise<void> {
    if (this.#mode !== 'paused' && this.#mode !== 'running') return;
    this.#mode = 'running';
    this.#prefetch = prefetch;
    await this.link.call({ method: 'resume', args: [this.id, this.queue, prefetch] });
    this.#isAttached = true;
  }

  async stop(graceMs: number): Promise<void> {
    if (this.#mode === 'gone') return;
    this.#mode = 'stopping';
    this.flush();
    const timeoutMs = graceMs + 10_000;
    const lost = new Promise<void>((resolve) => (this.#onLost = resolve));
    try {
      if (this.#isAttached)
        await Promise.race([this.link.call({ method: 'stop', args: [this.id, graceMs], timeoutMs }), lost]);
    } finally {
      this.#mode = 'gone';
      this.detach();
      this.request.onGone(this);
    }
  }

  /** Tells the host now what was settled. */
  flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const [acked, givenBack] = [this.#acked.splice(0), this.#givenBack.splice(0)];
    if (acked.length + givenBack.length === 0) return;
    this.link.say(encodeFrame({ kind: 'settle', consumer: this.id, acked, givenBack }));
  }

  #settlement(tag: number): (isAck: boolean) => void {
    const connection = this.#connection;
    return (isAck) => {
      if (connection !== this.#connection) return;
      (isAck ? this.#acked : this.#givenBack).push(tag);
      // What a turn of the event loop settles travels together.
      this.#flushing ??= setImmediate(() => this.flush());
    };
  }
}

class SocketDelivery implements Delivery {
  readonly event: Delivery['event'];
  readonly #wire: WireDelivery;
  readonly #envelope: Uint8Array;
  readonly #settleAs: (isAck: boolean) => void;
  #isSettled = false;

  constructor(wire: WireDelivery, envelope: Uint8Array, settleAs: (isAck: boolean) => void) {
    this.#wire = wire;
    this.#envelope = envelope;
    this.#settleAs = settleAs;
    this.event = eventFromWire(wire, envelope);
  }

  get queue(): string {
    return this.#wire.queue;
  }

  get headers(): TransportHeaders {
    return this.#wire.headers;
  }

  get redelivered(): boolean {
    return this.#wire.redelivered;
  }

  get returns(): number {
    return this.#wire.returns;
  }

  envelope(): ReturnType<Delivery['envelope']> {
    const { contentType, raw } = this.#wire;
    return { bytes: this.#envelope, headers: raw, ...(contentType === undefined ? {} : { contentType }) };
  }

  ack(): void {
    this.#settle(true);
  }

  giveBack(): void {
    this.#settle(false);
  }

  #settle(isAck: boolean): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#settleAs(isAck);
  }
}
