import type { HttpRoad } from './road';

const UNKNOWN = { '404': 'No saga has this id, whatever its shape.' };

function mend(id: string, verb: string, summary: string): HttpRoad {
  return {
    id,
    method: 'post',
    path: `/api/v1/workflows/{sagaId}/${verb}`,
    tag: 'workflows',
    summary,
    bodies: [
      {
        mediaTypes: ['application/json'],
        content: { shape: 'mend-request' },
        description: 'Why, and about which step; who acts is known. Both stand in the journal.',
      },
    ],
    answers: { '200': { description: 'The saga as it stands then.', shape: 'saga-detail' } },
    problems: {
      ...UNKNOWN,
      '400': 'The request cannot be read; `errors` has path and reason of each violation.',
      '409': 'The saga does not wait for this; `detail` says what it waits for.',
    },
  };
}

/** Roads of what sagas undo, and of people who mend them. */
export const compensationRoads: readonly HttpRoad[] = [
  {
    id: 'showCompensation',
    method: 'get',
    path: '/api/v1/workflows/{sagaId}/compensation',
    tag: 'workflows',
    summary: 'What a saga undoes, or would if it were given up now',
    answers: { '200': { description: 'The plan to undo.', shape: 'compensation-plan' } },
    problems: UNKNOWN,
  },
  mend('retrySaga', 'retry', 'Try an undo that failed, or the step that suspended a saga, once more'),
  mend('skipUndo', 'skip', 'Leave what could not be undone'),
  mend('resolveUndo', 'resolve', 'Say that what could not be undone was undone by hand'),
  mend('resumeSaga', 'resume', 'Give the output of the step that suspended a saga'),
];
