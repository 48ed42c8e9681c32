import type { ViewDefinition, ViewStore, ViewStores } from '@aura/kernel';
import type { EmbeddedStore } from '../store/embedded-store';
import { SqliteViewStore } from './sqlite-view-store';
import { prepareViewTable } from './view-table';

/** Opens view collections of one namespace. */
export class SqliteViewStores implements ViewStores {
  readonly #namespace: number;

  constructor(
    private readonly store: EmbeddedStore,
    namespace: string,
  ) {
    this.#namespace = store.namespace(namespace);
  }

  open<F extends string>(definition: ViewDefinition<F>): Promise<ViewStore<F>> {
    return this.store.read(() => {
      const table = prepareViewTable(this.store.database, this.#namespace, definition);
      return new SqliteViewStore<F>(this.store, table, definition);
    });
  }
}
