/** How requests are gathered and carried out. */
export interface CoalescerOptions<Request, Answer> {
  /** Carries out a batch; answers in the order of the requests. A rejection reaches every request of the batch. */
  readonly run: (requests: readonly Request[]) => Promise<readonly Answer[]>;
  /** Size of one request; a batch is closed before it passes `maxWeight`. */
  readonly weigh: (request: Request) => number;
  readonly maxWeight: number;
  readonly maxRequests: number;
  /** Batches under way at once; what comes meanwhile gathers into larger batches. */
  readonly maxInFlight: number;
  /** Longest time in the queue, milliseconds; then the request is rejected with `late`. */
  readonly limitMs: number;
  readonly late: () => Error;
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly since: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is asked in one turn of the event loop into one batch (group commit, group read).
 *
 * Idle: nothing waits. A request arms a flush at the end of the turn.
 * Armed: more requests of the turn join. The flush starts batches until the queue is empty or all slots are taken.
 * Full: every slot holds a batch; requests wait. The end of a batch starts the next one.
 */
export class Coalescer<Request, Answer> {
  private waiting: Waiting<Request, Answer>[] = [];
  private inFlight = 0;
  private armed = false;
  private idle: (() => void)[] = [];

  constructor(private readonly options: CoalescerOptions<Request, Answer>) {}

  /** Asks one thing; resolves with its answer. */
  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, since: performance.now(), resolve, reject });
      this.arm();
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    if (this.waiting.length === 0 && this.inFlight === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    setImmediate(() => {
      this.armed = false;
      this.flush();
    });
  }

  private flush(): void {
    while (this.waiting.length > 0 && this.inFlight < this.options.maxInFlight) {
      const batch = this.nextBatch();
      if (batch.length > 0) void this.carryOut(batch);
    }
    if (this.waiting.length > 0 || this.inFlight > 0) return;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Takes the head of the queue as far as the bounds allow, always at least one request; late ones are told so. */
  private nextBatch(): readonly Waiting<Request, Answer>[] {
    const { maxRequests, maxWeight, limitMs } = this.options;
    const eldest = performance.now() - limitMs;
    let taken = 0;
    for (let weight = 0; taken < Math.min(this.waiting.length, maxRequests); taken++) {
      const next = this.waiting[taken];
      if (next) weight += this.options.weigh(next.request);
      if (weight > maxWeight && taken > 0) break;
    }
    const batch = this.waiting.splice(0, taken);
    const late = batch.filter((waiting) => waiting.since < eldest);
    for (const waiting of late) waiting.reject(this.options.late());
    return late.length === 0 ? batch : batch.filter((waiting) => waiting.since >= eldest);
  }

  private async carryOut(batch: readonly Waiting<Request, Answer>[]): Promise<void> {
    this.inFlight++;
    try {
      const answers = await this.options.run(batch.map((waiting) => waiting.request));
      batch.forEach((waiting, n) => waiting.resolve(answers[n] as Answer));
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    } finally {
      this.inFlight--;
      this.flush();
    }
  }
}
