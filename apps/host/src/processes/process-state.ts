/** How a supervised process stands. `waiting`: it ended and is started again in a moment. */
export type ProcessStatus = 'starting' | 'up' | 'waiting' | 'stopped';

/** What is known of a supervised process. */
export interface ProcessState {
  readonly name: string;
  readonly status: ProcessStatus;
  /** While it runs. */
  readonly pid?: number;
  /** Where it listens, once it has said so. */
  readonly url?: string;
  /** How often it was started again. */
  readonly restarts: number;
  /** How it ended the last time, e.g. `by SIGKILL`, `with exit code 1`. */
  readonly lastEnd?: string;
}
