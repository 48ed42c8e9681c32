import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AuraError, type ClaimCheck, PayloadTooLargeError, StoreUnavailableError } from '@aura/kernel';
import { one, text } from '../sqlite/columns';
import type { SqlStatement } from '../sqlite/driver';
import type { EmbeddedStore } from '../store/embedded-store';

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/**
 * Large payloads as files named by their digest, in 256 folders; the SQLite file knows which are whole, and their
 * content type. A file is written aside, synchronised and renamed, so that a name never shows half a payload.
 */
export class FolderClaimCheck implements ClaimCheck {
  readonly #find: SqlStatement;
  readonly #insert: SqlStatement;

  private constructor(
    private readonly store: EmbeddedStore,
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {
    this.#find = store.database.prepare('SELECT content_type FROM claims WHERE digest = ?');
    this.#insert = store.database.prepare(
      'INSERT INTO claims (digest, content_type, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
  }

  /** Makes the folder and removes what a dead process left half written. */
  static async open(store: EmbeddedStore, folder: string, maxBytes: number): Promise<FolderClaimCheck> {
    const aside = join(folder, 'tmp');
    await mkdir(aside, { recursive: true });
    for (const name of await readdir(aside)) await rm(join(aside, name), { force: true });
    return new FolderClaimCheck(store, folder, maxBytes);
  }

  put(bytes: Uint8Array, contentType: string): Promise<string> {
    if (bytes.length > this.maxBytes) {
      return Promise.reject(new PayloadTooLargeError('the payload', bytes.length, this.maxBytes));
    }
    // A copy: the caller may use its buffer again while the file is being written.
    return this.#keep(Buffer.from(bytes), contentType);
  }

  async get(
    digest: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly contentType: string } | undefined> {
    const contentType = await this.#contentType(digest);
    if (contentType === undefined) return undefined;
    const bytes = await reachable(() => readFile(this.#file(digest)));
    if (digestOf(bytes) !== digest) throw corrupt(digest, this.#file(digest));
    return { bytes, contentType };
  }

  async has(digest: string): Promise<boolean> {
    return (await this.#contentType(digest)) !== undefined;
  }

  async #keep(bytes: Uint8Array, contentType: string): Promise<string> {
    const digest = digestOf(bytes);
    if (await this.has(digest)) return digest;
    await reachable(() => this.#write(digest, bytes));
    await this.store.commits.run(() => {
      this.#insert.run(digest, contentType, bytes.length);
    });
    return digest;
  }

  async #write(digest: string, bytes: Uint8Array): Promise<void> {
    const aside = join(this.folder, 'tmp', randomUUID());
    const file = this.#file(digest);
    await mkdir(dirname(file), { recursive: true });
    await writeSynced(aside, bytes);
    await rename(aside, file);
    await syncFolder(dirname(file));
    await syncFolder(this.folder);
  }

  #contentType(digest: string): Promise<string | undefined> {
    return this.store.read(() => {
      const row = one(this.#find, digest);
      return row && text(row, 'content_type');
    });
  }

  #file(digest: string): string {
    const hex = DIGEST.exec(digest)?.[1] ?? '';
    return join(this.folder, hex.slice(0, 2), hex);
  }
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is only safe when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreUnavailableError(`the folder of payloads refused: ${reason}`, error);
  }
}

function corrupt(digest: string, file: string): AuraError {
  return new AuraError(`payload ${digest} is not what was stored under its digest`, {
    code: 'CLAIM_CORRUPT',
    help: `The file ${file} was changed or its disk is failing: restore it from a backup, or put the payload again after removing it.`,
    details: { digest },
  });
}
