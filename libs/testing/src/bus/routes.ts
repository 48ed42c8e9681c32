import { EVENTS_EXCHANGE, STEPS_EXCHANGE } from '@aura/messaging';
import type { Binding } from '@aura/messaging';

type Exchange = typeof EVENTS_EXCHANGE | typeof STEPS_EXCHANGE;

interface Pattern {
  readonly key: string;
  readonly queue: string;
  readonly words: readonly string[];
}

/** Which queues take a key: exact keys on the fast lane, patterns on the public face, and the bridge between them. */
export class Routes {
  readonly #steps = new Map<string, Set<string>>();
  readonly #faces = new Set<string>();
  #patterns: readonly Pattern[] = [];
  readonly #known = new Map<string, readonly string[]>();

  /** The queues that a message with the key goes to, each once. */
  find(exchange: Exchange, key: string): readonly string[] {
    const name = `${exchange} ${key}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const found = exchange === STEPS_EXCHANGE ? this.#fastLane(key) : this.#publicFace(key);
    const queues = [...new Set(found)];
    this.#known.set(name, queues);
    return queues;
  }

  /** Adds a binding; one that stands already changes nothing. */
  add(binding: Binding): void {
    this.remove(binding);
    if (binding.kind === 'publicFace') this.#faces.add(binding.key);
    else if (binding.exchange === EVENTS_EXCHANGE) {
      const { key, queue } = binding;
      this.#patterns = [...this.#patterns, { key, queue, words: key.split('.') }];
    } else this.#steps.set(binding.key, (this.#steps.get(binding.key) ?? new Set()).add(binding.queue));
  }

  /** Removes a binding; harmless when there is none. */
  remove(binding: Binding): void {
    this.#known.clear();
    if (binding.kind === 'publicFace') this.#faces.delete(binding.key);
    else if (binding.exchange === STEPS_EXCHANGE) this.#steps.get(binding.key)?.delete(binding.queue);
    else
      this.#patterns = this.#patterns.filter(
        ({ key, queue }) => key !== binding.key || queue !== binding.queue,
      );
  }

  /** Removes all bindings of a queue. */
  removeQueue(name: string): void {
    this.#known.clear();
    this.#patterns = this.#patterns.filter(({ queue }) => queue !== name);
    for (const queues of this.#steps.values()) queues.delete(name);
  }

  #fastLane(key: string): readonly string[] {
    const exact = [...(this.#steps.get(key) ?? [])];
    return this.#faces.has(key) ? [...exact, ...this.#publicFace(key)] : exact;
  }

  #publicFace(key: string): readonly string[] {
    const words = key.split('.');
    return this.#patterns.filter((pattern) => takes(pattern.words, words, 0, 0)).map(({ queue }) => queue);
  }
}

/** `*` stands for one word, `#` for any number of words, none too. */
function takes(pattern: readonly string[], key: readonly string[], p: number, k: number): boolean {
  if (p === pattern.length) return k === key.length;
  const word = pattern[p];
  if (word === '#') return takes(pattern, key, p + 1, k) || (k < key.length && takes(pattern, key, p, k + 1));
  if (k === key.length) return false;
  return (word === '*' || word === key[k]) && takes(pattern, key, p + 1, k + 1);
}
