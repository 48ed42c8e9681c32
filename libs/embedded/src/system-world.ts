import { randomBytes, randomInt } from 'node:crypto';
import type { World } from '@aura/kernel';

/** Longest delay that a Node timer takes; longer ones go in several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const FRACTIONS = 2 ** 47;

/** Time, waiting and chance of the running process: real clocks, timers that keep it alive, cryptographic randomness. */
export function systemWorld(): World {
  return {
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    scheduler: { after },
    randomness: {
      bytes: (length) => new Uint8Array(randomBytes(length)),
      fraction: () => randomInt(FRACTIONS) / FRACTIONS,
    },
  };
}

function after(delayMs: number, task: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    const now = Math.min(Math.max(left, 0), LONGEST_TIMER_MS);
    timer = setTimeout(() => (left > now ? wait(left - now) : task()), now);
  };
  wait(delayMs);
  return () => clearTimeout(timer);
}
