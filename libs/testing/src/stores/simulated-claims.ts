import { PayloadTooLargeError, TerminalError } from '@aura/kernel';
import type { ClaimCheck } from '@aura/kernel';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import type { SimulatedProcess } from '../process/simulated-process';

interface Claim {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Large payloads by digest. */
export class ClaimTable {
  readonly #claims = new Map<string, Claim>();

  constructor(
    /** Most bytes of one payload. */
    readonly maxBytes = 64 * 1024 * 1024,
  ) {}

  put(bytes: Uint8Array, contentType: string): string {
    if (bytes.length > this.maxBytes)
      throw new PayloadTooLargeError('the payload', bytes.length, this.maxBytes);
    const digest = digestOf(bytes);
    if (!this.#claims.has(digest)) this.#claims.set(digest, { bytes: bytes.slice(), contentType });
    return digest;
  }

  get(digest: string): Claim | undefined {
    const claim = this.#claims.get(digest);
    if (claim === undefined || digestOf(claim.bytes) === digest) return claim;
    throw new TerminalError(`the payload ${digest} is not what was put`, {
      code: 'CLAIM_CORRUPT',
      help: 'Put the payload again.',
    });
  }

  has(digest: string): boolean {
    return this.#claims.has(digest);
  }

  /** Changes a byte of what is kept. */
  corrupt(digest: string): void {
    const bytes = this.#claims.get(digest)?.bytes;
    if (bytes !== undefined) bytes[0] = (bytes[0] ?? 0) ^ 1;
  }
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${bytesToHex(sha256(bytes))}`;
}

/** A process's way to the large payloads. */
export class SimulatedClaims implements ClaimCheck {
  constructor(
    private readonly process: SimulatedProcess,
    private readonly table: ClaimTable,
  ) {}

  put(bytes: Uint8Array, contentType: string): Promise<string> {
    const given = bytes.slice();
    return this.process.call('claims.put', contentType, () => this.table.put(given, contentType));
  }

  get(digest: string): Promise<Claim | undefined> {
    return this.process.call('claims.read', digest, () => this.table.get(digest));
  }

  has(digest: string): Promise<boolean> {
    return this.process.call('claims.read', digest, () => this.table.has(digest));
  }
}
