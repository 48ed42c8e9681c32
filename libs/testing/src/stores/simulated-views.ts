import type {
  FieldCondition,
  ViewDefinition,
  ViewQuery,
  ViewRecord,
  ViewStore,
  ViewStores,
} from '@aura/kernel';
import { isIn } from './journal-table';
import type { SimulatedProcess } from '../process/simulated-process';
import { ViewTable } from './view-table';

/** The view collections of one namespace, by name. */
export class ViewTables {
  readonly #tables = new Map<string, ViewTable>();

  /** The collection of a name; made when it is new. */
  table(name: string): ViewTable {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const table = new ViewTable();
    this.#tables.set(name, table);
    return table;
  }
}

/** A process's way to its views. */
export class SimulatedViews implements ViewStores {
  constructor(
    private readonly process: SimulatedProcess,
    private readonly tables: ViewTables,
  ) {}

  open<F extends string>(definition: ViewDefinition<F>): Promise<ViewStore<F>> {
    return this.process.call('views.read', definition.name, () => {
      const table = this.tables.table(definition.name);
      table.grow(Object.keys(definition.fields));
      return new SimulatedViewStore<F>(this.process, table, definition.name);
    });
  }
}

class SimulatedViewStore<F extends string> implements ViewStore<F> {
  constructor(
    private readonly process: SimulatedProcess,
    private readonly table: ViewTable,
    private readonly name: string,
  ) {}

  put(records: readonly ViewRecord<F>[]): Promise<void> {
    return this.process.call('views.put', `${this.name}/${records[0]?.id ?? 'nothing'}`, (part) =>
      this.table.put(records.filter((_record, n) => isIn(part, n))),
    );
  }

  get(id: string): Promise<ViewRecord<F> | undefined> {
    return this.process.call('views.read', `${this.name}/${id}`, () => this.table.get(id));
  }

  find(query: ViewQuery<F>): Promise<readonly ViewRecord<F>[]> {
    return this.process.call('views.read', this.name, () => this.table.find(query));
  }

  count(where: readonly FieldCondition<F>[]): Promise<number> {
    return this.process.call('views.read', this.name, () => this.table.count(where));
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.process.call('views.put', `${this.name}/${ids[0] ?? 'nothing'}`, () =>
      this.table.remove(ids),
    );
  }
}
