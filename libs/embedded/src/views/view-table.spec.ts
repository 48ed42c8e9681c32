import type { ViewDefinition } from '@aura/kernel';
import { many, text } from '../sqlite/columns';
import { openDatabase } from '../sqlite/driver';
import type { SqlDatabase } from '../sqlite/driver';
import { prepareViewTable } from './view-table';

const FIELDS = ['status', 'owner', 'name', 'place'] as const;
const VIEWS: ViewDefinition = {
  name: 'things',
  fields: Object.fromEntries(FIELDS.map((field) => [field, 'text'])),
  indexes: FIELDS.map((field) => [field]),
};

function namesIn(database: SqlDatabase): readonly string[] {
  const rows = many(database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'view_%'"));
  return rows.map((row) => text(row, 'name'));
}

describe('the table of a view collection', () => {
  let database: SqlDatabase;

  beforeEach(() => {
    database = openDatabase(':memory:');
  });
  afterEach(() => database.close());

  it('is made with a column a field and an index each', () => {
    expect(prepareViewTable(database, 1, VIEWS)).toBe('"view_1_things"');
    expect(namesIn(database)).toEqual(['view_1_things', ...FIELDS.map((field) => `view_1_things__${field}`)]);
    expect(database.isTransaction).toBe(false);
  });

  it('is not there by half when the file has no room for all of it, and whole once there is', () => {
    database.exec('CREATE TABLE other (x); PRAGMA max_page_count = 5');
    expect(() => prepareViewTable(database, 1, VIEWS)).toThrow('full');
    expect(namesIn(database)).toEqual([]);
    expect(database.isTransaction).toBe(false);

    database.exec('PRAGMA max_page_count = 100');
    prepareViewTable(database, 1, VIEWS);
    expect(namesIn(database)).toHaveLength(1 + FIELDS.length);
  });

  it('gets what a newer definition has besides, and keeps its rows', () => {
    const { status = 'text' } = VIEWS.fields;
    const table = prepareViewTable(database, 1, { ...VIEWS, fields: { status }, indexes: [] });
    database.exec(`INSERT INTO ${table} (id, version, body, f_status) VALUES ('a', 1, '{}', 'open')`);
    prepareViewTable(database, 1, VIEWS);
    expect(many(database.prepare(`SELECT id, f_status, f_owner FROM ${table}`))).toEqual([
      { id: 'a', f_status: 'open', f_owner: null },
    ]);
  });

  it.each([
    ['Things', VIEWS.fields, [], 'the name of view Things must match'],
    ['things', { 'a-b': 'text' }, [], 'a-b of view things must match'],
    ['things', VIEWS.fields, [['nobody']], 'view things has an index over nobody, which is no field'],
  ] as const)('is refused as %s with %j and %j', (name, fields, indexes, why) => {
    expect(() => prepareViewTable(database, 1, { name, fields, indexes })).toThrow(why);
    expect(namesIn(database)).toEqual([]);
  });
});
