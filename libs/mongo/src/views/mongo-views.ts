import type { ViewDefinition, ViewStore, ViewStores } from '@aura/kernel';
import type { Connection } from '../connection';
import { ensureIndexes } from '../startup/ensure-indexes';
import { MongoViewStore } from './mongo-view-store';
import { path } from './view-filter';

const NAME = /^[a-z][a-z0-9_]*$/;

/** Views of one namespace: a collection each, named `views.<namespace>.<name>`. */
export class MongoViews implements ViewStores {
  private readonly opened: MongoViewStore<string>[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly namespace: string,
  ) {}

  async open<F extends string>(definition: ViewDefinition<F>): Promise<ViewStore<F>> {
    if (!NAME.test(definition.name))
      throw new TypeError(`a view's name matches ${NAME}, not ${definition.name}`);
    const collection = `views.${this.namespace}.${definition.name}`;
    const indexes = definition.indexes.map((fields) => ({ collection, keys: [...fields.map(path), '_id'] }));
    await ensureIndexes(this.connection, indexes);
    const store = new MongoViewStore<F>(this.connection, collection, definition);
    this.opened.push(store);
    return store;
  }

  /** Waits for what is under way. */
  async drain(): Promise<void> {
    await Promise.all(this.opened.map((store) => store.drain()));
  }
}
