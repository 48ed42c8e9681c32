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
    const isAsked = allOf(query.where);
    for (const record of this.#records.values()) {
      if (!isAsked(record)) continue;
      const ordered = { value: record.fields[orderBy.field] ?? null, id: record.id, record };
      if (after === undefined || compared(ordered, after) > 0) found.push(ordered);
    }
    found.sort(compared);
    return found.slice(0, limit).map(({ record }) => this.#whole(record));
  }

  count(where: readonly FieldCondition<string>[]): number {
    let count = 0;
    const isAsked = allOf(where);
    for (const record of this.#records.values()) if (isAsked(record)) count += 1;
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
    let fields: Record<string, FieldValue> | undefined;
    for (const field of this.#fields)
      if (!(field in record.fields)) (fields ??= { ...record.fields })[field] = null;
    return fields === undefined ? record : { ...record, fields };
  }
}

interface Ordered {
  readonly value: FieldValue;
  readonly id: string;
}

type Test = (record: ViewRecord) => boolean;

/** Made once for a look, which goes through every record. */
function allOf(where: readonly FieldCondition<string>[]): Test {
  const tests = where.map(testOf);
  return (record) => tests.every((test) => test(record));
}

function testOf({ field, op, value }: FieldCondition<string>): Test {
  if (op === 'in') {
    const values = new Set(isList(value) ? value : [value]);
    return ({ fields }) => values.has(fields[field] ?? null);
  }
  if (isList(value)) throw new TypeError(`${op} on ${field} takes one value, not a list`);
  if (op === 'eq') return ({ fields }) => (fields[field] ?? null) === value;
  const isOrdered = ORDERS[op];
  return ({ fields }) => {
    const own = fields[field] ?? null;
    return own !== null && value !== null && isOrdered(compare(own, value));
  };
}

const ORDERS: Readonly<Record<'lt' | 'lte' | 'gt' | 'gte', (order: number) => boolean>> = {
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
};

/** Null comes first; text is ordered by its code units. */
function compare(left: FieldValue, right: FieldValue): number {
  if (left === right) return 0;
  if (left === null || right === null) return left === null ? -1 : 1;
  return left < right ? -1 : 1;
}

function isList(value: FieldValue | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value);
}
