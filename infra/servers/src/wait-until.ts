import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until the answer is not undefined.
 *
 * @param probe undefined, or a rejection, means "not yet"
 * @param timeLimitMs then it rejects with the last rejection as cause
 * @param pauseMs between two questions, 50 by default
 */
export async function waitUntil<T>(
  probe: () => Promise<T | undefined>,
  timeLimitMs: number,
  pauseMs = 50,
): Promise<T> {
  const deadline = performance.now() + timeLimitMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`Not reached within ${timeLimitMs} ms.`, { cause });
    await delay(pauseMs);
  }
}
