import {
  compensationPlan,
  definitionList,
  healthAnswer,
  participantList,
  overdueList,
  rerunPlan,
  sagaList,
  sagaStanding,
  standing,
  templateList,
  unclaimedList,
  transactionDetail,
  transactionList,
  whyAnswer,
  type SagaList,
  type SagaSummary,
} from '@aura/contracts';
import type { AuraClient, SagaFilter } from './aura-client';
import { getSaga, type AbortOption } from './saga-handle';
import type { AnswerSchema, Transport } from './transport';

/** What only looks: repeated when it may pass. */
export type Reading = Pick<
  AuraClient,
  | 'get'
  | 'compensation'
  | 'planRerun'
  | 'standing'
  | 'overdue'
  | 'unclaimed'
  | 'transactions'
  | 'transaction'
  | 'status'
  | 'why'
  | 'page'
  | 'list'
  | 'templates'
  | 'definitions'
  | 'participants'
  | 'health'
>;

/** The calls that read. */
export function reading(transport: Transport): Reading {
  const page: Reading['page'] = (filter, how) =>
    fetched(transport, `/api/v1/workflows${queryOf(filter)}`, sagaList, how);
  return {
    get: (sagaId, how) => getSaga(transport, sagaId, how),
    status: (sagaId, how) => fetched(transport, sagaPath(sagaId, '/status'), sagaStanding, how),
    why: (sagaId, how) => fetched(transport, sagaPath(sagaId, '/why'), whyAnswer, how),
    compensation: (sagaId, how) =>
      fetched(transport, sagaPath(sagaId, '/compensation'), compensationPlan, how),
    planRerun: (sagaId, from, how) =>
      fetched(
        transport,
        sagaPath(sagaId, `/rerun?${new URLSearchParams({ from }).toString()}`),
        rerunPlan,
        how,
      ),
    standing: (id, how) =>
      fetched(transport, `/api/v1/why?${new URLSearchParams({ id }).toString()}`, standing, how),
    overdue: async (how) => (await fetched(transport, '/api/v1/overdue', overdueList, how)).overdue,
    unclaimed: async (how) =>
      (await fetched(transport, '/api/v1/events/unclaimed', unclaimedList, how)).events,
    transactions: async (filter = {}, how) => {
      const query = new URLSearchParams(Object.entries(filter)).toString();
      const path = `/api/v1/transactions${query === '' ? '' : `?${query}`}`;
      return (await fetched(transport, path, transactionList, how)).transactions;
    },
    transaction: (id, how) => fetched(transport, transactionPath(id), transactionDetail, how),
    page,
    list: (filter, how) => everyPage(page, filter, how),
    templates: async (how) =>
      (await fetched(transport, '/api/v1/workflows/templates', templateList, how)).templates,
    definitions: async (how) =>
      (await fetched(transport, '/api/v1/definitions', definitionList, how)).definitions,
    participants: (how) => fetched(transport, '/api/v1/participants', participantList, how),
    health: (how) => fetched(transport, '/health', healthAnswer, how),
  };
}

/** The path of a saga, whatever its id is made of. */
export function sagaPath(sagaId: string, rest = ''): string {
  return `/api/v1/workflows/${encodeURIComponent(sagaId)}${rest}`;
}

/** The path of a transaction: its id is one segment. */
export function transactionPath(transaction: string, rest = ''): string {
  return `/api/v1/transactions/${encodeURIComponent(transaction)}${rest}`;
}

async function* everyPage(
  page: Reading['page'],
  filter: SagaFilter = {},
  how?: AbortOption,
): AsyncGenerator<SagaSummary, void> {
  let cursor: string | undefined;
  do {
    const { sagas, next }: SagaList = await page(cursor === undefined ? filter : { ...filter, cursor }, how);
    yield* sagas;
    cursor = next;
  } while (cursor !== undefined);
}

function queryOf({ status, from, to, ...plain }: SagaFilter & { readonly cursor?: string } = {}): string {
  const query = new URLSearchParams();
  for (const state of status ?? []) query.append('status', state);
  if (from !== undefined) query.set('from', from.toISOString());
  if (to !== undefined) query.set('to', to.toISOString());
  for (const [name, value] of Object.entries(plain)) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function fetched<T>(
  transport: Transport,
  path: string,
  schema: AnswerSchema<T>,
  { signal }: AbortOption = {},
): Promise<T> {
  return transport.ask({ method: 'GET', path, repeatable: true, ...(signal ? { signal } : {}) }, schema);
}
