import type { Effect, Fault, Faults } from '../faults/fault';

/** Effects that leave something behind: a crash between two of them is a crash at a boundary. */
const BOUNDARIES: ReadonlySet<Effect> = new Set<Effect>([
  'journal.append',
  'journal.snapshot',
  'views.put',
  'claims.put',
  'joins.arrive',
  'inbox.mark',
  'bus.publish',
  'bus.ack',
]);

/** How long a process takes to come back, ms. */
const BACK_IN_MS = 1000;

/** A place between two effects of a run. */
export interface Boundary {
  readonly n: number;
  /** Who was about to do what. */
  readonly name: string;
  readonly side: 'before' | 'behind';
}

/** Counts the boundaries of a run, and lets the process die at one of them. */
export class Boundaries implements Faults {
  readonly seen: Boundary[] = [];
  #count = 0;

  constructor(private readonly fatal?: Boundary) {}

  at(process: string, effect: Effect, subject: string): Fault | undefined {
    if (!BOUNDARIES.has(effect)) return undefined;
    this.#count += 1;
    const n = this.#count;
    if (this.fatal === undefined) {
      const name = `${process} ${effect} ${subject}`;
      // Dying before an effect is dying behind the one before, but where the process has just begun.
      this.seen.push({ n, name, side: 'before' }, { n, name, side: 'behind' });
    }
    if (n !== this.fatal?.n) return undefined;
    return { kind: this.fatal.side === 'before' ? 'crashBefore' : 'crashAfter', ms: BACK_IN_MS, mask: 0 };
  }
}

/** Loses the first ack of every delivery, so that each comes again. */
export class LostAcks implements Faults {
  readonly #lost = new Set<string>();

  at(_process: string, effect: Effect, subject: string): Fault | undefined {
    if (effect !== 'bus.ack' || this.#lost.has(subject)) return undefined;
    this.#lost.add(subject);
    return { kind: 'refused', ms: 0, mask: 0 };
  }
}
