import { standingQuery } from '../http-liveness';
import type { HttpRoad } from './road';

const UNREADABLE = 'The request cannot be read; `errors` has path and reason of each violation.';

/** Roads of what waits, of what nobody claims, and of views that are made again. */
export const livenessRoads: readonly HttpRoad[] = [
  {
    id: 'listUnclaimed',
    method: 'get',
    path: '/api/v1/events/unclaimed',
    tag: 'operations',
    summary: 'Events whose saga is not known, oldest first',
    answers: { '200': { description: 'At most 1000 of them.', shape: 'unclaimed-list' } },
  },
  {
    id: 'dropUnclaimed',
    method: 'post',
    path: '/api/v1/events/unclaimed/drop',
    tag: 'operations',
    summary: 'Give up waiting for the saga of an event',
    bodies: [
      {
        mediaTypes: ['application/json'],
        content: { shape: 'drop-request' },
        description: 'Which event, by its source and id, and why.',
      },
    ],
    answers: { '200': { description: 'The event as it was held.', shape: 'unclaimed-event' } },
    problems: { '404': 'No such event is held.', '400': UNREADABLE },
  },
  {
    id: 'listOverdue',
    method: 'get',
    path: '/api/v1/overdue',
    tag: 'operations',
    summary: 'What is past the time that it said, or does not say what it waits for',
    answers: { '200': { description: 'At most 200 of each kind.', shape: 'overdue-list' } },
  },
  {
    id: 'explainStanding',
    method: 'get',
    path: '/api/v1/why',
    tag: 'operations',
    summary: 'What something that has not ended waits for, until when, and who acts then',
    description:
      'Of a saga by its id, an event by `source id`, a dead letter by its id, or a definition by `id@version`.',
    query: standingQuery,
    answers: { '200': { description: 'How it stands, in one sentence too.', shape: 'standing' } },
    problems: { '404': 'Nothing with this id waits for anything.', '400': UNREADABLE },
  },
  {
    id: 'rebuildViews',
    method: 'post',
    path: '/api/v1/rebuild',
    tag: 'operations',
    summary: 'Make views again from their journals, or tell what is missing',
    bodies: [
      {
        mediaTypes: ['application/json'],
        content: { shape: 'rebuild-request' },
        description: 'Whether only to look.',
      },
    ],
    answers: { '200': { description: 'What was missing or different.', shape: 'rebuild-report' } },
    problems: { '400': UNREADABLE },
  },
];
