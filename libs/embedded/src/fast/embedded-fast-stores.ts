import type { Clock } from '@aura/kernel';
import type { FastStores } from '@aura/messaging';
import type { EmbeddedStore } from '../store/embedded-store';
import { MemoryInbox } from './memory-inbox';
import { MemoryRateLimits } from './memory-rate-limits';
import { MemoryRegistry } from './memory-registry';
import { MemoryResults } from './memory-results';
import { SqliteJoins } from './sqlite-joins';

/** The fast stores of a namespace: joins in the file, everything else in bounded memory. */
export function embeddedFastStores(store: EmbeddedStore, namespace: string, clock: Clock): FastStores {
  return {
    inbox: new MemoryInbox(clock),
    joins: new SqliteJoins(store, store.namespace(namespace), clock),
    results: new MemoryResults(clock),
    registry: new MemoryRegistry(clock),
    rateLimits: new MemoryRateLimits(),
  };
}
