import { type Binding, EVENTS_EXCHANGE, STEPS_EXCHANGE } from '@aura/messaging';
import type { EmbeddedQueue } from './embedded-queue';
import { type TopicPattern, topicPattern } from './topic-pattern';

type Exchange = typeof EVENTS_EXCHANGE | typeof STEPS_EXCHANGE;

interface TopicBinding {
  readonly key: string;
  readonly queue: EmbeddedQueue;
  readonly takes: TopicPattern;
}

/** Routes found before, forgotten with each change of the bindings and when there are this many. */
const REMEMBERED = 10_000;

/** Which queues take a key: exact keys on the fast lane, patterns on the public face, and the bridge between them. */
export class Routing {
  readonly #steps = new Map<string, Set<EmbeddedQueue>>();
  readonly #faces = new Set<string>();
  #events: readonly TopicBinding[] = [];
  readonly #routes: Readonly<Record<Exchange, Map<string, readonly EmbeddedQueue[]>>> = {
    [EVENTS_EXCHANGE]: new Map(),
    [STEPS_EXCHANGE]: new Map(),
  };

  /** The queues that a message with the key goes to, each once. */
  route(exchange: Exchange, key: string): readonly EmbeddedQueue[] {
    const known = this.#routes[exchange].get(key);
    if (known) return known;
    const found = [...new Set(exchange === STEPS_EXCHANGE ? this.#fastLane(key) : this.#publicFace(key))];
    if (this.#routes[exchange].size >= REMEMBERED) this.#routes[exchange].clear();
    this.#routes[exchange].set(key, found);
    return found;
  }

  /** Adds a binding; one that stands already changes nothing. `queue` is the bound queue, absent for the bridge. */
  add(binding: Binding, queue: EmbeddedQueue | undefined): void {
    this.remove(binding);
    if (binding.kind === 'publicFace') this.#faces.add(binding.key);
    else if (queue && binding.exchange === EVENTS_EXCHANGE) {
      this.#events = [...this.#events, { key: binding.key, queue, takes: topicPattern(binding.key) }];
    } else if (queue) {
      const bound = this.#steps.get(binding.key) ?? new Set();
      this.#steps.set(binding.key, bound.add(queue));
    }
    this.#forget();
  }

  /** Removes a binding; harmless when there is none. */
  remove(binding: Binding): void {
    if (binding.kind === 'publicFace') this.#faces.delete(binding.key);
    else {
      const { exchange, key, queue } = binding;
      this.#drop((bound, at, name) => at === exchange && bound === key && name.name === queue);
    }
    this.#forget();
  }

  /** Removes all bindings of a queue. */
  removeQueue(queue: EmbeddedQueue): void {
    this.#drop((_key, _exchange, bound) => bound === queue);
    this.#forget();
  }

  #drop(goes: (key: string, exchange: Exchange, queue: EmbeddedQueue) => boolean): void {
    this.#events = this.#events.filter(({ key, queue }) => !goes(key, EVENTS_EXCHANGE, queue));
    for (const [key, queues] of this.#steps) {
      for (const queue of queues) if (goes(key, STEPS_EXCHANGE, queue)) queues.delete(queue);
      if (queues.size === 0) this.#steps.delete(key);
    }
  }

  #fastLane(key: string): readonly EmbeddedQueue[] {
    const exact = [...(this.#steps.get(key) ?? [])];
    return this.#faces.has(key) ? [...exact, ...this.#publicFace(key)] : exact;
  }

  #publicFace(key: string): readonly EmbeddedQueue[] {
    return this.#events.filter(({ takes }) => takes(key)).map(({ queue }) => queue);
  }

  #forget(): void {
    this.#routes[EVENTS_EXCHANGE].clear();
    this.#routes[STEPS_EXCHANGE].clear();
  }
}
