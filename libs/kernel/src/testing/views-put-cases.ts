import type { Cases } from './conformance';
import { CONTROLLED, range, roundRobin, shuffled } from './sample-data';
import { sampleRecord, sampleViews } from './views-harness';
import type { ViewsHarness } from './views-harness';

/** Writes of views: guarded by version, in any order and number. */
export const viewsPutCases: Cases<ViewsHarness> = {
  'a view comes back as it was written': async ({ harness, namespace }) => {
    const store = await harness.views(namespace).open(sampleViews);
    const record = {
      ...sampleRecord('a/ü 😀"\'', { status: 'ж$.', owner: null, updated_at: 2 ** 52 + 1, size: -5 }),
      body: '{ "b":1,\n"a":"\\u0000 😀" }',
    };
    await store.put([record]);
    expect(await store.get(record.id)).toStrictEqual(record);
    expect(await store.get('unknown')).toBeUndefined();
    await store.put([]);
  },

  'ids and fields that differ only behind a control character are different': async ({
    harness,
    namespace,
  }) => {
    const store = await harness.views(namespace).open(sampleViews);
    const records = CONTROLLED.map((name) => sampleRecord(name, { owner: name }));
    await store.put(records);
    for (const record of records) {
      expect(await store.get(record.id)).toStrictEqual(record);
      const orderBy = { field: 'owner', direction: 'asc' } as const;
      for (const asked of [
        { op: 'eq', value: record.id },
        { op: 'in', value: ['nobody', record.id] },
      ] as const)
        expect(await store.find({ where: [{ field: 'owner', ...asked }], orderBy, limit: 10 })).toStrictEqual(
          [record],
        );
    }
    await store.remove(CONTROLLED.slice(1));
    const [first] = records;
    expect(await store.get(first?.id ?? '')).toStrictEqual(first);
  },

  'a lower or equal version never replaces a higher one, in any order and repeated': async ({
    harness,
    namespace,
  }) => {
    const store = await harness.views(namespace).open(sampleViews);
    const versions = range(30).map((n) => sampleRecord('v', { size: n }, n));
    for (const record of shuffled([...versions, ...versions])) await store.put([record]);
    expect(await store.get('v')).toStrictEqual(versions[29]);
    await store.put([{ ...sampleRecord('v', { size: 99 }, 29), body: '"late"' }]);
    expect(await store.get('v')).toStrictEqual(versions[29]);
    await store.put([sampleRecord('w', {}, 0)]);
    expect((await store.get('w'))?.version).toBe(0);
  },

  'views that are expected to be new are guarded like all others': async ({ harness, peers, namespace }) => {
    const store = await harness.views(namespace).open(sampleViews);
    await store.put([sampleRecord('old', { size: 5 }, 5), sampleRecord('older', { size: 1 }, 1)]);
    const coming = [
      sampleRecord('old', { size: 2 }, 2),
      sampleRecord('older', { size: 2 }, 2),
      sampleRecord('new', { size: 2 }, 2),
      sampleRecord('new', { size: 3 }, 3),
    ];
    const stores = await Promise.all(peers.map((peer) => peer.views(namespace).open(sampleViews)));
    await Promise.all(stores.map((one) => one.put(coming, { areNew: true })));
    const sizes = ['old', 'older', 'new'].map(async (id) => (await store.get(id))?.fields.size);
    expect(await Promise.all(sizes)).toEqual([5, 2, 3]);
    await store.put([], { areNew: true });
  },

  'one call may hold a view several times; the highest version stands': async ({ harness, namespace }) => {
    const store = await harness.views(namespace).open(sampleViews);
    await store.put([1, 3, 2].map((version) => sampleRecord('v', { size: version }, version)));
    expect((await store.get('v'))?.fields.size).toBe(3);
  },

  'concurrent puts of the same views leave the highest versions': async ({ peers, namespace }) => {
    const stores = await Promise.all(peers.map((peer) => peer.views(namespace).open(sampleViews)));
    const records = range(20).flatMap((version) =>
      range(20).map((n) => sampleRecord(`v${n}`, { size: version }, version + 1)),
    );
    await Promise.all(shuffled(records).map((record, n) => roundRobin(stores, n).put([record])));
    const found = await Promise.all(range(20).map((n) => roundRobin(stores, n).get(`v${n}`)));
    expect(found).toStrictEqual(range(20).map((n) => sampleRecord(`v${n}`, { size: 19 }, 20)));
  },

  'a thousand views in one call are all there, and found by their new fields only': async ({
    harness,
    namespace,
  }) => {
    const store = await harness.views(namespace).open(sampleViews);
    const records = range(1000).map((n) =>
      sampleRecord(`v${n}`, { status: n % 2 ? 'odd' : 'even', size: n }),
    );
    await store.put(records);
    expect(await store.count([{ field: 'status', op: 'eq', value: 'odd' }])).toBe(500);
    await store.put(
      records.map((record) => ({ ...record, version: 2, fields: { ...record.fields, status: 'new' } })),
    );
    expect(await store.count([{ field: 'status', op: 'eq', value: 'odd' }])).toBe(0);
    expect(await store.count([{ field: 'status', op: 'eq', value: 'new' }])).toBe(1000);
  },

  'views that change alike are guarded one by one': async ({ peers, namespace }) => {
    const stores = await Promise.all(peers.map((peer) => peer.views(namespace).open(sampleViews)));
    const [mine, other] = [roundRobin(stores, 0), roundRobin(stores, 1)];
    const all = (status: string, version: number) =>
      range(20).map((n) => sampleRecord(`v${n}`, { status, size: n }, version));
    await mine.put(all('running', 1).slice(0, 10), { areNew: true });
    await mine.put(all('running', 1).slice(10));
    await mine.put(all('waiting', 2));
    expect(await other.count([{ field: 'status', op: 'eq', value: 'waiting' }])).toBe(20);
    await other.put([
      sampleRecord('v3', { status: 'overtaken' }, 9),
      sampleRecord('v4', { owner: 'kim' }, 3),
    ]);
    await other.remove(['v5']);
    await mine.put(all('ended', 4));
    const expected = all('ended', 4).map((record, n) =>
      n === 3 ? sampleRecord('v3', { status: 'overtaken' }, 9) : record,
    );
    expect(await Promise.all(expected.map(({ id }) => other.get(id)))).toStrictEqual(expected);
  },

  'a removed view is gone and may be written again with any version': async ({ harness, namespace }) => {
    const store = await harness.views(namespace).open(sampleViews);
    await store.put([sampleRecord('a', {}, 5), sampleRecord('b', {}, 5)]);
    await store.remove(['a', 'unknown']);
    await store.remove([]);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.count([])).toBe(1);
    await store.put([sampleRecord('a', {}, 1)]);
    expect((await store.get('a'))?.version).toBe(1);
  },

  'views are there after a restart, and keep their guard': async ({ harness, namespace }) => {
    const before = await harness.views(namespace).open(sampleViews);
    await before.put([sampleRecord('a', { size: 7 }, 3)]);
    await harness.reopen();
    const after = await harness.views(namespace).open(sampleViews);
    await after.put([sampleRecord('a', { size: 8 }, 2)]);
    expect(await after.get('a')).toStrictEqual(sampleRecord('a', { size: 7 }, 3));
  },

  'a definition may gain fields and indexes; older views have null there': async ({ harness, namespace }) => {
    const narrow = await harness.views(namespace).open({
      name: 'grown',
      fields: { status: 'text' },
      indexes: [['status']],
    });
    await narrow.put([{ id: 'old', version: 1, fields: { status: 'x' }, body: '{}' }]);
    const wide = await harness.views(namespace).open({
      name: 'grown',
      fields: { status: 'text', region: 'text' },
      indexes: [['status'], ['region', 'status']],
    });
    await wide.put([{ id: 'new', version: 1, fields: { status: 'x', region: 'eu' }, body: '{}' }]);
    expect((await wide.get('old'))?.fields).toEqual({ status: 'x', region: null });
    const without = await wide.find({
      where: [{ field: 'region', op: 'eq', value: null }],
      orderBy: { field: 'status', direction: 'asc' },
      limit: 10,
    });
    expect(without.map((record) => record.id)).toEqual(['old']);
  },

  'collections and namespaces are apart': async ({ harness, namespace }) => {
    const one = await harness.views(namespace).open(sampleViews);
    const two = await harness.views(namespace).open({ ...sampleViews, name: 'sample2' });
    const three = await harness.views(`${namespace}b`).open(sampleViews);
    await one.put([sampleRecord('a')]);
    expect(await two.get('a')).toBeUndefined();
    expect(await three.get('a')).toBeUndefined();
    expect([await two.count([]), await three.count([])]).toEqual([0, 0]);
  },
};
