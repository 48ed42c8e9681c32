/** Something that does not add up. */
export interface Discrepancy {
  /** Upper-case words, e.g. `NOT_UNDONE`. */
  readonly code: string;
  readonly participant: string;
  readonly stream: string;
  /** The row that shows it. */
  readonly seq: number;
  /** What is wrong, with figures. */
  readonly message: string;
}

/**
 * What a participant has of one kind of resource, counted in one unit, a currency in its smallest units (cents). For each:
 * received = available + prepared + held + spent.
 */
export interface Sum {
  readonly participant: string;
  /** Name of the resource type, e.g. `account`. */
  readonly type: string;
  readonly unit: string;
  readonly resources: number;
  readonly received: number;
  /** On hand, and promised to nobody. */
  readonly available: number;
  /** Promised to transactions that are not decided. */
  readonly prepared: number;
  readonly held: number;
  readonly spent: number;
}

/** Resources that are not counted. */
export interface Count {
  readonly participant: string;
  readonly type: string;
  readonly resources: number;
  /** Changes that stand, of all that were made. */
  readonly standing: number;
  readonly changes: number;
}

/** What an audit found. */
export interface AuditReport {
  readonly sums: readonly Sum[];
  readonly counts: readonly Count[];
  /** Stateful steps and branches of transactions that were looked at, and the sagas they belong to. */
  readonly steps: number;
  readonly sagas: { readonly open: number; readonly ended: number };
  readonly transactions: { readonly committed: number; readonly aborted: number; readonly open: number };
  /** Effects that stand though their saga was undone, because a person said so. */
  readonly byHand: readonly string[];
  /** Empty: everything adds up. */
  readonly discrepancies: readonly Discrepancy[];
}
