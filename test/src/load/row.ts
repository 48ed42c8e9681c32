/** One thing that is measured: a system, where its messages live, and how its processes are laid out. */
export interface BenchRow {
  readonly name: string;
  readonly system: 'raw' | 'aura';
  readonly mode: 'servers' | 'embedded';
  /** `one`: everything in the driver's process; `each`: a process for every hop beside the driver. */
  readonly layout: 'one' | 'each';
  readonly kind: 'pure' | 'stateful';
}

/** Everything that is measured, in the order of a rotation. */
export const ROWS: readonly BenchRow[] = [
  { name: 'raw amqplib', system: 'raw', mode: 'servers', layout: 'one', kind: 'pure' },
  { name: 'aura pure', system: 'aura', mode: 'servers', layout: 'one', kind: 'pure' },
  { name: 'aura stateful', system: 'aura', mode: 'servers', layout: 'one', kind: 'stateful' },
  { name: 'raw amqplib', system: 'raw', mode: 'servers', layout: 'each', kind: 'pure' },
  { name: 'aura pure', system: 'aura', mode: 'servers', layout: 'each', kind: 'pure' },
  { name: 'aura stateful', system: 'aura', mode: 'servers', layout: 'each', kind: 'stateful' },
  { name: 'raw sqlite', system: 'raw', mode: 'embedded', layout: 'one', kind: 'pure' },
  { name: 'aura pure', system: 'aura', mode: 'embedded', layout: 'one', kind: 'pure' },
  { name: 'aura stateful', system: 'aura', mode: 'embedded', layout: 'one', kind: 'stateful' },
];

/** What a process of the bench is told, as JSON in its first argument. */
export interface WorkerTask {
  readonly row: BenchRow;
  /** `driver` measures; a number is the hop that the process performs. */
  readonly role: 'driver' | number;
  readonly folder: string;
  /** Begins the names of databases and keys of this measurement. */
  readonly prefix: string;
  readonly latency: number;
  readonly throughput: number;
}

/** What a row comes to, medians of all rotations. Times in milliseconds; CPU includes the servers. */
export interface BenchResult {
  readonly name: string;
  readonly mode: BenchRow['mode'];
  readonly layout: BenchRow['layout'];
  readonly sagasPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerSaga: number;
  readonly rssMb: number;
}

/** What a driver prints when it has measured. */
export interface DriverReport {
  readonly sagasPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
