import type { Clock, Randomness } from '@aura/kernel';
import { retryDelayMs } from './pipeline/failures';

/** Rests between tries: the first is shorter than a round, the longest an hour. */
const RESTS = {
  maxAttempts: Number.MAX_SAFE_INTEGER,
  initialDelayMs: 30_000,
  multiplier: 2,
  maxDelayMs: 3_600_000,
};
/** Tried in vain at once; of more, those that were tried longest ago are forgotten, and tried as if for the first time. */
const MOST = 10_000;
/** What was not tried again so long behind its rest is well, gone or another instance's, ms. */
const FORGOTTEN_MS = 2 * RESTS.maxDelayMs;

interface Tried {
  readonly times: number;
  /** By the monotonic clock, ms. */
  readonly restsUntil: number;
}

/** What was tried and is still to be done: it is tried again, each time after a longer rest, so that it does not fill every round. */
export class VainTries {
  private readonly tried = new Map<string, Tried>();

  constructor(
    private readonly world: {
      readonly clock: Pick<Clock, 'monotonic'>;
      readonly randomness: Pick<Randomness, 'fraction'>;
    },
  ) {}

  /** Whether it is too early to try something again. */
  isResting(id: string): boolean {
    return (this.tried.get(id)?.restsUntil ?? 0) > this.world.clock.monotonic();
  }

  /** It was tried just now: until it is known to be well it was in vain. */
  add(id: string): void {
    const { clock, randomness } = this.world;
    this.forgetGone(clock.monotonic());
    const times = (this.tried.get(id)?.times ?? 0) + 1;
    const restsUntil = clock.monotonic() + retryDelayMs(RESTS, times, randomness.fraction());
    this.tried.delete(id);
    this.tried.set(id, { times, restsUntil });
    const [oldest] = this.tried.keys();
    if (this.tried.size > MOST && oldest !== undefined) this.tried.delete(oldest);
  }

  /** In the order in which they were tried last, so that all that are left were tried lately, give or take a rest. */
  private forgetGone(now: number): void {
    for (const [id, { restsUntil }] of this.tried) {
      if (restsUntil + FORGOTTEN_MS > now) return;
      this.tried.delete(id);
    }
  }

  /** It is well. */
  remove(id: string): void {
    this.tried.delete(id);
  }
}
