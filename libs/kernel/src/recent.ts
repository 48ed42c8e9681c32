/**
 * A bounded memory by key: the newest entries, between half of the bound and the bound. Two generations: reading or
 * writing brings an entry into the young one; when that is full it becomes the old one and the old one is forgotten.
 */
export class Recent<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  /** What the young ones weigh. */
  #weight = 0;
  readonly #half: number;
  readonly #weigh: (value: V) => number;

  /**
   * Keeps entries that together weigh at most `bound`; by default each weighs 1. `weigh` answers the same for a value
   * whenever it is asked. What weighs more than half of the bound is not kept at all.
   */
  constructor(bound: number, weigh: (value: V) => number = () => 1) {
    this.#half = Math.ceil(bound / 2);
    this.#weigh = weigh;
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    const weight = this.#weigh(value);
    // An entry is in one generation: what it weighed before counts no more.
    this.delete(key);
    if (weight > this.#half) return;
    if (this.#weight + weight > this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = 0;
    }
    this.#young.set(key, value);
    this.#weight += weight;
  }

  delete(key: string): void {
    const young = this.#young.get(key);
    if (young !== undefined) this.#weight -= this.#weigh(young);
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#weight = 0;
  }
}
