import type { Collection, Document, Filter } from 'mongodb';
import { Coalescer } from './coalescer';
import type { Connection } from './connection';

const MAX_IDS = 200;
const MAX_IN_FLIGHT = 8;

/** Reads of documents by id, gathered: what is asked in one turn is one query. */
export class DocumentReader<T extends Document & { readonly _id: string }> {
  private readonly reads: Coalescer<string, T | undefined>;
  private readonly documents: Collection<T>;

  constructor(
    private readonly connection: Connection,
    collection: string,
    private readonly what: string,
  ) {
    this.documents = connection.collection<T>(collection);
    this.reads = new Coalescer({
      run: (ids) => this.find(ids),
      weigh: () => 1,
      maxWeight: MAX_IDS,
      maxRequests: MAX_IDS,
      maxInFlight: MAX_IN_FLIGHT,
      limitMs: connection.options.limitMs,
      late: () => connection.unavailable(what, undefined),
    });
  }

  /** The document with an id. */
  get(id: string): Promise<T | undefined> {
    return this.reads.ask(id);
  }

  /** Waits for what is under way. */
  drain(): Promise<void> {
    return this.reads.drain();
  }

  private async find(ids: readonly string[]): Promise<readonly (T | undefined)[]> {
    const filter = { _id: { $in: [...new Set(ids)] } } as unknown as Filter<T>;
    const found = await this.connection.persist(this.what, () => this.documents.find<T>(filter).toArray());
    const byId = new Map(found.map((document) => [document._id, document]));
    return ids.map((id) => byId.get(id));
  }
}
