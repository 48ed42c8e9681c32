import { StoreUnavailableError } from '@aura/kernel';
import type { Log } from '@aura/kernel';

/** One of several that are served one after the other. */
export interface Served {
  readonly kind: 'saga' | 'transaction';
  readonly id: string;
  readonly partition: number;
}

/**
 * Serves one of several: what is wrong with it alone, as a journal that cannot be folded, is told, and the others are served.
 * Answers undefined then. Errors: `StoreUnavailableError`, which is about all of them.
 */
export async function servedAlone<T>(
  log: Log,
  { kind, id, partition }: Served,
  serve: () => Promise<T> | T,
): Promise<T | undefined> {
  try {
    return await serve();
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    log.warn(
      `${kind} ${id} cannot be served: nothing of it is told, and its timers stand still, until its journal is restored from a backup`,
      { error, partition },
    );
    return undefined;
  }
}
