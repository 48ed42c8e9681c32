import { runCases } from '@aura/kernel/testing';
import type { FastStoresHarness } from './fast-stores-harness';
import { inboxCases } from './inbox-cases';
import { joinsCases } from './joins-cases';
import { rateLimitsCases } from './rate-limits-cases';
import { smallFactsCases } from './small-facts-cases';

/** Checks that an adapter keeps the contracts of `FastStores`: inbox, joins, results, registry, rate limits. */
export function fastStoresConformance(name: string, open: () => Promise<FastStoresHarness>): void {
  runCases(`fast stores of ${name}`, open, [inboxCases, joinsCases, smallFactsCases, rateLimitsCases]);
}
