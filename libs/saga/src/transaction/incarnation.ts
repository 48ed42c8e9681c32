/**
 * A life of the coordinator's store. It begins when the store is made, and another one when a person says that the store was
 * set back to a backup: what was said by an older one may be known to others and not to the store.
 */
export interface Incarnation {
  /** When it began, ISO 8601. */
  readonly id: string;
  /** The store was never set back: it has forgotten nothing of what it ever knew. */
  readonly isFirst: boolean;
}

/** Whether something was said by this incarnation; without one, it was said by a release that knew only the first. */
export function isOf({ id, isFirst }: Incarnation, told: string | undefined): boolean {
  return told === undefined ? isFirst : told === id;
}
