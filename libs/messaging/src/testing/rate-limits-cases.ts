import { range, roundRobin } from '@aura/kernel/testing';
import type { Cases } from '@aura/kernel/testing';
import type { FastStoresHarness } from './fast-stores-harness';

const NOW = 1_700_000_000_000;

/** Token buckets; their time is the caller's. */
export const rateLimitsCases: Cases<FastStoresHarness> = {
  'rate limits: a bucket gives its capacity and then nothing': async ({ harness, namespace }) => {
    const { rateLimits } = await harness.stores(namespace);
    const take = (bucket: string) => rateLimits.take(bucket, { capacity: 3, perSecond: 1, now: NOW });
    expect([await take('b'), await take('b'), await take('b'), await take('b')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(await take('other')).toBe(true);
  },

  'rate limits: a bucket refills with time, up to its capacity': async ({ harness, namespace }) => {
    const { rateLimits } = await harness.stores(namespace);
    const take = (ms: number) => rateLimits.take('b', { capacity: 2, perSecond: 4, now: NOW + ms });
    expect([await take(0), await take(0), await take(0)]).toEqual([true, true, false]);
    expect([await take(240), await take(260), await take(261)]).toEqual([false, true, false]);
    expect([await take(60_000), await take(60_000), await take(60_000)]).toEqual([true, true, false]);
  },

  'rate limits: a clock that goes back neither fills nor empties': async ({ harness, namespace }) => {
    const { rateLimits } = await harness.stores(namespace);
    const take = (ms: number) => rateLimits.take('b', { capacity: 2, perSecond: 1, now: NOW + ms });
    expect([await take(10_000), await take(0)]).toEqual([true, true]);
    expect([await take(0), await take(10_000)]).toEqual([false, false]);
    expect(await take(11_000)).toBe(true);
  },

  'rate limits: racing takers get exactly the capacity': async ({ peers, namespace }) => {
    const limits = await Promise.all(peers.map(async (peer) => (await peer.stores(namespace)).rateLimits));
    const answers = await Promise.all(
      range(100).map((n) => roundRobin(limits, n).take('b', { capacity: 17, perSecond: 0.5, now: NOW })),
    );
    expect(answers.filter((taken) => taken)).toHaveLength(17);
  },

  'rate limits: namespaces are apart': async ({ harness, namespace }) => {
    const [one, two] = [await harness.stores(namespace), await harness.stores(`${namespace}b`)];
    const limit = { capacity: 1, perSecond: 1, now: NOW };
    expect([await one.rateLimits.take('b', limit), await two.rateLimits.take('b', limit)]).toEqual([
      true,
      true,
    ]);
  },
};
