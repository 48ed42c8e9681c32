import { rerunQuery } from '../http-rerun';
import type { HttpRoad } from './road';

const path = '/api/v1/workflows/{sagaId}/rerun';
const UNREADABLE = 'The request cannot be read; `errors` has path and reason of each violation.';
const UNKNOWN = 'No saga has this id, whatever its shape.';

/** Roads of a saga that goes on again from a step. */
export const rerunRoads: readonly HttpRoad[] = [
  {
    id: 'planRerun',
    method: 'get',
    path,
    tag: 'workflows',
    summary: 'What a rerun from a step would undo, run again and carry over, without doing it',
    query: rerunQuery,
    answers: { '200': { description: 'The plan, or why it is refused.', shape: 'rerun-plan' } },
    problems: { '404': UNKNOWN, '400': UNREADABLE },
  },
  {
    id: 'rerunSaga',
    method: 'post',
    path,
    tag: 'workflows',
    summary: 'Let a saga that has ended or is suspended go on again from a step, as a new run',
    description:
      'What is applied of the steps that run again is undone first; ends of the others are carried over into the new run.',
    bodies: [
      {
        mediaTypes: ['application/json'],
        content: { shape: 'rerun-request' },
        description: 'From which step, and why; who acts is known. All three stand in the journal.',
      },
    ],
    answers: { '200': { description: 'The saga as it stands then.', shape: 'saga-detail' } },
    problems: {
      '404': UNKNOWN,
      '400': UNREADABLE,
      '409': 'The saga cannot be run again from there as it stands; `detail` says why.',
    },
  },
];
