import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import type { ClaimCheck } from '../claim-check';
import { isAuraError, PayloadTooLargeError } from '../errors';
import { runCases } from './conformance';
import type { Cases, Harness } from './conformance';
import { range, roundRobin, sampleBytes } from './sample-data';

/** An opened claim check under test. */
export interface ClaimCheckHarness extends Harness {
  /** The claim check; after `reopen` it is asked for again. */
  claims(): ClaimCheck;
  /** Most bytes of one payload. */
  readonly maxBytes: number;
  /** Changes a byte of what is stored, behind the adapter's back. */
  corrupt(digest: string): Promise<void>;
  /** How many objects of a digest are stored: 1 however often it was put. */
  stored(digest: string): Promise<number>;
}

/** Checks that an adapter keeps the contract of `ClaimCheck`. */
export function claimCheckConformance(name: string, open: () => Promise<ClaimCheckHarness>): void {
  runCases(`claim check of ${name}`, open, [cases]);
}

const digestOf = (bytes: Uint8Array) => `sha256:${bytesToHex(sha256(bytes))}`;

const cases: Cases<ClaimCheckHarness> = {
  'bytes are kept under their digest, with their content type': async ({ harness }) => {
    const claims = harness.claims();
    const bytes = sampleBytes(1000, 11);
    const digest = await claims.put(bytes, 'image/jpeg');
    expect(digest).toBe(digestOf(bytes));
    expect(await claims.has(digest)).toBe(true);
    expect(await content(claims, digest)).toEqual({ bytes: [...bytes], contentType: 'image/jpeg' });
  },

  'what nobody has put is undefined': async ({ harness }) => {
    const claims = harness.claims();
    const digest = digestOf(sampleBytes(10, 12));
    expect(await claims.get(digest)).toBeUndefined();
    expect(await claims.has(digest)).toBe(false);
    expect(await claims.get('sha256:short')).toBeUndefined();
    expect(await claims.get('../../etc/passwd')).toBeUndefined();
    expect(await claims.has('nonsense')).toBe(false);
  },

  'nothing is a payload too': async ({ harness }) => {
    const digest = await harness.claims().put(new Uint8Array(0), 'text/plain');
    expect(await content(harness.claims(), digest)).toEqual({ bytes: [], contentType: 'text/plain' });
  },

  'the same bytes twice, and at once from many, are one object': async ({ harness, peers }) => {
    const bytes = sampleBytes(300_000, 13);
    const digests = await Promise.all(
      range(12).map((n) => roundRobin(peers, n).claims().put(bytes, 'image/png')),
    );
    expect(new Set(digests)).toEqual(new Set([digestOf(bytes)]));
    expect(await harness.claims().put(bytes, 'image/png')).toBe(digestOf(bytes));
    const found = await roundRobin(peers, 1).claims().get(digestOf(bytes));
    expect(digestOf(found?.bytes ?? new Uint8Array(0))).toBe(digestOf(bytes));
    expect(await harness.stored(digestOf(bytes))).toBe(1);
  },

  'a payload of 5 MiB is there after a restart': async ({ harness }) => {
    const bytes = sampleBytes(5 * 1024 * 1024, 14);
    const digest = await harness.claims().put(bytes, 'application/octet-stream');
    await harness.reopen();
    const found = await harness.claims().get(digest);
    expect(found?.bytes.length).toBe(bytes.length);
    expect(digestOf(found?.bytes ?? new Uint8Array(0))).toBe(digest);
  },

  'later changes of the given buffer do not reach what is kept': async ({ harness }) => {
    const bytes = sampleBytes(5000, 15);
    const expected = digestOf(bytes);
    const putting = harness.claims().put(bytes, 'image/png');
    bytes.fill(0);
    expect(await putting).toBe(expected);
    expect(digestOf((await harness.claims().get(expected))?.bytes ?? new Uint8Array(0))).toBe(expected);
  },

  'corruption is noticed': async ({ harness }) => {
    const digest = await harness.claims().put(sampleBytes(50_000, 16), 'image/png');
    await harness.corrupt(digest);
    const failure: unknown = await harness
      .claims()
      .get(digest)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(isAuraError(failure) && failure.code).toBe('CLAIM_CORRUPT');
  },

  'a payload over the bound is refused': async ({ harness }) => {
    const putting = harness.claims().put(new Uint8Array(harness.maxBytes + 1), 'image/png');
    await expect(putting).rejects.toBeInstanceOf(PayloadTooLargeError);
  },
};

async function content(claims: ClaimCheck, digest: string) {
  const found = await claims.get(digest);
  return found && { bytes: [...found.bytes], contentType: found.contentType };
}
