import { BusinessError } from '@aura/kernel';

/** From so many failures on an undo is refused by rule, rather than failing for a while. */
const BY_RULE = 5;

/** How an operation stands in a till: cents it brought, and whether they were given back. */
interface Entry {
  readonly cents: number;
  readonly isUndone: boolean;
}

/**
 * A store of a service's own: a table of operations, as docs/consistency.md tells authors to keep one. It survives every
 * process, knows nothing of Aura, and its undo fails as often as it is told to.
 */
export class Till {
  readonly #entries = new Map<string, Entry>();
  readonly #failures = new Map<string, number>();

  /** Takes money in, once for each operation; nothing when that was undone before it came. */
  take(operation: string, cents: number): void {
    if (!this.#entries.has(operation)) this.#entries.set(operation, { cents, isUndone: false });
  }

  /** Gives the money of an operation back, once; the first `fails` calls do not succeed. */
  giveBack(operation: string, fails: number): void {
    const failed = this.#failures.get(operation) ?? 0;
    if (failed < fails) {
      this.#failures.set(operation, failed + 1);
      throw shut(fails);
    }
    this.#entries.set(operation, { cents: this.#entries.get(operation)?.cents ?? 0, isUndone: true });
  }

  /** What an operation has in the till, in cents. */
  holds(operation: string): number {
    const entry = this.#entries.get(operation);
    return entry === undefined || entry.isUndone ? 0 : entry.cents;
  }
}

function shut(fails: number): Error {
  if (fails >= BY_RULE)
    return new BusinessError('nothing is given back', { code: 'TILL', help: 'Ask again.' });
  return Object.assign(new Error('the till does not open'), { code: 'TILL' });
}
