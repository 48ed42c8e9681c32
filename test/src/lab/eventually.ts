import { setTimeout as delay } from 'node:timers/promises';

const WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 10;

/** Looks until there is an answer. Errors: says what did not come true, after 20 s (or `withinMs`). */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = WITHIN_MS,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`did not come true within ${withinMs} ms: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
