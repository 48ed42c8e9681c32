import type { StoredRow } from './stored-row';

/** Entries by which a transaction is decided. */
const DECISIONS: readonly string[] = ['committed', 'aborted'];

/** A transaction as its rows tell it, folded by the auditor. */
export class StoredTransaction {
  private readonly decisions: string[] = [];
  private isFinished = false;

  constructor(readonly id: string) {}

  /** Takes the rows in order. */
  take({ body }: StoredRow): void {
    for (const { kind } of JSON.parse(body) as readonly { readonly kind: string }[]) {
      if (DECISIONS.includes(kind)) this.decisions.push(kind);
      if (kind === 'finished') this.isFinished = true;
    }
  }

  /** More than one decision. */
  doubled(): readonly string[] {
    return this.decisions.length > 1
      ? [`transaction ${this.id} was decided more than once: ${this.decisions.join(', ')}`]
      : [];
  }

  /** Undecided, or not done at every branch. */
  halfDone(): readonly string[] {
    const [decision] = this.decisions;
    if (decision === undefined) return [`transaction ${this.id} was never decided`];
    return this.isFinished ? [] : [`transaction ${this.id} is ${decision}, and not at every branch`];
  }
}
