import {
  definitionCheck,
  definitionSummary,
  executeAccepted,
  imageAccepted,
  rebuildReport,
  sagaDetail,
  unclaimedEvent,
  transactionDetail,
  type ExecuteAccepted,
} from '@aura/contracts';
import type { AuraClient, DefinitionOptions, StartOptions } from './aura-client';
import { imageBody } from './image-content';
import { sagaPath, transactionPath } from './reading';
import type { AbortOption } from './saga-handle';
import type { Transport, TransportRequest } from './transport';

const JSON_TYPE = 'application/json';

/** What changes something: sent once, except for a start with an idempotency key. */
export type Sending = Pick<
  AuraClient,
  | 'cancel'
  | 'mend'
  | 'rerun'
  | 'dropUnclaimed'
  | 'rebuild'
  | 'decideTransaction'
  | 'forgetTransaction'
  | 'uploadImage'
  | 'publishDefinition'
  | 'checkDefinition'
>;

/** The calls that change something, starting aside. */
export function sending(transport: Transport): Sending {
  return {
    cancel: (sagaId, { reason, signal } = {}) => {
      const query = reason === undefined ? '' : `?${new URLSearchParams({ reason }).toString()}`;
      const path = sagaPath(sagaId, query);
      return transport.ask(
        { method: 'DELETE', path, repeatable: false, ...(signal ? { signal } : {}) },
        sagaDetail,
      );
    },
    mend: (sagaId, { command, signal, ...wish }) => {
      const body = { body: JSON.stringify(wish), contentType: JSON_TYPE };
      return transport.ask(posted(sagaPath(sagaId, `/${command}`), body, { signal }), sagaDetail);
    },
    rerun: (sagaId, { signal, ...wish }) => {
      const body = { body: JSON.stringify(wish), contentType: JSON_TYPE };
      return transport.ask(posted(sagaPath(sagaId, '/rerun'), body, { signal }), sagaDetail);
    },
    dropUnclaimed: ({ signal, ...wish }) => {
      const body = { body: JSON.stringify(wish), contentType: JSON_TYPE };
      return transport.ask(posted('/api/v1/events/unclaimed/drop', body, { signal }), unclaimedEvent);
    },
    rebuild: (dryRun, how) => {
      const body = { body: JSON.stringify({ dryRun }), contentType: JSON_TYPE };
      return transport.ask(posted('/api/v1/rebuild', body, how), rebuildReport);
    },
    ...deciding(transport),
    uploadImage: async (content, contentType, how) => {
      const image = await imageBody(content, contentType, how?.signal);
      return transport.ask(posted('/api/v1/images', image, how), imageAccepted);
    },
    publishDefinition: (text, how) => transport.ask(definitionRequest('', text, how), definitionSummary),
    checkDefinition: async (text, how) =>
      (await transport.ask(definitionRequest('/check', text, how), definitionCheck)).problems,
  };
}

/** What people do about transactions. */
function deciding(transport: Transport): Pick<Sending, 'decideTransaction' | 'forgetTransaction'> {
  return {
    decideTransaction: (id, { signal, ...wish }) => {
      const body = { body: JSON.stringify(wish), contentType: JSON_TYPE };
      return transport.ask(posted(transactionPath(id, '/decide'), body, { signal }), transactionDetail);
    },
    forgetTransaction: (id, { signal } = {}) =>
      transport.ask(
        {
          method: 'DELETE',
          path: transactionPath(id),
          repeatable: false,
          ...(signal ? { signal } : {}),
        },
        transactionDetail,
      ),
  };
}

/** What is to be started. */
export interface StartWish {
  readonly workflow: string;
  readonly input: unknown;
}

/** Starts a saga; with a key the request may be repeated. */
export function startSaga(
  transport: Transport,
  { workflow, input }: StartWish,
  { version, userId, idempotencyKey, signal }: StartOptions = {},
): Promise<ExecuteAccepted> {
  const body = JSON.stringify({ workflow, input, version, userId });
  const request = posted('/api/v1/workflows/execute/async', { body, contentType: JSON_TYPE }, { signal });
  const keyed = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  return transport.ask(
    { ...request, headers: { ...request.headers, ...keyed }, repeatable: idempotencyKey !== undefined },
    executeAccepted,
  );
}

function definitionRequest(suffix: string, text: string, options: DefinitionOptions = {}): TransportRequest {
  const { file, signal } = options;
  const path = `/api/v1/definitions${suffix}${file === undefined ? '' : `?file=${encodeURIComponent(file)}`}`;
  const contentType = file?.endsWith('.json') ? JSON_TYPE : 'application/yaml';
  return posted(path, { body: text, contentType }, { signal });
}

interface Content {
  readonly body: NonNullable<TransportRequest['body']>;
  readonly contentType: string;
}

function posted(
  path: string,
  { body, contentType }: Content,
  { signal }: { readonly signal?: AbortOption['signal'] | undefined } = {},
): TransportRequest {
  const headers = { 'content-type': contentType };
  return { method: 'POST', path, headers, body, repeatable: false, ...(signal ? { signal } : {}) };
}
