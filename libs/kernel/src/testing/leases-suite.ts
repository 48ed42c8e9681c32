import type { LeaseStore } from '../leases';
import { runCases } from './conformance';
import type { Cases, Harness } from './conformance';
import { range, roundRobin } from './sample-data';

/** An opened lease store under test. */
export interface LeasesHarness extends Harness {
  /** The leases; after `reopen` they are asked for again. */
  leases(): LeaseStore;
}

/** Checks that an adapter keeps the contract of `LeaseStore`. */
export function leasesConformance(name: string, open: () => Promise<LeasesHarness>): void {
  runCases(`leases of ${name}`, open, [cases]);
}

const NOW = 1_700_000_000_000;
const ttlMs = 10_000;

const cases: Cases<LeasesHarness> = {
  'of 20 racing owners exactly one acquires, free or run out': async ({ peers, namespace }) => {
    for (const round of range(10)) {
      const now = NOW + round * (ttlMs + 1);
      const answers = await Promise.all(
        range(20).map((n) =>
          roundRobin(peers, n)
            .leases()
            .acquire({ name: namespace, owner: `r${round}o${n}`, now, ttlMs }),
        ),
      );
      const winners = answers.filter((lease) => lease !== undefined);
      expect(winners).toHaveLength(1);
      expect(winners[0]?.until).toBe(now + ttlMs);
      expect(await roundRobin(peers, round).leases().list(namespace)).toEqual(winners);
    }
  },

  'a held lease is refused to others until it has run out': async ({ harness, namespace: name }) => {
    const leases = harness.leases();
    const held = await leases.acquire({ name, owner: 'a', now: NOW, ttlMs });
    expect(held).toEqual({ name, owner: 'a', fence: held?.fence, until: NOW + ttlMs, note: 'null' });
    expect(await leases.acquire({ name, owner: 'b', now: NOW + ttlMs - 1, ttlMs })).toBeUndefined();
    const taken = await leases.acquire({ name, owner: 'b', now: NOW + ttlMs + 1, ttlMs });
    expect(taken?.owner).toBe('b');
  },

  'the fence grows with a change of owner and only then': async ({ harness, namespace: name }) => {
    const leases = harness.leases();
    const first = await take(leases, name, 'a', NOW);
    const again = await take(leases, name, 'a', NOW + 5);
    expect(again).toEqual({ ...first, until: NOW + 5 + ttlMs });
    const renewed = await leases.renew(again, { now: NOW + 10, ttlMs });
    expect(renewed).toEqual({ ...first, until: NOW + 10 + ttlMs });
    const other = await take(leases, name, 'b', NOW + 2 * ttlMs);
    expect(other.fence).toBeGreaterThan(first.fence);
    const back = await take(leases, name, 'a', NOW + 4 * ttlMs);
    expect(back.fence).toBeGreaterThan(other.fence);
  },

  'renewing is lost after a take-over, though the owner came back': async ({ harness, namespace: name }) => {
    const leases = harness.leases();
    const first = await take(leases, name, 'a', NOW);
    const other = await take(leases, name, 'b', NOW + 2 * ttlMs);
    expect(await leases.renew(first, { now: NOW, ttlMs, note: '"zombie"' })).toBeUndefined();
    const back = await take(leases, name, 'a', NOW + 4 * ttlMs);
    expect(await leases.renew(first, { now: NOW + 4 * ttlMs, ttlMs })).toBeUndefined();
    expect(await leases.renew(other, { now: NOW + 4 * ttlMs, ttlMs })).toBeUndefined();
    expect(await leases.list(name)).toEqual([{ ...back, note: 'null' }]);
  },

  'a lease that ran out and that nobody took may be renewed': async ({ harness, namespace: name }) => {
    const leases = harness.leases();
    const lease = await take(leases, name, 'a', NOW);
    const renewed = await leases.renew(lease, { now: NOW + 3 * ttlMs, ttlMs });
    expect(renewed).toEqual({ ...lease, until: NOW + 4 * ttlMs });
  },

  'a note survives renewing, release, change of owner and restart': async ({ harness, namespace: name }) => {
    const leases = harness.leases();
    const note = '{"flushed":1700000000000,"x":"é😀"}';
    const lease = await take(leases, name, 'a', NOW);
    const noted = await leases.renew(lease, { now: NOW, ttlMs, note });
    expect(noted?.note).toBe(note);
    expect((await leases.renew(lease, { now: NOW, ttlMs }))?.note).toBe(note);
    const other = await take(leases, name, 'b', NOW + 2 * ttlMs);
    expect(other.note).toBe(note);
    await leases.release(other);
    await harness.reopen();
    expect((await take(harness.leases(), name, 'c', NOW)).note).toBe(note);
  },

  'a released lease may be taken at once, and is lost to who released it': async ({
    harness,
    namespace: name,
  }) => {
    const leases = harness.leases();
    const lease = await take(leases, name, 'a', NOW);
    await leases.release(lease);
    expect(await leases.renew(lease, { now: NOW, ttlMs })).toBeUndefined();
    const [listed] = await leases.list(name);
    expect(listed?.name).toBe(name);
    expect(listed?.until).toBeLessThanOrEqual(NOW);
    const other = await take(leases, name, 'b', NOW);
    expect(other.fence).toBeGreaterThan(lease.fence);
    await leases.release(lease);
    expect(await leases.list(name)).toEqual([other]);
  },

  'list answers the leases of a prefix by name': async ({ harness, namespace }) => {
    const leases = harness.leases();
    for (const part of ['/b', '/a_', '/a%', '/a.1', '/c'])
      await take(leases, `${namespace}${part}`, 'x', NOW);
    await take(leases, `other-${namespace}/a`, 'x', NOW);
    const names = async (prefix: string) => (await leases.list(`${namespace}${prefix}`)).map((l) => l.name);
    const full = (...parts: readonly string[]) => parts.map((part) => `${namespace}${part}`);
    expect(await names('/')).toEqual(full('/a%', '/a.1', '/a_', '/b', '/c'));
    expect(await names('/a_')).toEqual(full('/a_'));
    expect(await names('/a.')).toEqual(full('/a.1'));
    expect(await names('/z')).toEqual([]);
  },
};

async function take(leases: LeaseStore, name: string, owner: string, now: number) {
  const lease = await leases.acquire({ name, owner, now, ttlMs });
  if (!lease) throw new Error(`${owner} did not get ${name}`);
  return lease;
}
