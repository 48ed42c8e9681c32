import type { Coordinator } from '@aura/saga';
import { setTimeout as delay } from 'node:timers/promises';

/** Definitions are active within this time when every service of the process has started, ms. */
const ACTIVE_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;

/** Waits until the definitions of these names are active. Errors: one that names what is missing, after 20 s (or `withinMs`). */
export async function untilActive(
  coordinator: Pick<Coordinator, 'definitions'>,
  names: readonly string[],
  withinMs: number = ACTIVE_WITHIN_MS,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const all = await coordinator.definitions();
    const open = names.filter((name) => !all.some(({ id, status }) => id === name && status === 'active'));
    if (open.length === 0) return;
    if (performance.now() > deadline)
      throw new Error(`the definitions did not become active within ${withinMs} ms: ${open.join(', ')}`);
    await delay(LOOK_EVERY_MS);
  }
}
