interface Bucket {
  readonly tokens: number;
  /** Wall clock of the newest take, ms since 1970. */
  readonly at: number;
}

/** Token buckets by name. A clock that goes back neither fills nor empties them. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes a token; false when there is none. */
  take(
    bucket: string,
    limit: { readonly capacity: number; readonly perSecond: number; readonly now: number },
  ): boolean {
    const { capacity, perSecond, now } = limit;
    const before = this.#buckets.get(bucket) ?? { tokens: capacity, at: now };
    const at = Math.max(now, before.at);
    const tokens = Math.min(capacity, before.tokens + ((at - before.at) / 1000) * perSecond);
    const isTaken = tokens >= 1;
    this.#buckets.set(bucket, { tokens: isTaken ? tokens - 1 : tokens, at });
    return isTaken;
  }
}
