import { range, roundRobin, shuffled } from '@aura/kernel/testing';
import type { Cases } from '@aura/kernel/testing';
import { LONG_MS } from './fast-stores-harness';
import type { FastStoresHarness } from './fast-stores-harness';

/** Sets of arrivals at joins. */
export const joinsCases: Cases<FastStoresHarness> = {
  'joins: an arrival gets the whole set back, itself included': async ({ harness, namespace }) => {
    const { joins } = await harness.stores(namespace);
    const value = '{ "a":"\\u0000 😀 日本" }';
    expect(await joins.arrive('j', { dependency: 'a', value }, LONG_MS)).toEqual(new Map([['a', value]]));
    const both = await joins.arrive('j', { dependency: 'ü {}*', value: '' }, LONG_MS);
    expect(both).toEqual(
      new Map([
        ['a', value],
        ['ü {}*', ''],
      ]),
    );
    expect(await joins.arrive('k', { dependency: 'x', value: '1' }, LONG_MS)).toEqual(new Map([['x', '1']]));
  },

  'joins: a repeated arrival keeps the first value and sees the full set': async ({ harness, namespace }) => {
    const { joins } = await harness.stores(namespace);
    await joins.arrive('j', { dependency: 'a', value: '1' }, LONG_MS);
    await joins.arrive('j', { dependency: 'b', value: '2' }, LONG_MS);
    const again = await joins.arrive('j', { dependency: 'a', value: '9' }, LONG_MS);
    expect(again).toEqual(
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    );
  },

  'joins: of two last arrivals at once one or both see the full set, in each of 100 joins': async ({
    peers,
    namespace,
  }) => {
    const joins = await Promise.all(peers.map(async (peer) => (await peer.stores(namespace)).joins));
    const answers = await Promise.all(
      range(100).map((n) =>
        Promise.all(
          ['a', 'b'].map((dependency, side) =>
            roundRobin(joins, n + side).arrive(`j${n}`, { dependency, value: `${n}${dependency}` }, LONG_MS),
          ),
        ),
      ),
    );
    const full = answers.map((sides) => sides.filter((set) => set.size === 2).length);
    expect(full.filter((count) => count === 0)).toEqual([]);
    expect(answers.every((sides) => sides.every((set, side) => set.has(side === 0 ? 'a' : 'b')))).toBe(true);
  },

  'joins: arrivals in any order, repeated, and over several owners make one set': async ({
    peers,
    namespace,
  }) => {
    const joins = await Promise.all(peers.map(async (peer) => (await peer.stores(namespace)).joins));
    const dependencies = range(20).map((n) => `d${n}`);
    const arrivals = shuffled([...dependencies, ...dependencies, ...dependencies]);
    const sets = await Promise.all(
      arrivals.map((dependency, n) =>
        roundRobin(joins, n).arrive('j', { dependency, value: `"${dependency}"` }, LONG_MS),
      ),
    );
    expect(Math.max(...sets.map((set) => set.size))).toBe(20);
    const final = await roundRobin(joins, 1).arrive('j', { dependency: 'd3', value: '"late"' }, LONG_MS);
    expect(final).toEqual(new Map(dependencies.map((dependency) => [dependency, `"${dependency}"`])));
  },

  'joins: a dropped set begins anew': async ({ harness, namespace }) => {
    const { joins } = await harness.stores(namespace);
    await joins.arrive('j', { dependency: 'a', value: '1' }, LONG_MS);
    await joins.arrive('k', { dependency: 'a', value: '1' }, LONG_MS);
    await joins.drop(['j', 'unknown']);
    await joins.drop([]);
    expect((await joins.arrive('j', { dependency: 'b', value: '2' }, LONG_MS)).size).toBe(1);
    expect((await joins.arrive('k', { dependency: 'b', value: '2' }, LONG_MS)).size).toBe(2);
  },

  'joins: a set lives from its last arrival, and runs out': async ({ harness, namespace }) => {
    const { joins } = await harness.stores(namespace);
    await joins.arrive('gone', { dependency: 'a', value: '1' }, 40);
    await joins.arrive('kept', { dependency: 'a', value: '1' }, 400);
    await joins.arrive('kept', { dependency: 'b', value: '2' }, LONG_MS);
    await harness.elapse(600);
    expect((await joins.arrive('gone', { dependency: 'c', value: '3' }, LONG_MS)).size).toBe(1);
    expect((await joins.arrive('kept', { dependency: 'c', value: '3' }, LONG_MS)).size).toBe(3);
  },

  'joins: namespaces are apart': async ({ harness, namespace }) => {
    const [one, two] = [await harness.stores(namespace), await harness.stores(`${namespace}b`)];
    await one.joins.arrive('j', { dependency: 'a', value: '1' }, LONG_MS);
    expect((await two.joins.arrive('j', { dependency: 'b', value: '2' }, LONG_MS)).size).toBe(1);
  },
};
