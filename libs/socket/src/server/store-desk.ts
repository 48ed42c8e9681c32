import type { ViewDefinition, ViewStore } from '@aura/kernel';
import type { Served } from './served';

/** What a guest asks of a store: which, whose, what, and with which arguments. */
export interface StoreCall {
  readonly store: string;
  /** The participant; empty for what all share. */
  readonly namespace: string;
  readonly operation: string;
  readonly args: readonly unknown[];
  /** Of a view: its collection. */
  readonly view?: ViewDefinition;
}

/** Everything that a guest may ask of a store; nothing else is called. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  journal: [
    'append',
    'appendInOrder',
    'read',
    'readMany',
    'findOperation',
    'head',
    'scan',
    'saveSnapshot',
    'loadSnapshot',
  ],
  view: ['open', 'put', 'get', 'find', 'count', 'remove'],
  inbox: ['seen', 'mark'],
  joins: ['arrive', 'drop'],
  results: ['get', 'set'],
  registry: ['put', 'remove', 'list'],
  rateLimits: ['take'],
  leases: ['acquire', 'renew', 'release', 'list'],
};

/** Answers what guests ask of the stores. */
export class StoreDesk {
  readonly #views = new Map<string, Promise<ViewStore>>();

  constructor(private readonly served: Served) {}

  /** Errors: those of the stores; `TypeError` for what no store does. */
  async answer(call: StoreCall): Promise<unknown> {
    const { store, operation, args } = call;
    if (!(OPERATIONS[store] ?? []).includes(operation))
      throw new TypeError(`no store does ${store}.${operation}`);
    const target = await this.#storeOf(call);
    if (operation === 'open') return undefined;
    const work: unknown = Reflect.get(target, operation);
    if (typeof work !== 'function') throw new TypeError(`${store}.${operation} is not there`);
    return Reflect.apply(work, target, args);
  }

  async #storeOf({ store, namespace, view }: StoreCall): Promise<object> {
    if (store === 'leases') return this.served.leases;
    if (store === 'journal') return this.served.journal(namespace);
    if (store === 'view' && view !== undefined) return this.#viewOf(namespace, view);
    const fast: unknown = Reflect.get(this.served.fast(namespace), store);
    if (typeof fast !== 'object' || fast === null)
      throw new TypeError(`${store} is asked for in a wrong way`);
    return fast;
  }

  /** Opening a collection looks at its table; that is done once, not with every call. */
  #viewOf(namespace: string, view: ViewDefinition): Promise<ViewStore> {
    const key = JSON.stringify([namespace, view]);
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const opening = this.served.views(namespace).open(view);
    this.#views.set(key, opening);
    opening.catch(() => this.#views.delete(key));
    return opening;
  }
}
