import type { AppendResult } from '@aura/kernel';
import { PayloadTooLargeError } from '@aura/kernel';
import type { Connection } from '../connection';
import { documentBytes, JOURNAL, sameWrite } from './row-document';
import type { RowDocument } from './row-document';

/** Servers refuse documents over 16 MiB; the rest is room for names. */
const MAX_ROW_BYTES = 15 * 1024 * 1024;
/** Most bytes of the documents of one bulk insert. */
export const MAX_BULK_BYTES = 12 * 1024 * 1024;
/** Rows read back in one question. */
const READ_BACK = 100;

/** Size of a row as it is stored. Errors: `PayloadTooLargeError` when no server takes it. */
export function bytesOf(document: RowDocument): number {
  const bytes = documentBytes(document);
  if (bytes > MAX_ROW_BYTES) throw new PayloadTooLargeError(`a row of ${document.s}`, bytes, MAX_ROW_BYTES);
  return bytes;
}

/**
 * Reads back what stands where rows were refused: the same write is appended, another one a conflict. Absent: not yet visible to a
 * majority read, so that whether it stays is unknown, and it is to be tried again.
 */
export async function standingResults(
  connection: Connection,
  refused: readonly RowDocument[],
): Promise<ReadonlyMap<RowDocument, AppendResult>> {
  const results = new Map<RowDocument, AppendResult>();
  const rows = connection.collection<RowDocument>(JOURNAL);
  for (let n = 0; n < refused.length; n += READ_BACK) {
    const asked = refused.slice(n, n + READ_BACK);
    const identities = asked.map(({ s, q }) => ({ s, q }));
    const asking = rows.find({ $or: identities }, { projection: { _id: 0 } });
    const found = await connection.once(() => asking.toArray());
    const stored = new Map(found.map((document) => [`${document.q}/${document.s}`, document]));
    for (const document of asked) {
      const standing = stored.get(`${document.q}/${document.s}`);
      if (standing) results.set(document, sameWrite(standing, document) ? 'appended' : 'conflict');
    }
  }
  return results;
}
