/** After so many doublings a wait grows no more. */
const MOST_DOUBLINGS = 6;

/**
 * When something of which nothing is heard is asked for again, ms from the beginning of the wait: `first` at first, then twice
 * as long each time up to 64 times `first`, and then at that pace. `asked`: how often it was.
 */
export function askedAgainAfter(first: number, asked: number): number {
  const doubled = Math.min(asked, MOST_DOUBLINGS);
  return first * (2 ** (doubled + 1) - 1 + (asked - doubled) * 2 ** doubled);
}

/** How long an answer is waited for when it was asked for again `again` times, ms: the same pace, for what keeps the time of its last question. */
export function waitedFor(first: number, again: number): number {
  return first * 2 ** Math.min(again, MOST_DOUBLINGS);
}
