import { createHash } from 'node:crypto';
import type { ClaimCheck } from '@aura/kernel';
import { PayloadTooLargeError, TerminalError } from '@aura/kernel';
import { Binary } from 'mongodb';
import type { Collection } from 'mongodb';
import type { Connection } from './connection';
import { DUPLICATE_KEY } from './failures';

/** Collections of the GridFS bucket `claims`. */
export const CLAIM_FILES = 'claims.files';
export const CLAIM_CHUNKS = 'claims.chunks';

/** GridFS's own default: a chunk and its frame fit in 256 KiB. */
const CHUNK_BYTES = 255 * 1024;
/** Chunks of one insert; 5 MiB. */
const CHUNKS_AT_ONCE = 20;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

interface FileDocument {
  readonly _id: string;
  readonly length: number;
  readonly chunkSize: number;
  readonly uploadDate: Date;
  readonly filename: string;
  readonly metadata: { readonly contentType: string };
}

interface ChunkDocument {
  readonly files_id: string;
  readonly n: number;
  readonly data: Binary;
}

/**
 * Payloads in GridFS, with the digest as the file's id: writers of the same bytes write the same chunks, and a
 * chunk that stands already is theirs too. The file's document comes last and makes the payload visible.
 */
export class MongoClaimCheck implements ClaimCheck {
  private readonly files: Collection<FileDocument>;
  private readonly chunks: Collection<ChunkDocument>;

  constructor(private readonly connection: Connection) {
    this.files = connection.collection<FileDocument>(CLAIM_FILES);
    this.chunks = connection.collection<ChunkDocument>(CLAIM_CHUNKS);
  }

  async put(bytes: Uint8Array, contentType: string): Promise<string> {
    const limit = this.connection.options.maxClaimBytes;
    if (bytes.length > limit) throw new PayloadTooLargeError('a payload', bytes.length, limit);
    const own = Buffer.from(bytes);
    const digest = digestOf(own);
    if (await this.has(digest)) return digest;
    for (let start = 0; start < own.length; start += CHUNK_BYTES * CHUNKS_AT_ONCE) {
      await this.insertNew(CLAIM_CHUNKS, chunksOf(digest, own, start));
    }
    const file: FileDocument = {
      _id: digest,
      length: own.length,
      chunkSize: CHUNK_BYTES,
      uploadDate: new Date(),
      filename: digest,
      metadata: { contentType },
    };
    await this.insertNew(CLAIM_FILES, [file]);
    return digest;
  }

  async get(digest: string) {
    if (!DIGEST.test(digest)) return undefined;
    const what = 'read of a payload';
    const file = await this.connection.persist(what, () => this.files.findOne({ _id: digest }));
    if (!file) return undefined;
    const chunks = await this.connection.persist(what, () =>
      this.chunks.find({ files_id: digest }, { sort: { n: 1 } }).toArray(),
    );
    const bytes = Buffer.concat(chunks.map((chunk) => chunk.data.buffer));
    if (digestOf(bytes) !== digest) throw corrupt(digest, file.length, bytes.length);
    return { bytes, contentType: file.metadata.contentType };
  }

  async has(digest: string): Promise<boolean> {
    if (!DIGEST.test(digest)) return false;
    const found = await this.connection.persist('look for a payload', () =>
      this.files.findOne({ _id: digest }, { projection: { _id: 1 } }),
    );
    return found !== null;
  }

  /** Inserts documents whose content follows from their key; one that stands already is the same. */
  private insertNew(collection: string, documents: readonly object[]): Promise<void> {
    return this.connection.persist('write of a payload', async () => {
      const { errors } = await this.connection.insert(collection, documents);
      const refused = errors.find((error) => error.code !== DUPLICATE_KEY);
      if (refused) throw this.connection.unavailable(`write of a payload: ${refused.message}`, refused);
    });
  }
}

function chunksOf(digest: string, bytes: Buffer, start: number): readonly ChunkDocument[] {
  const end = Math.min(bytes.length, start + CHUNK_BYTES * CHUNKS_AT_ONCE);
  const chunks: ChunkDocument[] = [];
  for (let at = start; at < end; at += CHUNK_BYTES) {
    const data = new Binary(bytes.subarray(at, Math.min(at + CHUNK_BYTES, bytes.length)));
    chunks.push({ files_id: digest, n: at / CHUNK_BYTES, data });
  }
  return chunks;
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function corrupt(digest: string, expected: number, found: number): TerminalError {
  return new TerminalError(`payload ${digest} is damaged: ${found} bytes of ${expected}, or other ones`, {
    code: 'CLAIM_CORRUPT',
    help: 'Restore the payload from a backup, or delete it and send its event again.',
    details: { digest, expected, found },
  });
}
