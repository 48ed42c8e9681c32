/** Deliveries in hand from which on waiting long for more of a saga gains something. */
const BUSY = 64;
/** Longest wait for more of a saga when there is much to do, ms: its view must not be later than a second. */
const BUSY_LINGER_MS = 650;
/** The same when there is little to do, ms: a quick saga gets two rows instead of one a step, and nobody notices. */
const QUIET_LINGER_MS = 20;

/** The deliveries that a tracker has in hand, in all and of each queue. */
export class InHand {
  private all = 0;
  private readonly ofQueue = new Map<string, number>();

  constructor(
    /** Most deliveries in hand per queue. */
    private readonly prefetch: number,
  ) {}

  /** Takes one in hand; answers what to call when it is answered. Called again, that does nothing. */
  take(queue: string): () => void {
    this.count(queue, 1);
    let isInHand = true;
    return () => {
      if (isInHand) this.count(queue, -1);
      isInHand = false;
    };
  }

  /** How long one more of a queue may wait for others of its saga, ms; not at all in the room that ends of sagas need. */
  lingerMs(queue: string): number {
    if ((this.ofQueue.get(queue) ?? 0) > this.prefetch / 2) return 0;
    return this.all >= BUSY ? BUSY_LINGER_MS : QUIET_LINGER_MS;
  }

  private count(queue: string, by: 1 | -1): void {
    this.all += by;
    this.ofQueue.set(queue, (this.ofQueue.get(queue) ?? 0) + by);
  }
}
