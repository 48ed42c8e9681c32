import * as z from 'zod';
import { cancelQuery, executeQuery, idempotencyKey, sagaListQuery } from '../http-queries';
import type { HttpRoad, RoadBody } from './road';

const UNKNOWN = { '404': 'No saga has this id, whatever its shape.' };
const LOCATION = { location: 'Path of the saga.' };

const start: Pick<HttpRoad, 'tag' | 'headers' | 'bodies'> & { readonly bodies: readonly RoadBody[] } = {
  tag: 'workflows',
  headers: {
    'Idempotency-Key': {
      schema: idempotencyKey,
      description:
        'The same key of the same actor starts one saga. Good as long as the saga is held, 24 h at least.',
    },
  },
  bodies: [
    {
      mediaTypes: ['application/json'],
      content: { shape: 'execute-request' },
      description: 'The workflow by its id, and its input.',
    },
  ],
};

const refusals = {
  '400': 'The request cannot be read; `errors` has path and reason of each violation.',
  '404': 'There is no such workflow.',
  '409': 'The workflow waits for the participants in `waitsFor`; they were waited for.',
  '413': 'The body is too large.',
  '415': 'The body is not JSON.',
  '422': 'The input does not fit (`errors`), or the key came before with another request.',
  '429': 'No new saga is taken now; come again after `Retry-After`.',
  '503': 'A server is away, or too many requests wait; come again after `Retry-After`.',
};

/** Roads of workflows and their sagas. */
export const workflowRoads: readonly HttpRoad[] = [
  {
    ...start,
    id: 'executeWorkflow',
    method: 'post',
    path: '/api/v1/workflows/execute',
    summary: 'Start a saga and wait for its end',
    description: 'A client that goes ends the wait, not the saga.',
    query: executeQuery,
    answers: {
      '200': { description: 'The saga, whatever its end.', shape: 'saga-detail', headers: LOCATION },
    },
    problems: { ...refusals, '504': 'The wait is over and the saga goes on, at `Location`.' },
  },
  {
    ...start,
    id: 'startWorkflow',
    method: 'post',
    path: '/api/v1/workflows/execute/async',
    summary: 'Start a saga',
    answers: {
      '202': { description: 'The start is durable.', shape: 'execute-accepted', headers: LOCATION },
    },
    problems: refusals,
  },
  {
    id: 'listSagas',
    method: 'get',
    path: '/api/v1/workflows',
    tag: 'workflows',
    summary: 'List sagas, newest first',
    query: sagaListQuery,
    answers: { '200': { description: 'One page.', shape: 'saga-list' } },
    problems: { '400': 'A filter or the cursor cannot be read.' },
  },
  {
    id: 'listTemplates',
    method: 'get',
    path: '/api/v1/workflows/templates',
    tag: 'workflows',
    summary: 'What can be started, with an example and a line for a shell',
    answers: { '200': { description: 'One for each workflow.', shape: 'template-list' } },
  },
  {
    id: 'showSaga',
    method: 'get',
    path: '/api/v1/workflows/{sagaId}',
    tag: 'workflows',
    summary: 'A saga with its steps',
    answers: { '200': { description: 'The saga.', shape: 'saga-detail' } },
    problems: UNKNOWN,
  },
  {
    id: 'showSagaStatus',
    method: 'get',
    path: '/api/v1/workflows/{sagaId}/status',
    tag: 'workflows',
    summary: 'How a saga stands, without payloads',
    answers: { '200': { description: 'How it stands.', shape: 'saga-standing' } },
    problems: UNKNOWN,
  },
  {
    id: 'explainSaga',
    method: 'get',
    path: '/api/v1/workflows/{sagaId}/why',
    tag: 'workflows',
    summary: 'Where a saga stands and why, in one sentence',
    answers: { '200': { description: 'The sentence.', shape: 'why-answer' } },
    problems: UNKNOWN,
  },
  {
    id: 'followSaga',
    method: 'get',
    path: '/api/v1/workflows/{sagaId}/events',
    tag: 'workflows',
    summary: "A saga's feed, as server-sent events",
    description:
      'Each message has `id:` (the sequence) and `data:` (a SagaFeedEntry as JSON); a quiet feed sends comments. ' +
      'It ends with the saga. A client that does not read is cut, and may come again with `Last-Event-ID`.',
    headers: {
      'Last-Event-ID': {
        schema: z.string().regex(/^\d{0,15}$/),
        description: 'Go on behind the entry with this sequence.',
      },
    },
    answers: {
      '200': { description: 'The feed.', mediaType: 'text/event-stream' },
      '204': { description: 'The saga has ended and the client has all there is: do not come again.' },
    },
    problems: { ...UNKNOWN, '400': 'Last-Event-ID is none.', '503': 'Too many feeds are open.' },
  },
  {
    id: 'cancelSaga',
    method: 'delete',
    path: '/api/v1/workflows/{sagaId}',
    tag: 'workflows',
    summary: 'Cancel a saga',
    query: cancelQuery,
    answers: {
      '200': {
        description: 'The saga, cancelled or being undone for it, now or before.',
        shape: 'saga-detail',
      },
    },
    problems: { ...UNKNOWN, '409': 'It has ended, was given up before, or can only complete (`applied`).' },
  },
];
