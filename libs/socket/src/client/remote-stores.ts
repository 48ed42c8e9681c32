import type {
  ClaimCheck,
  FieldCondition,
  Journal,
  JournalRow,
  LeaseStore,
  ViewDefinition,
  ViewQuery,
  ViewRecord,
  ViewStore,
  ViewStores,
} from '@aura/kernel';
import type { FastStores } from '@aura/messaging';
import { valueFromWire } from '../wire/wire-value';
import type { Link } from './link';

/** Asks the host's store; an answer has the type of the port's own. */
type Ask = <T>(operation: string, ...args: readonly unknown[]) => Promise<T>;

function asking(link: Link, call: { store: string; namespace: string; view?: ViewDefinition }): Ask {
  return async <T>(operation: string, ...args: readonly unknown[]) => {
    // An argument that is left out must stay so: JSON would make a null of it.
    const given = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
    const { value } = await link.call({ method: 'store', args: [{ ...call, operation, args: given }] });
    return valueFromWire(value) as T;
  };
}

/** A participant's journal at the host. */
export function remoteJournal(link: Link, namespace: string): Journal {
  const ask = asking(link, { store: 'journal', namespace });
  return {
    append: (rows) => ask('append', rows),
    appendInOrder: (rows) => ask('appendInOrder', rows),
    read: (stream, afterSeq) => ask('read', stream, afterSeq),
    readMany: (streams) => ask<ReadonlyMap<string, readonly JournalRow[]>>('readMany', streams),
    findOperation: (stream, operation) => ask('findOperation', stream, operation),
    head: (stream) => ask('head', stream),
    scan: (query) => ask('scan', query),
    saveSnapshot: (snapshot) => ask('saveSnapshot', snapshot),
    loadSnapshot: (stream) => ask('loadSnapshot', stream),
  };
}

/** A participant's views at the host. */
export function remoteViews(link: Link, namespace: string): ViewStores {
  return {
    open: async <F extends string>(view: ViewDefinition<F>): Promise<ViewStore<F>> => {
      const ask = asking(link, { store: 'view', namespace, view });
      await ask('open');
      return {
        put: (records: readonly ViewRecord<F>[]) => ask('put', records),
        get: (id: string) => ask('get', id),
        find: (query: ViewQuery<F>) => ask('find', query),
        count: (where: readonly FieldCondition<F>[]) => ask('count', where),
        remove: (ids: readonly string[]) => ask('remove', ids),
      };
    },
  };
}

/** A participant's fast stores at the host: shared by all its instances, as they are on servers. */
export function remoteFastStores(link: Link, namespace: string): FastStores {
  const of = (store: string): Ask => asking(link, { store, namespace });
  const [inbox, joins, results] = [of('inbox'), of('joins'), of('results')];
  const [registry, rateLimits] = [of('registry'), of('rateLimits')];
  return {
    inbox: {
      seen: (keys) => inbox('seen', keys),
      mark: (keys, ttlMs) => inbox('mark', keys, ttlMs),
    },
    joins: {
      arrive: (join, arrival, ttlMs) => joins('arrive', join, arrival, ttlMs),
      drop: (names) => joins('drop', names),
    },
    results: {
      get: (key) => results('get', key),
      set: (key, value, ttlMs) => results('set', key, value, ttlMs),
    },
    registry: {
      put: (key, value, ttlMs) => registry('put', key, value, ttlMs),
      remove: (key) => registry('remove', key),
      list: (prefix) => registry('list', prefix),
    },
    rateLimits: { take: (bucket, limit) => rateLimits('take', bucket, limit) },
  };
}

/** The host's leases. */
export function remoteLeases(link: Link): LeaseStore {
  const ask = asking(link, { store: 'leases', namespace: '' });
  return {
    acquire: (request) => ask('acquire', request),
    renew: (lease, request) => ask('renew', lease, request),
    release: (lease) => ask('release', lease),
    list: (prefix) => ask('list', prefix),
  };
}

/** The host's large payloads. */
export function remoteClaims(link: Link): ClaimCheck {
  return {
    put: async (bytes, contentType) => {
      const { value } = await link.call({ method: 'claims.put', args: [contentType], tail: bytes });
      return String(value.value);
    },
    get: async (digest) => {
      const { value, tail } = await link.call({ method: 'claims.get', args: [digest] });
      return typeof value.value === 'string' ? { bytes: tail, contentType: value.value } : undefined;
    },
    has: async (digest) => {
      const { value } = await link.call({ method: 'claims.has', args: [digest] });
      return value.value === true;
    },
  };
}
