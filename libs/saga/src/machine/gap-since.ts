/**
 * Milliseconds that were nobody's fault since a time (ms since 1970): all coordinators down, a clock that jumped, a
 * broker that was blocked; with a participant's name also the time in which it had paused.
 */
export type GapSince = (since: number, participant?: string) => number;

/** No time was lost. */
export const NO_GAP: GapSince = () => 0;
