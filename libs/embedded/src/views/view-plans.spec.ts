import type { FieldCondition, ViewDefinition } from '@aura/kernel';
import { many, text } from '../sqlite/columns';
import { openDatabase } from '../sqlite/driver';
import { questionOf } from './view-query';
import { prepareViewTable } from './view-table';

type Field = 'status' | 'owner' | 'startedAt';

const VIEWS: ViewDefinition<Field> = {
  name: 'planned',
  fields: { status: 'text', owner: 'text', startedAt: 'integer' },
  indexes: [['status', 'startedAt'], ['owner', 'startedAt'], ['startedAt']],
};

describe('a list of views, newest first', () => {
  const database = openDatabase(':memory:');
  const table = prepareViewTable(database, 1, VIEWS);
  afterAll(() => database.close());

  function planOf(where: readonly FieldCondition<Field>[], isDeep = false): string {
    const bound = { field: 'startedAt', op: 'lte', value: 5000 } as const;
    const { sql, values } = questionOf({
      where: isDeep ? [...where, bound] : where,
      orderBy: { field: 'startedAt', direction: 'desc' },
      ...(isDeep ? { after: { value: 5000, id: 'x' } } : {}),
      limit: 51,
    });
    const rows = many(database.prepare(`EXPLAIN QUERY PLAN SELECT * FROM ${table} ${sql}`), ...values);
    return rows.map((row) => text(row, 'detail')).join('; ');
  }

  it.each<[string, readonly FieldCondition<Field>[], string]>([
    ['of all', [], 'planned__startedAt'],
    ['of one status', [{ field: 'status', op: 'eq', value: 'running' }], 'planned__status__startedAt'],
    ['of one owner', [{ field: 'owner', op: 'eq', value: 'kim' }], 'planned__owner__startedAt'],
  ])(
    '%s comes in the order of an index, and a deep page begins where the one before ended',
    (_n, where, index) => {
      for (const isDeep of [false, true]) {
        expect(planOf(where, isDeep)).toContain(index);
        expect(planOf(where, isDeep)).not.toContain('TEMP B-TREE');
      }
      expect(planOf(where, true)).toContain('startedAt<');
    },
  );
});
