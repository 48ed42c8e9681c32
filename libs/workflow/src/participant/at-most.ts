import type { Cancel, World } from '@aura/kernel';

/** Waits for the work, but no longer than the time (ms); what is late goes on unwatched. Errors: those of the work in time. */
export async function atMost(world: World, limitMs: number, work: Promise<void>): Promise<void> {
  let cancel: Cancel = () => undefined;
  const limit = new Promise<void>((resolve) => {
    cancel = world.scheduler.after(limitMs, resolve);
  });
  await Promise.race([work, limit]).finally(() => cancel());
}
