import type { BusHealth } from '@aura/messaging';

/** How each of the two connections stands. */
interface LinkState {
  readonly isUp: boolean;
  readonly reason: string | undefined;
}

/** What is wrong with single queues, as in `BusHealth`. */
type QueueHealth = Required<Pick<BusHealth, 'withoutConsumer' | 'refused'>>;

/** Puts the states of the connections together and tells of changes between up, blocked and down. */
export class Health {
  readonly #links = new Map<string, LinkState>();
  readonly #listeners = new Set<(health: BusHealth) => void>();
  readonly #queues: () => QueueHealth;
  #blocked: string | undefined;
  #told: BusHealth['status'] = 'down';

  constructor(links: readonly string[], queues: () => QueueHealth) {
    for (const link of links) this.#links.set(link, { isUp: false, reason: 'not connected yet' });
    this.#queues = queues;
  }

  /** A connection came or went. */
  link(name: string, isUp: boolean, reason?: string): void {
    this.#links.set(name, { isUp, reason });
    this.#tell();
  }

  /** The broker blocks publishers, or (undefined) no longer does. */
  block(reason: string | undefined): void {
    this.#blocked = reason;
    this.#tell();
  }

  /** How the bus stands now. */
  get current(): BusHealth {
    const { withoutConsumer, refused } = this.#queues();
    const queues = { withoutConsumer, ...(refused.length === 0 ? {} : { refused }) };
    const down = [...this.#links].find(([, { isUp }]) => !isUp);
    if (down)
      return { status: 'down', reason: `${down[0]} connection: ${down[1].reason ?? 'lost'}`, ...queues };
    if (this.#blocked !== undefined) return { status: 'blocked', reason: this.#blocked, ...queues };
    const unserved = withoutConsumer.length === 0 ? [] : [`no consumer on ${withoutConsumer.join(', ')}`];
    const reasons = [...refused, ...unserved];
    return { status: 'up', ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }), ...queues };
  }

  #tell(): void {
    const { current } = this;
    if (current.status === this.#told) return;
    this.#told = current.status;
    for (const listener of this.#listeners) listener(current);
  }

  /** Tells of changes; returns how to stop. */
  onChange(listener: (health: BusHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
