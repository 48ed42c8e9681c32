import { UnsafeSetupError } from '@aura/kernel';
import { BusFullError, CRASHED_QUEUE, DELIVERY_LIMIT, UnroutableError } from '@aura/messaging';
import type { Binding, Destination, OutboundMessage, QueueDeclaration } from '@aura/messaging';
import type { Timeline } from '../time/timeline';
import { isIn } from '../stores/journal-table';
import { Message } from './message';
import type { RawEnvelope } from './message';
import { Routes } from './routes';
import type { ConsumerHost } from './simulated-consumer';
import { SimulatedQueue } from './simulated-queue';

/** What becomes of one copy on its way; times in ms. */
export interface Way {
  /** It takes so much longer, and so comes behind others. */
  readonly detourMs: number;
  /** It arrives once more, after this time. */
  readonly doubleMs?: number;
  /** It never arrives. */
  readonly isLost?: boolean;
}

/** Decides how copies go astray; asked once for every copy, in order. Undefined: it arrives after a millisecond. */
export interface Roads {
  way(queue: string, message: Message): Way | undefined;
}

/** Every message takes a millisecond, in order, once. */
export const STRAIGHT: Roads = { way: () => undefined };

/** Time from the confirm to the queue, ms. */
const LATENCY_MS = 1;

/** Who looks on. */
export interface BrokerWatch {
  /** Messages that are about to be stored. */
  readonly onPublish?: (message: OutboundMessage) => void;
}

/** The broker: durable, and alive whatever happens to its clients. */
export class SimulatedBroker implements ConsumerHost {
  readonly #queues = new Map<string, SimulatedQueue>();
  readonly #routes = new Routes();
  #arriving: (readonly [queue: SimulatedQueue, message: Message])[] = [];
  roads: Roads = STRAIGHT;
  /** Whether broker and journals are one store, as they are embedded: a row is then published as it is appended. */
  isOneStore = false;

  constructor(
    readonly timeline: Timeline,
    private readonly watch: BrokerWatch = {},
  ) {
    this.declare({ queue: CRASHED_QUEUE, kind: 'crashed' });
  }

  /** Every queue. */
  get queues(): readonly SimulatedQueue[] {
    return [...this.#queues.values()];
  }

  /** Makes a queue, or checks that it stands as declared. */
  declare(declaration: QueueDeclaration): SimulatedQueue {
    const { queue: name, kind, maxLength } = declaration;
    const standing = this.#queues.get(name);
    if (standing !== undefined) {
      const { kind: wasKind, maxLength: wasLength } = standing.declaration;
      if (wasKind === kind && wasLength === maxLength) return standing;
      throw new UnsafeSetupError(
        `queue ${name} stands as ${wasKind} with ${wasLength ?? 'no'} bound and is declared as ${kind} with ${maxLength ?? 'no'} bound`,
        'Declare it as it stands, or give the new one another name.',
      );
    }
    const queue = new SimulatedQueue(declaration);
    this.#queues.set(name, queue);
    return queue;
  }

  bind(bindings: readonly Binding[]): void {
    for (const binding of bindings) {
      if (binding.kind === 'queue' && !this.#queues.has(binding.queue))
        throw new UnsafeSetupError(
          `queue ${binding.queue} is bound to ${binding.key} and is not there`,
          'Declare the queue before it is bound.',
        );
    }
    for (const binding of bindings) this.#routes.add(binding);
  }

  unbind(bindings: readonly Binding[]): void {
    for (const binding of bindings) this.#routes.remove(binding);
  }

  /** The queue of a name. Errors: `UnroutableError` when it was never declared. */
  queue(name: string): SimulatedQueue {
    const queue = this.#queues.get(name);
    if (queue !== undefined) return queue;
    throw new UnroutableError('the default exchange', name);
  }

  /** Removes a queue with all it holds. */
  remove(queue: SimulatedQueue): void {
    this.#queues.delete(queue.name);
    this.#routes.removeQueue(queue.name);
  }

  /** Stores messages; all of a call or none, unless a `part` says which copies get there. */
  publish(messages: readonly OutboundMessage[], part?: number): void {
    const routed = messages.map((message) => [message, message.to.map((one) => this.#places(one))] as const);
    this.#refuseFull(routed.flatMap(([, places]) => places.flat()));
    let copies = 0;
    for (const [message, places] of routed) {
      const wanted = uniquePlaces(places.flat());
      const reached = wanted.filter(() => isIn(part, copies++));
      // What nobody listens to is published all the same; what gets nowhere of several is not.
      if (reached.length > 0 || wanted.length === 0) this.watch.onPublish?.(message);
      for (const { queue, delayMs } of reached) this.#send(queue, this.#copyOf(message), delayMs);
    }
  }

  /** Puts foreign bytes into a queue. */
  inject(name: string, raw: RawEnvelope): void {
    this.#send(this.queue(name), new Message({ raw }, {}), undefined);
  }

  touch(queue: SimulatedQueue): void {
    if (queue.isScheduled) return;
    queue.isScheduled = true;
    this.timeline.after(0, () => {
      queue.isScheduled = false;
      queue.dispatch();
    });
  }

  cameBack(queue: SimulatedQueue, message: Message, isLost: boolean): void {
    if (isLost) message.returns += 1;
    if (message.returns > DELIVERY_LIMIT && queue.kind !== 'crashed') {
      const crashed = { queue: queue.name, returns: message.returns };
      const copy = new Message(message.content, { ...message.headers, crashed });
      this.#arrive(this.queue(CRASHED_QUEUE), copy);
      return;
    }
    queue.putBack(message);
    this.touch(queue);
  }

  #copyOf({ event, headers = {} }: OutboundMessage): Message {
    return new Message({ event }, headers);
  }

  #places(to: Destination): readonly Place[] {
    if (to.kind === 'queue') return [{ queue: this.queue(to.queue), delayMs: undefined }];
    if (to.kind === 'delay') return [{ queue: this.queue(to.queue), delayMs: to.delayMs }];
    const names = this.#routes.find(to.exchange, to.key);
    if (to.mandatory === true && names.length === 0) throw new UnroutableError(to.exchange, to.key);
    return names.map((name) => ({ queue: this.queue(name), delayMs: undefined }));
  }

  #refuseFull(places: readonly Place[]): void {
    const coming = new Map<SimulatedQueue, number>();
    for (const { queue } of places)
      if (queue.declaration.maxLength !== undefined) coming.set(queue, (coming.get(queue) ?? 0) + 1);
    for (const [queue, count] of coming)
      if (queue.waiting + queue.coming + count > (queue.declaration.maxLength ?? 0))
        throw new BusFullError(queue.name);
  }

  #send(queue: SimulatedQueue, message: Message, delayMs: number | undefined): void {
    const way = this.roads.way(queue.name, message);
    if (way?.isLost !== true) this.#sendBy(way, { queue, message, delayMs });
  }

  #sendBy(way: Way | undefined, { queue, message, delayMs }: Place & { readonly message: Message }): void {
    if (way?.doubleMs !== undefined)
      this.#travel(queue, new Message(message.content, message.headers), LATENCY_MS + way.doubleMs);
    const lateMs = (delayMs ?? 0) + (way?.detourMs ?? 0);
    if (lateMs === 0) this.#next(queue, message);
    else this.#travel(queue, message, LATENCY_MS + lateMs);
  }

  #travel(queue: SimulatedQueue, message: Message, ms: number): void {
    queue.coming += 1;
    this.timeline.after(ms, () => {
      queue.coming -= 1;
      this.#arrive(queue, message);
    });
  }

  /** What is sent at one instant arrives at one instant. */
  #next(queue: SimulatedQueue, message: Message): void {
    queue.coming += 1;
    this.#arriving.push([queue, message]);
    if (this.#arriving.length > 1) return;
    this.timeline.after(LATENCY_MS, () => {
      const arrived = this.#arriving;
      this.#arriving = [];
      for (const [to, one] of arrived) {
        to.coming -= 1;
        this.#arrive(to, one);
      }
    });
  }

  #arrive(queue: SimulatedQueue, message: Message): void {
    queue.push(message);
    this.touch(queue);
  }
}

interface Place {
  readonly queue: SimulatedQueue;
  readonly delayMs: number | undefined;
}

/** A queue gets one copy of a message, however many ways lead there; delayed copies are copies of their own. */
function uniquePlaces(places: readonly Place[]): readonly Place[] {
  if (places.length < 2) return places;
  const seen = new Set<SimulatedQueue>();
  return places.filter(({ queue, delayMs }) => {
    if (delayMs !== undefined) return true;
    const isNew = !seen.has(queue);
    seen.add(queue);
    return isNew;
  });
}
