import { runCases } from './conformance';
import { viewsFindCases } from './views-find-cases';
import type { ViewsHarness } from './views-harness';
import { viewsPutCases } from './views-put-cases';

/** Checks that an adapter keeps the contract of `ViewStores` and `ViewStore`. */
export function viewsConformance(name: string, open: () => Promise<ViewsHarness>): void {
  runCases(`views of ${name}`, open, [viewsPutCases, viewsFindCases]);
}
