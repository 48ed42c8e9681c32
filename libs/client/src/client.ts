import {
  definitionCheck,
  definitionList,
  definitionSummary,
  executeAccepted,
  healthAnswer,
  imageAccepted,
  whyAnswer,
  type DefinitionProblem,
  type DefinitionSummary,
  type HealthAnswer,
  type ImageAccepted,
  type JsonValue,
  type SagaDetail,
  type WhyAnswer,
} from '@aura/contracts';
import { retryPolicy } from './retry-policy';
import type { FeedRetries } from './saga-feed';
import { getSaga, sagaHandle, type AbortOption, type SagaHandle, type StartedSaga } from './saga-handle';
import { Transport, type AnswerSchema, type Fetch, type TransportRequest } from './transport';

/** Where Aura is and how patient the client is. Times in milliseconds. */
export interface ConnectOptions {
  /** E.g. `http://127.0.0.1:8006`. */
  readonly url: string;
  /** Default: the platform's. */
  readonly fetch?: Fetch;
  /** How often a request that may be repeated is tried again; default 4. */
  readonly retries?: number;
  /** How often in a row a broken feed is opened again; default 10, some 30 s. */
  readonly reconnects?: number;
  /** Longest time for one request, feeds aside; default 30 s. */
  readonly timeoutMs?: number;
  /** A feed without a byte for so long is opened again; default 45 s, three heartbeats. */
  readonly quietMs?: number;
}

/** Options of a start. */
export interface StartOptions extends AbortOption {
  readonly version?: string;
  /** The person whose saga it is. */
  readonly userId?: string;
  /** The same key starts one saga, however often it is sent; without one a start is never sent twice. */
  readonly idempotencyKey?: string;
}

/** Options of what takes a definition's text. */
export interface DefinitionOptions extends AbortOption {
  /** Name that problems carry; a name ending in `.json` makes the text JSON, any other YAML. */
  readonly file?: string;
}

/**
 * A client of one Aura. Rejects with `AuraProblemError` (Aura refused), `AuraUnreachableError` (nobody answered),
 * `UnexpectedAnswerError` (it is no Aura), or the reason of an abort.
 */
export interface AuraClient {
  readonly url: string;
  start(workflow: string, input: JsonValue, options?: StartOptions): Promise<StartedSaga>;
  saga(sagaId: string): SagaHandle;
  get(sagaId: string, options?: AbortOption): Promise<SagaDetail>;
  why(sagaId: string, options?: AbortOption): Promise<WhyAnswer>;
  /** Keeps a picture; its digest is what a workflow's input names. */
  uploadImage(bytes: Uint8Array, contentType: string, options?: AbortOption): Promise<ImageAccepted>;
  definitions(options?: AbortOption): Promise<readonly DefinitionSummary[]>;
  /** A refused definition rejects with `AuraProblemError`, the reasons in `problem.problems`. */
  publishDefinition(text: string, options?: DefinitionOptions): Promise<DefinitionSummary>;
  checkDefinition(text: string, options?: DefinitionOptions): Promise<readonly DefinitionProblem[]>;
  health(options?: AbortOption): Promise<HealthAnswer>;
}

const JSON_TYPE = 'application/json';
const LONGEST_RETRY_WAIT_MS = 2000;
const LONGEST_RECONNECT_WAIT_MS = 5000;

/** Makes a client; asks nothing of Aura yet. An URL that is none is a `TypeError`. */
export function connect(options: ConnectOptions): AuraClient {
  const url = new URL(options.url).href.replace(/\/+$/, '');
  const ask: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const policy = retryPolicy(options.retries ?? 4, LONGEST_RETRY_WAIT_MS);
  const transport = new Transport(url, ask, policy, options.timeoutMs ?? 30_000);
  const feeds: FeedRetries = {
    policy: retryPolicy(options.reconnects ?? 10, LONGEST_RECONNECT_WAIT_MS),
    quietMs: options.quietMs ?? 45_000,
  };
  return {
    url,
    start: (workflow, input, how) => start({ transport, feeds }, { workflow, input }, how),
    saga: (sagaId) => sagaHandle(transport, sagaId, feeds),
    get: (sagaId, how) => getSaga(transport, sagaId, how),
    why: (sagaId, how) =>
      fetched(transport, `/api/v1/workflows/${encodeURIComponent(sagaId)}/why`, whyAnswer, how),
    definitions: async (how) =>
      (await fetched(transport, '/api/v1/definitions', definitionList, how)).definitions,
    health: (how) => fetched(transport, '/health', healthAnswer, how),
    ...sending(transport),
  };
}

type Sending = Pick<AuraClient, 'uploadImage' | 'publishDefinition' | 'checkDefinition'>;

function sending(transport: Transport): Sending {
  return {
    uploadImage: (bytes, contentType, how) => {
      const body = new Uint8Array(bytes);
      const request = posted('/api/v1/images', { body, contentType }, how);
      return transport.ask(request, imageAccepted);
    },
    publishDefinition: (text, how) => transport.ask(definitionRequest('', text, how), definitionSummary),
    checkDefinition: async (text, how) =>
      (await transport.ask(definitionRequest('/check', text, how), definitionCheck)).problems,
  };
}

async function start(
  { transport, feeds }: { readonly transport: Transport; readonly feeds: FeedRetries },
  { workflow, input }: { readonly workflow: string; readonly input: JsonValue },
  { version, userId, idempotencyKey, signal }: StartOptions = {},
): Promise<StartedSaga> {
  const body = JSON.stringify({ workflow, input, version, userId });
  const request = posted('/api/v1/workflows/execute/async', { body, contentType: JSON_TYPE }, { signal });
  const keyed = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  const accepted = await transport.ask(
    { ...request, headers: { ...request.headers, ...keyed }, repeatable: idempotencyKey !== undefined },
    executeAccepted,
  );
  return { ...sagaHandle(transport, accepted.sagaId, feeds), accepted };
}

function fetched<T>(
  transport: Transport,
  path: string,
  schema: AnswerSchema<T>,
  { signal }: AbortOption = {},
): Promise<T> {
  return transport.ask({ method: 'GET', path, repeatable: true, ...(signal ? { signal } : {}) }, schema);
}

function definitionRequest(suffix: string, text: string, options: DefinitionOptions = {}): TransportRequest {
  const { file, signal } = options;
  const path = `/api/v1/definitions${suffix}${file === undefined ? '' : `?file=${encodeURIComponent(file)}`}`;
  const contentType = file?.endsWith('.json') ? JSON_TYPE : 'application/yaml';
  return posted(path, { body: text, contentType }, { signal });
}

function posted(
  path: string,
  content: { readonly body: string | Uint8Array<ArrayBuffer>; readonly contentType: string },
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): TransportRequest {
  const headers = { 'content-type': content.contentType };
  const abort = signal === undefined ? {} : { signal };
  return { method: 'POST', path, headers, body: content.body, repeatable: false, ...abort };
}
