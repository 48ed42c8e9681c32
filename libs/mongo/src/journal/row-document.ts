import type { JournalRow } from '@aura/kernel';

/** Collection that holds all journals of a database. */
export const JOURNAL = 'journal';

/** One journal row as it is stored. Short names: they are stored with every row. */
export interface RowDocument {
  /** Namespace, `/`, stream. With `q` the identity of the row. */
  readonly s: string;
  readonly q: number;
  readonly at: number;
  /** Operations. */
  readonly o: readonly string[];
  /** Body, JSON text. */
  readonly b: string;
  /** Payload, JSON text. */
  readonly d?: string;
  readonly k?: string;
  /** Namespace, `/`, partition; with `t` the index that `scan` reads. Both absent without a partition. */
  readonly p?: string;
  readonly t?: number;
}

/** The stored name of a stream or partition: namespaces are apart by their beginning. */
export function scoped(namespace: string, name: string | number): string {
  return `${namespace}/${name}`;
}

/** What is stored for a row. */
export function toDocument(namespace: string, row: JournalRow): RowDocument {
  return {
    s: scoped(namespace, row.stream),
    q: row.seq,
    at: row.at,
    o: row.operations,
    b: row.body,
    ...(row.payload === undefined ? {} : { d: row.payload }),
    ...(row.keyId === undefined ? {} : { k: row.keyId }),
    ...(row.partition === undefined ? {} : { p: scoped(namespace, row.partition), t: row.at }),
  };
}

/** The row that is stored in a document. */
export function toRow(namespace: string, document: RowDocument): JournalRow {
  return {
    stream: document.s.slice(namespace.length + 1),
    seq: document.q,
    at: document.at,
    operations: document.o,
    body: document.b,
    ...(document.d === undefined ? {} : { payload: document.d }),
    ...(document.k === undefined ? {} : { keyId: document.k }),
    ...(document.p === undefined ? {} : { partition: Number(document.p.slice(namespace.length + 1)) }),
  };
}

/** Whether two documents are the same write: equal in operations, body, payload and time. */
export function sameWrite(a: RowDocument, b: RowDocument): boolean {
  const sameRow = a.at === b.at && a.b === b.b && a.d === b.d;
  return sameRow && a.o.length === b.o.length && a.o.every((operation, n) => operation === b.o[n]);
}

/** About how many bytes a row takes in a message to the server. */
export function documentBytes(document: RowDocument): number {
  const text = Buffer.byteLength(document.b) + (document.d === undefined ? 0 : Buffer.byteLength(document.d));
  const names = 3 * (document.s.length + (document.p?.length ?? 0) + (document.k?.length ?? 0));
  return document.o.reduce((sum, operation) => sum + 3 * operation.length + 16, text + names + 100);
}
