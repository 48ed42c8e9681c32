import type { Dependency } from './dependency';

/** What the health roads of a process tell. */
export interface HealthSource {
  /** E.g. `nlu`. */
  readonly service: string;
  readonly version: string;
  /** Name of the process among all that live. */
  readonly instance: string;
  /** What it cannot work without at this moment. */
  dependencies(): readonly Dependency[];
}

/** Nest token of the {@link HealthSource}. */
export const HEALTH_SOURCE = Symbol('HealthSource');
