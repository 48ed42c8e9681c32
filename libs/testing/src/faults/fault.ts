/** What a process asks of its surroundings; every one of them is a point at which it can die. */
export type Effect =
  | 'journal.append'
  | 'journal.read'
  | 'journal.snapshot'
  | 'views.put'
  | 'views.read'
  | 'leases.write'
  | 'leases.read'
  | 'claims.put'
  | 'claims.read'
  | 'inbox.seen'
  | 'inbox.mark'
  | 'joins.arrive'
  | 'joins.drop'
  | 'results.get'
  | 'results.set'
  | 'registry.write'
  | 'registry.read'
  | 'limits.take'
  | 'bus.publish'
  | 'bus.declare'
  | 'bus.consume'
  | 'bus.depth'
  | 'bus.ack'
  | 'bus.giveBack';

/**
 * What goes wrong at one effect:
 * - `crashBefore`, `crashAfter`: the process dies on the way there, or with the answer on its way back;
 * - `refused`: the store or broker is away, and nothing has happened;
 * - `answerLost`: it has happened, and the caller is told that the store or broker is away;
 * - `partly`: of several rows or copies only some were written, and the caller is told the same;
 * - `late`: it happens only after a while; `answerLate`: it has happened, the answer takes a while;
 * - `twice`: it happens twice (an unknown confirm that the bus publishes again);
 * - `pause`: the process stands still from here on, and wakes up later without knowing.
 */
export type FaultKind =
  | 'crashBefore'
  | 'crashAfter'
  | 'refused'
  | 'answerLost'
  | 'partly'
  | 'late'
  | 'answerLate'
  | 'twice'
  | 'pause';

/** How the subject of a publication ends that holds a retry and what came of another reaction to the same delivery. */
export const WITH_RETRY = ', some of it retries';

/** One fault. */
export interface Fault {
  readonly kind: FaultKind;
  /** How long it lasts, ms: of a delay, a pause, or until the process is back after a crash. */
  readonly ms: number;
  /** For `partly`: which of the items are written, by its bits. */
  readonly mask: number;
}

/** Where an effect stands: the process that asks, what for, and about what (a stream, an event). */
export interface Point {
  readonly process: string;
  readonly effect: Effect;
  readonly subject: string;
}

/** Decides what goes wrong where; asked once for every effect, in the order in which they happen. */
export interface Faults {
  at(process: string, effect: Effect, subject: string): Fault | undefined;
}

/** Nothing goes wrong. */
export const NO_FAULTS: Faults = { at: () => undefined };
