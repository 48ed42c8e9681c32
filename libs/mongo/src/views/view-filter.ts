import type { FieldCondition, FieldValue, ViewQuery } from '@aura/kernel';
import type { Document } from 'mongodb';

const OPERATORS = { eq: '$eq', in: '$in', lt: '$lt', lte: '$lte', gt: '$gt', gte: '$gte' } as const;

/** Where a field stands in the stored document. */
export function path(field: string): string {
  return `f.${field}`;
}

/** The filter of a list of conditions; all hold. A missing field is null to the server. */
export function whereFilter(where: readonly FieldCondition<string>[]): Document {
  if (where.length === 0) return {};
  return { $and: where.map(({ field, op, value }) => ({ [path(field)]: { [OPERATORS[op]]: value } })) };
}

/** The filter of a whole query, cursor included. */
export function queryFilter(query: ViewQuery<string>): Document {
  const where = whereFilter(query.where);
  if (!query.after) return where;
  const behind = behindCursor(path(query.orderBy.field), query.orderBy.direction, query.after);
  return { $and: [where, behind] };
}

/** What stands behind a record in the order (field, id); null comes before every value. */
function behindCursor(
  field: string,
  direction: 'asc' | 'desc',
  { value, id }: { readonly value: FieldValue; readonly id: string },
): Document {
  const tie = { [field]: value, _id: { [direction === 'asc' ? '$gt' : '$lt']: id } };
  if (direction === 'asc') {
    return { $or: [value === null ? { [field]: { $ne: null } } : { [field]: { $gt: value } }, tie] };
  }
  return value === null ? tie : { $or: [{ [field]: { $lt: value } }, { [field]: null }, tie] };
}
