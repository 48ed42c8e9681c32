import type { RunningCoordinator } from '@aura/saga';
import { setTimeout as delay } from 'node:timers/promises';
import { BY_BENCH } from './bench-actor';

const ACTIVE_WITHIN_MS = 60_000;

/** Publishes a definition and waits until it is active; rejects with whom it waits for, or why it is refused. */
export async function activateDefinition(
  coordinator: RunningCoordinator,
  text: string,
  file: string,
): Promise<void> {
  const deadline = Date.now() + ACTIVE_WITHIN_MS;
  for (;;) {
    const published = await coordinator.publishDefinition(text, file, BY_BENCH);
    if (published.ok && published.value.status === 'active') return;
    if (Date.now() > deadline)
      throw new Error(
        `${file} did not become active: ${JSON.stringify(published.ok ? published.value.waitsFor : published.error)}`,
      );
    await delay(100);
  }
}
