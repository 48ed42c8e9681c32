import type {
  FieldCondition,
  FieldValue,
  ViewDefinition,
  ViewQuery,
  ViewRecord,
  ViewStore,
} from '@aura/kernel';
import type { Collection, Filter } from 'mongodb';
import type { Connection } from '../connection';
import { DocumentReader } from '../document-reader';
import { GuardedUpserts } from '../guarded-upserts';
import { path, queryFilter, whereFilter } from './view-filter';

interface ViewDocument {
  readonly _id: string;
  readonly v: number;
  /** Extracted fields by name. */
  readonly f: Readonly<Record<string, FieldValue>>;
  readonly b: string;
}

/** One collection of views. */
export class MongoViewStore<F extends string> implements ViewStore<F> {
  private readonly views: Collection<ViewDocument>;
  private readonly writes: GuardedUpserts;
  private readonly reads: DocumentReader<ViewDocument>;
  private readonly fields: readonly F[];

  constructor(
    private readonly connection: Connection,
    collection: string,
    definition: ViewDefinition<F>,
  ) {
    this.views = connection.collection<ViewDocument>(collection);
    this.writes = new GuardedUpserts(connection, {
      collection,
      equalReplaces: false,
      what: 'write of a view',
    });
    this.reads = new DocumentReader(connection, collection, 'read of a view');
    this.fields = Object.keys(definition.fields) as F[];
  }

  put(records: readonly ViewRecord<F>[], expectation?: { readonly areNew: boolean }): Promise<void> {
    const documents = records.map(({ id, version, fields, body }) => ({
      _id: id,
      v: version,
      f: fields,
      b: body,
    }));
    return expectation?.areNew === true ? this.writes.insert(documents) : this.writes.put(documents);
  }

  async get(id: string): Promise<ViewRecord<F> | undefined> {
    const document = await this.reads.get(id);
    return document && this.toRecord(document);
  }

  find(query: ViewQuery<F>): Promise<readonly ViewRecord<F>[]> {
    const direction = query.orderBy.direction === 'asc' ? 1 : -1;
    const order = { [path(query.orderBy.field)]: direction, _id: direction } as const;
    return this.connection.persist('question to a view', async () => {
      const found = await this.views
        .find(queryFilter(query) as Filter<ViewDocument>, { sort: order, limit: query.limit })
        .toArray();
      return found.map((document) => this.toRecord(document));
    });
  }

  count(where: readonly FieldCondition<F>[]): Promise<number> {
    return this.connection.persist('count of views', () =>
      this.views.countDocuments(whereFilter(where) as Filter<ViewDocument>),
    );
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.connection.persist('removal of views', () =>
      this.views.deleteMany({ _id: { $in: [...ids] } }),
    );
    this.writes.removed(ids);
  }

  /** Waits for what is under way. */
  async drain(): Promise<void> {
    await this.writes.drain();
    await this.reads.drain();
  }

  private toRecord({ _id, v, f, b }: ViewDocument): ViewRecord<F> {
    const fields = Object.fromEntries(this.fields.map((field) => [field, f[field] ?? null]));
    return { id: _id, version: v, fields: fields as Record<F, FieldValue>, body: b };
  }
}
