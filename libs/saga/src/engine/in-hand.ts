/** Deliveries in hand from which on there is enough to do that waiting for more of a saga gains something. */
const BUSY = 64;

/** The deliveries that a tracker has in hand, in all and of each queue. */
export class InHand {
  private all = 0;
  private readonly ofQueue = new Map<string, number>();

  constructor(
    /** Most deliveries in hand per queue. */
    private readonly prefetch: number,
  ) {}

  /** Takes one in hand; answers what to call, once, when it is answered. */
  take(queue: string): () => void {
    this.count(queue, 1);
    return () => this.count(queue, -1);
  }

  /** Whether one more of a queue may wait for others: not with little to do, and never in the room that ends of sagas need. */
  mayWait(queue: string): boolean {
    return this.all >= BUSY && (this.ofQueue.get(queue) ?? 0) <= this.prefetch / 2;
  }

  private count(queue: string, by: 1 | -1): void {
    this.all += by;
    this.ofQueue.set(queue, (this.ofQueue.get(queue) ?? 0) + by);
  }
}
