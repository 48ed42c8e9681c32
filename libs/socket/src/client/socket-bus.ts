import { encodeStructuredText } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import type {
  Binding,
  BusHealth,
  Consumer,
  Delivery,
  EventBus,
  OutboundMessage,
  QueueDeclaration,
} from '@aura/messaging';
import type { FromHost, WireMessage } from '../wire/protocol';
import type { CallAnswer, CallRequest } from './calls';
import type { Link, LinkListener } from './link';
import { SocketConsumer } from './socket-consumer';
import { Topology } from './topology';

/** The bus of the Aura that was joined, seen from another process. */
export class SocketBus implements EventBus, LinkListener {
  readonly #topology = new Topology();
  readonly #consumers = new Map<number, SocketConsumer>();
  readonly #listeners = new Set<(health: BusHealth) => void>();
  readonly #underWay = new Set<Promise<unknown>>();
  #count = 0;
  #isClosed = false;
  #link: Pick<BusHealth, 'status' | 'reason'> = { status: 'down', reason: 'not connected yet' };
  #host: Pick<BusHealth, 'status' | 'reason'> = { status: 'up' };

  constructor(private readonly link: Link) {}

  async publish(messages: readonly OutboundMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.#ask('publish', messages.map(wireOf));
  }

  async declareQueue(declaration: QueueDeclaration): Promise<void> {
    await this.#ask('declareQueue', declaration);
    this.#topology.declared(declaration);
  }

  async bind(bindings: readonly Binding[]): Promise<void> {
    await this.#ask('bind', bindings);
    this.#topology.bound(bindings);
  }

  async unbind(bindings: readonly Binding[]): Promise<void> {
    await this.#ask('unbind', bindings);
    this.#topology.unbound(bindings);
  }

  async consume(request: {
    readonly queue: string;
    readonly prefetch: number;
    readonly handle: (deliveries: readonly Delivery[]) => void;
  }): Promise<Consumer> {
    if (this.#isClosed) throw closed();
    this.#count += 1;
    const onGone = (gone: SocketConsumer): void => void this.#consumers.delete(gone.id);
    const consumer = new SocketConsumer(this.link, { ...request, id: this.#count, onGone });
    this.#consumers.set(consumer.id, consumer);
    try {
      await consumer.attach();
    } catch (error) {
      this.#consumers.delete(consumer.id);
      throw error;
    }
    return consumer;
  }

  async depth(queue: string): Promise<number> {
    return Number((await this.#ask('depth', queue)).value.value);
  }

  health(): BusHealth {
    const isDown = this.#link.status !== 'up';
    const { status, reason } = this.#isClosed
      ? { status: 'down' as const, reason: 'closed' }
      : isDown
        ? this.#link
        : this.#host;
    const withoutConsumer = [...this.#consumers.values()].filter((one) => one.isMissing);
    return {
      status,
      ...(reason === undefined ? {} : { reason }),
      withoutConsumer: withoutConsumer.map(({ queue }) => queue),
    };
  }

  onHealth(listener: (health: BusHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#link.status === 'up') await Promise.allSettled(this.#underWay);
    for (const consumer of this.#consumers.values()) consumer.flush();
    await this.link.close();
  }

  async established(call: (request: CallRequest) => Promise<CallAnswer>): Promise<void> {
    for (const queue of this.#topology.queues) await call({ method: 'declareQueue', args: [queue] });
    const { bindings } = this.#topology;
    if (bindings.length > 0) await call({ method: 'bind', args: [bindings] });
    for (const consumer of this.#consumers.values()) if (consumer.isMissing) await consumer.attach(call);
  }

  received(message: FromHost & { kind: 'deliver' | 'health' }, tail: Uint8Array): void {
    if (message.kind === 'health') this.#change(() => (this.#host = message.health));
    else this.#consumers.get(message.consumer)?.receive(message.deliveries, tail);
  }

  changed(status: 'up' | 'down', reason?: string): void {
    if (status === 'down') for (const consumer of this.#consumers.values()) consumer.detach();
    this.#change(() => (this.#link = { status, ...(reason === undefined ? {} : { reason }) }));
  }

  #change(act: () => void): void {
    const before = this.health().status;
    act();
    const health = this.health();
    if (health.status !== before) for (const listener of this.#listeners) listener(health);
  }

  #ask(method: string, ...args: readonly unknown[]): Promise<CallAnswer> {
    if (this.#isClosed) return Promise.reject(closed());
    const asking = this.link.call({ method, args });
    this.#underWay.add(asking);
    const forget = (): void => void this.#underWay.delete(asking);
    asking.then(forget, forget);
    return asking;
  }
}

function wireOf({ event, to, headers }: OutboundMessage): WireMessage {
  return { event: encodeStructuredText(event), to, ...(headers === undefined ? {} : { headers }) };
}

function closed(): StoreUnavailableError {
  return new StoreUnavailableError('the bus is closed');
}
