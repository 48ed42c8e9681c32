import type { AuraClient, DefinitionSummary } from '@aura/client';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** Waits until a definition that was taken is active, at most `withinMs`; answers how it stands then. */
export async function untilActive(
  client: AuraClient,
  taken: DefinitionSummary,
  { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<DefinitionSummary> {
  const deadline = performance.now() + withinMs;
  let standing = taken;
  while (standing.status === 'publishing' && performance.now() < deadline) {
    await delay(LOOK_EVERY_MS, undefined, { signal });
    const all = await client.definitions({ signal });
    standing = all.find(({ id, version }) => id === taken.id && version === taken.version) ?? standing;
  }
  return standing;
}
