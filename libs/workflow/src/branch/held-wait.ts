/** Shortest wait, ms. */
const SHORTEST_MS = 100;

/** How long a branch has waited for what others hold, and how long its transaction waits for the vote, ms. */
export interface HeldFor {
  readonly waitedMs: number;
  readonly waitMs: number;
}

/**
 * Wait before what another transaction holds is asked for again, ms: about half of what was waited so far, so that a
 * crowd does not spend its time on asking, and with chance, so that rivals part. The last asking is when the time of
 * the vote is over. `fraction` is in [0, 1).
 */
export function heldWaitMs({ waitedMs, waitMs }: HeldFor, fraction: number): number {
  const growing = Math.max(SHORTEST_MS, waitedMs / 2) * (1 + fraction);
  return Math.round(Math.min(growing, Math.max(SHORTEST_MS, waitMs - waitedMs)));
}
