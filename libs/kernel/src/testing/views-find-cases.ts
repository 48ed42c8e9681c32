import type { FieldCondition, FieldValue, ViewQuery, ViewRecord, ViewStore } from '../views';
import type { Cases } from './conformance';
import { range, shuffled } from './sample-data';
import { sampleRecord, sampleViews } from './views-harness';
import type { SampleField, ViewsHarness } from './views-harness';

type Conditions = readonly FieldCondition<SampleField>[];

/** Questions to a view collection. */
export const viewsFindCases: Cases<ViewsHarness> = {
  'every operator finds what it says, and null is less than nothing': async ({ harness, namespace }) => {
    const store = await harness.views(namespace).open(sampleViews);
    await store.put(
      [1, 2, 3, null].map((size, n) => sampleRecord(`v${n}`, { size, status: size === 2 ? 'two' : 'other' })),
    );
    const expectations: readonly (readonly [FieldCondition<SampleField>, string])[] = [
      [{ field: 'size', op: 'eq', value: 2 }, 'v1'],
      [{ field: 'size', op: 'eq', value: null }, 'v3'],
      [{ field: 'size', op: 'in', value: [1, 3, 9] }, 'v0 v2'],
      [{ field: 'size', op: 'in', value: [1, null] }, 'v0 v3'],
      [{ field: 'size', op: 'in', value: [] }, ''],
      [{ field: 'size', op: 'lt', value: 2 }, 'v0'],
      [{ field: 'size', op: 'lte', value: 2 }, 'v0 v1'],
      [{ field: 'size', op: 'gt', value: 2 }, 'v2'],
      [{ field: 'size', op: 'gte', value: 2 }, 'v1 v2'],
      [{ field: 'status', op: 'eq', value: 'two' }, 'v1'],
      [{ field: 'status', op: 'gt', value: 'other' }, 'v1'],
    ];
    for (const [condition, ids] of expectations) {
      expect({ condition, ids: await idsOf(store, [condition]) }).toEqual({ condition, ids });
      expect(await store.count([condition])).toBe(ids.split(' ').filter((id) => id !== '').length);
    }
  },

  'all conditions hold at once, also two on one field': async ({ harness, namespace }) => {
    const store = await harness.views(namespace).open(sampleViews);
    await store.put(
      range(20).map((n) => sampleRecord(`v${String(n).padStart(2, '0')}`, { size: n, owner: `o${n % 2}` })),
    );
    const where: Conditions = [
      { field: 'size', op: 'gte', value: 5 },
      { field: 'size', op: 'lt', value: 10 },
      { field: 'owner', op: 'eq', value: 'o1' },
    ];
    expect(await idsOf(store, where)).toBe('v05 v07 v09');
    expect(await store.count(where)).toBe(3);
    expect(await store.count([])).toBe(20);
  },

  'order is by the field and then by id, in both directions': async ({ harness, namespace }) => {
    const store = await harness.views(namespace).open(sampleViews);
    const sizes: readonly (readonly [string, number | null])[] = [
      ['b', 1],
      ['a', 1],
      ['d', null],
      ['c', null],
      ['f', 10],
      ['e', 9],
    ];
    await store.put(sizes.map(([id, size]) => sampleRecord(id, { size })));
    const find = async (direction: 'asc' | 'desc') => {
      const found = await store.find({ where: [], orderBy: { field: 'size', direction }, limit: 10 });
      return found.map((record) => record.id).join('');
    };
    expect(await find('asc')).toBe('cdabef');
    expect(await find('desc')).toBe('febadc');
  },

  'pages lose nothing and repeat nothing, in both directions and over ties and nulls': async ({
    harness,
    namespace,
  }) => {
    const store = await harness.views(namespace).open(sampleViews);
    const records = range(230).map((n) =>
      sampleRecord(`v${String(n).padStart(3, '0')}`, {
        updated_at: n < 10 ? null : n % 7,
        status: n % 3 ? 'running' : 'ended',
      }),
    );
    await store.put(shuffled(records));
    const running = records.filter((record) => record.fields.status === 'running');
    const ascending = [...running].sort(byTimeAndId).map((record) => record.id);
    for (const limit of [1, 9, 1000]) {
      const where: Conditions = [{ field: 'status', op: 'eq', value: 'running' }];
      expect(
        await pages(store, { where, limit, orderBy: { field: 'updated_at', direction: 'asc' } }),
      ).toEqual(ascending);
      expect(
        await pages(store, { where, limit, orderBy: { field: 'updated_at', direction: 'desc' } }),
      ).toEqual([...ascending].reverse());
    }
  },

  'newest first within bounds, filters and a cursor together lose nothing and repeat nothing': async ({
    harness,
    namespace,
  }) => {
    const store = await harness.views(namespace).open(sampleViews);
    const records = range(120).map((n) =>
      sampleRecord(`v${String(n).padStart(3, '0')}`, {
        updated_at: 1000 + (n % 40),
        status: n % 2 ? 'running' : 'ended',
        owner: n % 3 ? 'kim' : 'lee',
      }),
    );
    await store.put(shuffled(records));
    const wanted = records
      .filter(({ fields: { status, owner, updated_at: at } }) => {
        return status === 'running' && owner === 'kim' && Number(at) >= 1005 && Number(at) < 1030;
      })
      .sort(byTimeAndId)
      .reverse();
    const where: Conditions = [
      { field: 'status', op: 'eq', value: 'running' },
      { field: 'owner', op: 'eq', value: 'kim' },
      { field: 'updated_at', op: 'gte', value: 1005 },
      { field: 'updated_at', op: 'lt', value: 1030 },
    ];
    for (const limit of [1, 7, 1000]) {
      const orderBy = { field: 'updated_at', direction: 'desc' } as const;
      expect(await pages(store, { where, limit, orderBy })).toEqual(wanted.map(({ id }) => id));
    }
  },

  'text is ordered by its code points': async ({ harness, namespace }) => {
    const store = await harness.views(namespace).open(sampleViews);
    const words = ['', 'A', 'Z', 'a', 'a b', 'aa', 'ab', 'z', 'ä', 'ж'];
    await store.put(shuffled(words).map((word) => sampleRecord(`id-${word}`, { owner: word })));
    const query = { where: [], limit: 3, orderBy: { field: 'owner', direction: 'asc' } } as const;
    expect(await pages(store, query)).toEqual(words.map((word) => `id-${word}`));
  },
};

async function idsOf(store: ViewStore<SampleField>, where: Conditions): Promise<string> {
  const found = await store.find({ where, orderBy: { field: 'updated_at', direction: 'asc' }, limit: 100 });
  return found.map((record) => record.id).join(' ');
}

async function pages(
  store: ViewStore<SampleField>,
  query: ViewQuery<SampleField>,
): Promise<readonly string[]> {
  const found: ViewRecord<SampleField>[] = [];
  let page: readonly ViewRecord<SampleField>[];
  do {
    const last = found.at(-1);
    const value: FieldValue = last?.fields[query.orderBy.field] ?? null;
    page = await store.find(last ? { ...query, after: { value, id: last.id } } : query);
    expect(page.length).toBeLessThanOrEqual(query.limit);
    found.push(...page);
  } while (page.length > 0);
  return found.map((record) => record.id);
}

function byTimeAndId(a: ViewRecord<SampleField>, b: ViewRecord<SampleField>): number {
  const time = (record: ViewRecord<SampleField>) => Number(record.fields.updated_at ?? -1);
  return time(a) - time(b) || (a.id < b.id ? -1 : 1);
}
