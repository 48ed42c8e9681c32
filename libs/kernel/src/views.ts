/** Value of an extracted, indexed field. */
export type FieldValue = string | number | null;

/** A collection of views: its name, extracted fields and indexes (lists of field names). */
export interface ViewDefinition<F extends string = string> {
  /** `[a-z][a-z0-9_]*`; names of fields `[a-z][A-Za-z0-9_]*`. */
  readonly name: string;
  readonly fields: Readonly<Record<F, 'text' | 'integer'>>;
  readonly indexes: readonly (readonly F[])[];
}

/** One view: derived from a journal, may lag, can always be rebuilt. */
export interface ViewRecord<F extends string = string> {
  readonly id: string;
  /**
   * Grows with what the view has seen; a lower or equal version never replaces a higher one. Two records of one id and
   * version say the same: an adapter may write to one that it knows only what differs.
   */
  readonly version: number;
  readonly fields: Readonly<Record<F, FieldValue>>;
  /** The view itself, JSON text. */
  readonly body: string;
}

/** A condition on one field. */
export interface FieldCondition<F extends string> {
  readonly field: F;
  readonly op: 'eq' | 'in' | 'lt' | 'lte' | 'gt' | 'gte';
  readonly value: FieldValue | readonly FieldValue[];
}

/** A question to a view collection: all conditions hold; ordered by one field and then by id. */
export interface ViewQuery<F extends string> {
  readonly where: readonly FieldCondition<F>[];
  readonly orderBy: { readonly field: F; readonly direction: 'asc' | 'desc' };
  /** Go on behind the record with this order value and id. */
  readonly after?: { readonly value: FieldValue; readonly id: string };
  /** 1 to 1000. */
  readonly limit: number;
}

/**
 * One collection of views. Writes are guarded by `version` and therefore may come late, twice and in any order.
 * Errors: `StoreUnavailableError`; repeat the call.
 */
export interface ViewStore<F extends string = string> {
  /**
   * Writes many; those with a version not above the stored one are ignored. `areNew` says that most likely none of
   * them is there yet: it changes nothing but the price, where an insert is cheaper than a guarded update.
   */
  put(records: readonly ViewRecord<F>[], expectation?: { readonly areNew: boolean }): Promise<void>;
  get(id: string): Promise<ViewRecord<F> | undefined>;
  find(query: ViewQuery<F>): Promise<readonly ViewRecord<F>[]>;
  count(where: readonly FieldCondition<F>[]): Promise<number>;
  /** Removes views; they can be rebuilt from the journals. */
  remove(ids: readonly string[]): Promise<void>;
}

/** Opens collections of views, creating fields and indexes as needed. */
export interface ViewStores {
  open<F extends string>(definition: ViewDefinition<F>): Promise<ViewStore<F>>;
}
