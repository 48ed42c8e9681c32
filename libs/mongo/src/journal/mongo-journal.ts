import { rowTooLarge } from '@aura/kernel';
import type { AppendResult, Journal, JournalRow, Snapshot, StreamHead } from '@aura/kernel';
import type { Connection } from '../connection';
import type { AppendQueue } from './append-queue';
import type { ChainQueue } from './chain-queue';
import { scoped, toDocument, toRow } from './row-document';
import type { RowReader } from './row-reader';
import { scanStreams } from './scan-streams';
import type { ScanQuery } from './scan-streams';
import type { SnapshotStore } from './snapshot-store';

/** What the journals of a database share, so that appends of all namespaces go in common bulks. */
export interface JournalParts {
  readonly connection: Connection;
  readonly appends: AppendQueue;
  readonly chains: ChainQueue;
  readonly reader: RowReader;
  readonly snapshots: SnapshotStore;
}

/** The journal of one namespace: one row, one document. */
export class MongoJournal implements Journal {
  constructor(
    private readonly parts: JournalParts,
    private readonly namespace: string,
  ) {}

  async append(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    const streams = new Set(rows.map((row) => row.stream));
    if (streams.size < rows.length) throw new TypeError('an append holds at most one row per stream');
    const tooLarge = rowTooLarge(rows);
    if (tooLarge !== undefined) throw tooLarge;
    return this.parts.appends.append(rows.map((row) => toDocument(this.namespace, row)));
  }

  async appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    const tooLarge = rowTooLarge(rows);
    if (tooLarge !== undefined) throw tooLarge;
    return this.parts.chains.append(rows.map((row) => toDocument(this.namespace, row)));
  }

  async read(stream: string, afterSeq = 0): Promise<readonly JournalRow[]> {
    const documents = await this.parts.reader.stream(scoped(this.namespace, stream), afterSeq);
    return documents.map((document) => toRow(this.namespace, document));
  }

  async readMany(streams: readonly string[]): Promise<ReadonlyMap<string, readonly JournalRow[]>> {
    const wanted = [...new Set(streams)];
    const lists = await Promise.all(wanted.map((stream) => this.read(stream)));
    return new Map(wanted.flatMap((stream, n) => (lists[n]?.length ? [[stream, lists[n]] as const] : [])));
  }

  async findOperation(stream: string, operation: string): Promise<JournalRow | undefined> {
    const document = await this.parts.reader.operation(scoped(this.namespace, stream), operation);
    return document && toRow(this.namespace, document);
  }

  head(stream: string): Promise<number> {
    return this.parts.reader.head(scoped(this.namespace, stream));
  }

  scan(query: ScanQuery): Promise<readonly StreamHead[]> {
    return scanStreams(this.parts.connection, this.namespace, query);
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    return this.parts.snapshots.save(this.namespace, snapshot);
  }

  loadSnapshot(stream: string): Promise<Snapshot | undefined> {
    return this.parts.snapshots.load(this.namespace, stream);
  }
}
