import { AlikeWrites } from './alike-writes';
import type { AlikeWrite } from './alike-writes';
import { approximateBytes } from './approximate-bytes';
import type { GuardedDocument } from './changes';
import { Coalescer } from './coalescer';
import type { Connection } from './connection';
import { asStoreError, DUPLICATE_KEY, isPassing, isPassingCode } from './failures';

/** Settings of one collection of guarded documents. */
export interface GuardedUpsertsOptions {
  readonly collection: string;
  /** Whether a write of the same version replaces what is there; else two documents of one version are the same. */
  readonly equalReplaces: boolean;
  /** What the writes are, for messages. */
  readonly what: string;
}

const MAX_BULK_BYTES = 8 * 1024 * 1024;

/**
 * Writes guarded by version, gathered into bulks: `{_id, v: {$lt}}` with upsert. A duplicate key says that the guard
 * did not hold, or that another writer inserted the id in between; reading back the versions tells which, and only
 * the latter is written again. Repeating a write is harmless. Documents that stand in the same version and change
 * alike are one statement; where it does not find them all, those that it did not write are written by themselves.
 */
export class GuardedUpserts {
  private readonly bulks: Coalescer<GuardedDocument, undefined>;
  /** Answers whether the document was inserted. */
  private readonly inserts: Coalescer<GuardedDocument, boolean>;
  private readonly alike = new AlikeWrites();

  constructor(
    private readonly connection: Connection,
    private readonly options: GuardedUpsertsOptions,
  ) {
    const { bulksInFlight, bulkRows, limitMs } = connection.options;
    const bounds = {
      weigh: approximateBytes,
      maxWeight: MAX_BULK_BYTES,
      maxRequests: bulkRows,
      maxInFlight: bulksInFlight,
      limitMs,
      late: () => connection.unavailable(options.what, undefined),
    };
    this.bulks = new Coalescer({ ...bounds, run: (documents) => this.writeAll(documents) });
    this.inserts = new Coalescer({ ...bounds, run: (documents) => this.insertAll(documents) });
  }

  /** Resolves when every document is written or was not needed. */
  async put(documents: readonly GuardedDocument[]): Promise<void> {
    await Promise.all(documents.map((document) => this.bulks.ask(document)));
  }

  /** As {@link put}, for documents that most likely are not there yet: servers insert in bulk at a fraction of the price. */
  async insert(documents: readonly GuardedDocument[]): Promise<void> {
    const inserted = await Promise.all(documents.map((document) => this.inserts.ask(document)));
    await this.put(documents.filter((_document, n) => !inserted[n]));
  }

  /** These were removed: how they stood is of no use any more. */
  removed(ids: readonly string[]): void {
    this.alike.forget(ids);
  }

  /** Waits for what is under way. */
  async drain(): Promise<void> {
    await this.inserts.drain();
    await this.bulks.drain();
  }

  /** What could not be inserted, for whatever passing reason, is for the guarded write. */
  private async insertAll(documents: readonly GuardedDocument[]): Promise<readonly boolean[]> {
    try {
      const { errors } = await this.connection.insert(this.options.collection, documents);
      const failed = new Set(errors.map(({ index }) => index));
      this.stand(documents.filter((_document, n) => !failed.has(n)));
      return documents.map((_document, n) => !failed.has(n));
    } catch (error) {
      if (!isPassing(error)) throw asStoreError(this.options.what, error);
      return documents.map(() => false);
    }
  }

  private async writeAll(documents: readonly GuardedDocument[]): Promise<readonly undefined[]> {
    const deadline = this.connection.deadline();
    let open = this.newest(documents);
    let failure: unknown;
    for (let tries = 0; open.length > 0; tries++) {
      if (tries > 0 && !(await this.connection.retryAllowed(deadline, tries - 1))) {
        throw this.connection.unavailable(this.options.what, failure);
      }
      try {
        open = await this.writeOnce(open);
      } catch (error) {
        if (!isPassing(error)) throw asStoreError(this.options.what, error);
        failure = error;
      }
    }
    return documents.map(() => undefined);
  }

  /** One document an id: the one that would stand in the end. */
  private newest(documents: readonly GuardedDocument[]): readonly GuardedDocument[] {
    const newest = new Map<string, GuardedDocument>();
    for (const document of documents) {
      const known = newest.get(document._id);
      if (!known || this.replaces(document.v, known.v)) newest.set(document._id, document);
    }
    return [...newest.values()];
  }

  private replaces(version: number, standing: number): boolean {
    return version > standing || (this.options.equalReplaces && version === standing);
  }

  /** Writes; answers what must be written again. */
  private async writeOnce(documents: readonly GuardedDocument[]): Promise<readonly GuardedDocument[]> {
    const { alike, others } = this.alike.part(documents);
    // Until it is known how it went.
    this.alike.forget(idsOf(documents));
    const rest = [...others, ...(await this.writeAlike(alike))];
    return rest.length === 0 ? [] : this.writeEach(rest);
  }

  /** One statement for documents that change alike; answers those that did not stand as they were remembered. */
  private async writeAlike(alike: readonly AlikeWrite[]): Promise<readonly GuardedDocument[]> {
    if (alike.length === 0) return [];
    const updates = alike.map(({ documents, standing, changes }) => ({
      q: { _id: { $in: documents.map(({ _id }) => _id) }, v: standing },
      u: { $set: changes },
      multi: true,
    }));
    const all = alike.flatMap(({ documents }) => documents);
    const { errors, matched } = await this.connection.update(this.options.collection, updates);
    if (errors.length === 0 && matched === all.length) {
      this.stand(all);
      return [];
    }
    const versions = await this.versionsOf(all);
    this.stand(all.filter(({ _id, v }) => versions.get(_id) === v));
    return all.filter((document) => this.isStillNewer(document, versions));
  }

  private async writeEach(documents: readonly GuardedDocument[]): Promise<readonly GuardedDocument[]> {
    const operator = this.options.equalReplaces ? '$lte' : '$lt';
    const updates = documents.map(({ _id, v, ...rest }) => ({
      q: { _id, v: { [operator]: v } },
      u: { $set: { v, ...rest } },
      upsert: true,
    }));
    const { errors } = await this.connection.update(this.options.collection, updates);
    const fatal = errors.find((error) => error.code !== DUPLICATE_KEY && !isPassingCode(error.code));
    if (fatal) throw this.connection.unavailable(`${this.options.what}: ${fatal.message}`, fatal);
    const refused = new Set(errors.flatMap((error) => documents[error.index] ?? []));
    this.stand(documents.filter((document) => !refused.has(document)));
    if (refused.size === 0) return [];
    const versions = await this.versionsOf([...refused]);
    return [...refused].filter((document) => this.isStillNewer(document, versions));
  }

  /** Where an equal version replaces, a version does not tell what stands. */
  private stand(documents: readonly GuardedDocument[]): void {
    if (!this.options.equalReplaces) this.alike.stand(documents);
  }

  private async versionsOf(documents: readonly GuardedDocument[]): Promise<ReadonlyMap<string, number>> {
    const stored = await this.connection
      .collection<{ readonly _id: string; readonly v: number }>(this.options.collection)
      .find({ _id: { $in: [...idsOf(documents)] } }, { projection: { v: 1 } })
      .toArray();
    return new Map(stored.map(({ _id, v }) => [_id, v]));
  }

  private isStillNewer({ _id, v }: GuardedDocument, versions: ReadonlyMap<string, number>): boolean {
    const standing = versions.get(_id);
    return standing === undefined || this.replaces(v, standing);
  }
}

function idsOf(documents: readonly GuardedDocument[]): readonly string[] {
  return documents.map(({ _id }) => _id);
}
