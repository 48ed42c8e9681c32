import { StoreUnavailableError } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import type { VainTries } from '@aura/messaging';

/** One of several that are served together, or one after the other. */
export interface Served {
  readonly kind: 'saga' | 'transaction';
  readonly id: string;
  readonly partition: number;
}

/**
 * Serves one of several: what is wrong with it alone, as a journal that cannot be folded, is told, and the others are served.
 * Answers undefined then. Errors: `StoreUnavailableError`, which is about all of them. `told`: where others ask for it again and
 * again, so that it is told ever more rarely.
 */
export async function servedAlone<T>(
  log: Log,
  { kind, id, partition }: Served,
  serve: () => Promise<T> | T,
  told?: VainTries,
): Promise<T | undefined> {
  try {
    const served = await serve();
    told?.remove(id);
    return served;
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    if (told?.isResting(id) === true) return undefined;
    told?.add(id);
    log.warn(
      `${kind} ${id} cannot be served: nothing of it is told, and its timers stand still, until its journal is restored from a backup`,
      { error, partition },
    );
    return undefined;
  }
}
