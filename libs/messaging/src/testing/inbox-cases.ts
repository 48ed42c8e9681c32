import { range, roundRobin } from '@aura/kernel/testing';
import type { Cases } from '@aura/kernel/testing';
import { LONG_MS } from './fast-stores-harness';
import type { FastStoresHarness } from './fast-stores-harness';

/** The memory of what was done. */
export const inboxCases: Cases<FastStoresHarness> = {
  'inbox: marked keys are seen, others are not': async ({ harness, namespace }) => {
    const { inbox } = await harness.stores(namespace);
    await inbox.mark(['a', 'https://x.example/ü 😀|{}*'], LONG_MS);
    await inbox.mark([], LONG_MS);
    const seen = await inbox.seen(['b', 'https://x.example/ü 😀|{}*', 'a', 'a']);
    expect(seen).toEqual(new Set(['a', 'https://x.example/ü 😀|{}*']));
    expect(await inbox.seen([])).toEqual(new Set());
  },

  'inbox: many keys marked and asked at once keep apart': async ({ peers, namespace }) => {
    const inboxes = await Promise.all(peers.map(async (peer) => (await peer.stores(namespace)).inbox));
    await Promise.all(range(100).map((n) => roundRobin(inboxes, n).mark([`k${n}`, `m${n}`], LONG_MS)));
    const answers = await Promise.all(
      range(200).map((n) => roundRobin(inboxes, n + 1).seen([`k${n}`, `m${n}`, `x${n}`])),
    );
    expect(answers).toEqual(range(200).map((n) => new Set(n < 100 ? [`k${n}`, `m${n}`] : [])));
    const all = range(1000).map((n) => `all${n}`);
    await roundRobin(inboxes, 0).mark(all, LONG_MS);
    expect((await roundRobin(inboxes, 1).seen(all)).size).toBe(1000);
  },

  'inbox: a mark runs out': async ({ harness, namespace }) => {
    const { inbox } = await harness.stores(namespace);
    await inbox.mark(['short'], 40);
    await inbox.mark(['long'], LONG_MS);
    await harness.elapse(80);
    expect(await inbox.seen(['short', 'long'])).toEqual(new Set(['long']));
    await inbox.mark(['short'], LONG_MS);
    expect(await inbox.seen(['short'])).toEqual(new Set(['short']));
  },

  'inbox: namespaces are apart': async ({ harness, namespace }) => {
    await (await harness.stores(namespace)).inbox.mark(['a'], LONG_MS);
    expect(await (await harness.stores(`${namespace}b`)).inbox.seen(['a'])).toEqual(new Set());
  },
};
