import type { JsonValue } from '@aura/contracts';
import { range, roundRobin } from '@aura/kernel/testing';
import type { Cases } from '@aura/kernel/testing';
import { LONG_MS } from './fast-stores-harness';
import type { FastStoresHarness } from './fast-stores-harness';

const VALUES: readonly JsonValue[] = [
  null,
  false,
  0,
  -1.5,
  '',
  'é 😀',
  [],
  [1, [null]],
  { a: { 'b.c$': [] } },
];

/** Results of pure actions and the registry of small facts. */
export const smallFactsCases: Cases<FastStoresHarness> = {
  'results: every JSON value comes back': async ({ harness, namespace }) => {
    const { results } = await harness.stores(namespace);
    for (const [n, value] of VALUES.entries()) await results.set(`k${n}`, value, LONG_MS);
    for (const [n, value] of VALUES.entries()) expect(await results.get(`k${n}`)).toStrictEqual(value);
    expect(await results.get('unknown')).toBeUndefined();
  },

  'results: a later value replaces an earlier one; both run out': async ({ harness, namespace }) => {
    const { results } = await harness.stores(namespace);
    await results.set('k', 1, LONG_MS);
    await results.set('k', 2, 40);
    await results.set('kept', 1, 40);
    await results.set('kept', 2, LONG_MS);
    await harness.elapse(80);
    expect(await results.get('k')).toBeUndefined();
    expect(await results.get('kept')).toBe(2);
    await results.set('k', 3, LONG_MS);
    expect(await results.get('k')).toBe(3);
  },

  'registry: facts are listed by prefix, taken as it is written': async ({ harness, namespace }) => {
    const { registry } = await harness.stores(namespace);
    const keys = ['p/a', 'p/b', 'p*x', 'p[x', 'p?x', 'p_x', 'p%x', 'p\\x', 'q/a'];
    for (const key of keys) await registry.put(key, { key }, LONG_MS);
    const listed = async (prefix: string) => [...(await registry.list(prefix)).keys()].sort();
    expect(await listed('p/')).toEqual(['p/a', 'p/b']);
    expect(await listed('')).toEqual([...keys].sort());
    for (const prefix of ['p*', 'p[', 'p?', 'p_', 'p%', 'p\\'])
      expect(await listed(prefix)).toEqual([`${prefix}x`]);
    expect(await listed('z')).toEqual([]);
    expect((await registry.list('p/a')).get('p/a')).toEqual({ key: 'p/a' });
  },

  'registry: every JSON value comes back, the last put counts': async ({ harness, namespace }) => {
    const { registry } = await harness.stores(namespace);
    for (const [n, value] of VALUES.entries()) await registry.put(`k${n}`, value, LONG_MS);
    const facts = await registry.list('k');
    expect(VALUES.map((_, n) => facts.get(`k${n}`))).toStrictEqual(VALUES);
    await registry.put('k0', 'new', LONG_MS);
    expect((await registry.list('k0')).get('k0')).toBe('new');
  },

  'registry: facts run out, are repeated by their owner, and can be removed': async ({
    harness,
    namespace,
  }) => {
    const { registry } = await harness.stores(namespace);
    await registry.put('gone', 1, 40);
    await registry.put('repeated', 1, 40);
    await registry.put('repeated', 2, LONG_MS);
    await registry.put('removed', 1, LONG_MS);
    await registry.remove('removed');
    await registry.remove('unknown');
    await harness.elapse(80);
    expect(await registry.list('')).toEqual(new Map([['repeated', 2]]));
  },

  'registry: many facts of many owners are all listed': async ({ peers, namespace }) => {
    const registries = await Promise.all(peers.map(async (peer) => (await peer.stores(namespace)).registry));
    await Promise.all(range(300).map((n) => roundRobin(registries, n).put(`fact/${n}`, n, LONG_MS)));
    const facts = await roundRobin(registries, 1).list('fact/');
    expect([...facts.values()].sort((a, b) => Number(a) - Number(b))).toEqual(range(300));
  },

  'results and registry: namespaces are apart, and so are the stores': async ({ harness, namespace }) => {
    const [one, two] = [await harness.stores(namespace), await harness.stores(`${namespace}b`)];
    await one.results.set('k', 1, LONG_MS);
    await one.registry.put('k', 2, LONG_MS);
    await one.inbox.mark(['k'], LONG_MS);
    await one.joins.arrive('k', { dependency: 'd', value: '3' }, LONG_MS);
    expect(await one.results.get('k')).toBe(1);
    expect(await one.registry.list('')).toEqual(new Map([['k', 2]]));
    expect(await two.results.get('k')).toBeUndefined();
    expect((await two.registry.list('')).size).toBe(0);
  },
};
