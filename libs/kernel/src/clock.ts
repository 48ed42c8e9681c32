/** The two clocks a process has. Core code never reads time in another way. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump. */
  now(): number;
  /** Monotonic clock, milliseconds since some fixed point. Never jumps, stands still while nothing runs. */
  monotonic(): number;
}

/** Takes a scheduled task back; harmless when it has run. */
export type Cancel = () => void;

/** Runs something later. The one way for core code to wait. */
export interface Scheduler {
  /** Runs `task` once after `delayMs` milliseconds (0: after what is queued already). */
  after(delayMs: number, task: () => void): Cancel;
}

/** Source of randomness. Seeded in tests and simulation. */
export interface Randomness {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
  /** A number in [0, 1). */
  fraction(): number;
}

/** What a process gives to core code: time, waiting and chance. */
export interface World {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly randomness: Randomness;
}
