import type { FieldCondition, FieldValue, ViewQuery, ViewRecord } from '@aura/kernel';

/** One collection of views. Fields that a record lacks are null. */
export class ViewTable {
  readonly #records = new Map<string, ViewRecord>();
  readonly #fields = new Set<string>();

  /** Fields of the collection; it may gain some. */
  grow(fields: readonly string[]): void {
    fields.forEach((field) => this.#fields.add(field));
  }

  put(records: readonly ViewRecord[]): void {
    for (const record of records) {
      const kept = this.#records.get(record.id);
      if (kept === undefined || kept.version < record.version) this.#records.set(record.id, record);
    }
  }

  get(id: string): ViewRecord | undefined {
    const record = this.#records.get(id);
    return record && this.#whole(record);
  }

  find(query: ViewQuery<string>): readonly ViewRecord[] {
    const { orderBy, after, limit } = query;
    const sign = orderBy.direction === 'asc' ? 1 : -1;
    const compared = (left: Ordered, right: Ordered): number =>
      sign * (compare(left.value, right.value) || compare(left.id, right.id));
    const found: (Ordered & { readonly record: ViewRecord })[] = [];
    for (const record of this.#records.values()) {
      if (!query.where.every((condition) => holds(condition, record))) continue;
      const ordered = { value: record.fields[orderBy.field] ?? null, id: record.id, record };
      if (after === undefined || compared(ordered, after) > 0) found.push(ordered);
    }
    found.sort(compared);
    return found.slice(0, limit).map(({ record }) => this.#whole(record));
  }

  count(where: readonly FieldCondition<string>[]): number {
    let count = 0;
    for (const record of this.#records.values())
      if (where.every((condition) => holds(condition, record))) count += 1;
    return count;
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#records.delete(id);
  }

  /** Every record. */
  all(): readonly ViewRecord[] {
    return [...this.#records.values()];
  }

  #whole(record: ViewRecord): ViewRecord {
    const lacking = [...this.#fields].filter((field) => !(field in record.fields));
    if (lacking.length === 0) return record;
    return {
      ...record,
      fields: { ...record.fields, ...Object.fromEntries(lacking.map((field) => [field, null])) },
    };
  }
}

interface Ordered {
  readonly value: FieldValue;
  readonly id: string;
}

function holds({ field, op, value }: FieldCondition<string>, { fields }: ViewRecord): boolean {
  const own = fields[field] ?? null;
  if (op === 'in') return (isList(value) ? value : [value]).includes(own);
  if (isList(value)) throw new TypeError(`${op} on ${field} takes one value, not a list`);
  if (op === 'eq') return own === value;
  if (own === null || value === null) return false;
  const order = compare(own, value);
  return { lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[op];
}

/** Null comes first; text is ordered by its code units. */
function compare(left: FieldValue, right: FieldValue): number {
  if (left === right) return 0;
  if (left === null || right === null) return left === null ? -1 : 1;
  return left < right ? -1 : 1;
}

function isList(value: FieldValue | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value);
}
