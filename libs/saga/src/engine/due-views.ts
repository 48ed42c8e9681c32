import type { FieldValue, ViewQuery, ViewRecord } from '@aura/kernel';

/** A due timer is published again when nothing came of it within this time, ms. */
const AGAIN_MS = 5000;
/** Timers of one look. */
const MOST_AT_ONCE = 500;

/** What is asked of views with timers. `dueAt`: ms since 1970. */
export type DueField = 'partition' | 'dueAt';

/** Times of one look, ms since 1970. */
export interface DueTimes {
  readonly now: number;
  /** Timers up to here are looked at: later than now where clocks were set back. */
  readonly until: number;
}

/**
 * Views whose timers are due, a page each look, one behind the other and round again: those that nothing comes of, however many
 * and however long, do not hide the others. One that was published just now is left out until something could have come of it.
 */
export class DueViews<V extends ViewRecord<DueField>> {
  private readonly published = new Map<string, number>();
  private after: { readonly value: FieldValue; readonly id: string } | undefined;
  private found = 0;

  constructor(private readonly views: { find(query: ViewQuery<DueField>): Promise<readonly V[]> }) {}

  /** Timers that were due at the last look; of more than a page, those of that page. */
  get size(): number {
    return this.found;
  }

  /** Those of the next page that were not published just now. Errors: `StoreUnavailableError`; the same page comes next. */
  async next(partitions: readonly number[], { now, until }: DueTimes): Promise<readonly V[]> {
    for (const [key, at] of this.published) if (Math.abs(now - at) > AGAIN_MS) this.published.delete(key);
    const due = await this.views.find({
      where: [
        { field: 'partition', op: 'in', value: partitions },
        { field: 'dueAt', op: 'lte', value: until },
      ],
      orderBy: { field: 'dueAt', direction: 'asc' },
      limit: MOST_AT_ONCE,
      ...(this.after === undefined ? {} : { after: this.after }),
    });
    const last = due.length < MOST_AT_ONCE ? undefined : due.at(-1);
    this.after = last === undefined ? undefined : { value: last.fields.dueAt, id: last.id };
    this.found = due.length;
    return due.filter((view) => !this.published.has(keyOf(view)));
  }

  /** Its timer was published at that time, ms since 1970. */
  told(view: V, now: number): void {
    this.published.set(keyOf(view), now);
  }
}

/** The next timer is another key, and is not kept waiting for the one before. */
function keyOf({ id, fields }: ViewRecord<DueField>): string {
  return `${id}/${String(fields.dueAt)}`;
}
