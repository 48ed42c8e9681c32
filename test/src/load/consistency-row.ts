/** What a saga of the bench goes through. */
export type Course = 'undone' | 'sequence' | 'transaction' | 'fallback';

/** One course, and where its messages and journals live. Everything is in one process, beside the servers. */
export interface ConsistencyRow {
  readonly course: Course;
  readonly mode: 'servers' | 'embedded';
}

const COURSES: readonly Course[] = ['undone', 'sequence', 'transaction', 'fallback'];

/** Everything that is measured, in the order of a rotation: what is compared stands side by side. */
export const CONSISTENCY_ROWS: readonly ConsistencyRow[] = (['servers', 'embedded'] as const).flatMap(
  (mode) => COURSES.map((course) => ({ course, mode })),
);

/** What a process of the bench is told, as JSON in its first argument. */
export interface ConsistencyTask {
  readonly row: ConsistencyRow;
  readonly folder: string;
  /** Begins the names of databases and keys of this measurement. */
  readonly prefix: string;
  /** Sagas one after the other. */
  readonly alone: number;
  /** Sagas with {@link inFlight} at once. */
  readonly together: number;
  readonly inFlight: number;
}

/** What a process of the bench says. Times are from the start's request to the end's event, milliseconds. */
export interface ConsistencyReport {
  readonly sagasPerSecond: number;
  /** With one saga in flight. */
  readonly aloneP50Ms: number;
  readonly aloneP99Ms: number;
  /** With many in flight. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** From a step's refusal to the beginning of what stands for it, 99 of 100, with many in flight; null where nothing does. */
  readonly toFallbackP99Ms: number | null;
}

/** What a row comes to: medians of its rotations. CPU is that of the process and of the servers, with many in flight. */
export interface ConsistencyResult extends ConsistencyReport, ConsistencyRow {
  readonly cpuMsPerSaga: number;
}
