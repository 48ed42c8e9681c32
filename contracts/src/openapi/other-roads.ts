import { definitionQuery, retireQuery } from '../http-queries';
import type { HttpRoad } from './road';

const DEFINITION_TYPES = [
  'application/yaml',
  'application/json',
  'text/yaml',
  'application/x-yaml',
  'text/x-yaml',
];

const text = [
  { mediaTypes: DEFINITION_TYPES, content: 'text', description: 'The definition, in YAML or JSON.' },
] as const;

/** Roads of definitions, pictures and health. */
export const otherRoads: readonly HttpRoad[] = [
  {
    id: 'listDefinitions',
    method: 'get',
    path: '/api/v1/definitions',
    tag: 'definitions',
    summary: 'What is published, and for whom it waits',
    answers: { '200': { description: 'All definitions.', shape: 'definition-list' } },
  },
  {
    id: 'publishDefinition',
    method: 'post',
    path: '/api/v1/definitions',
    tag: 'definitions',
    summary: 'Publish a definition',
    query: definitionQuery,
    bodies: text,
    answers: {
      '201': {
        description: 'It stands. The same content again answers the same.',
        shape: 'definition-summary',
      },
    },
    problems: {
      '413': 'It is too large.',
      '415': 'Another media type.',
      '422': 'Refused; `problems` has every reason with its line.',
    },
  },
  {
    id: 'checkDefinition',
    method: 'post',
    path: '/api/v1/definitions/check',
    tag: 'definitions',
    summary: 'Check a definition; nothing is stored',
    query: definitionQuery,
    bodies: text,
    answers: {
      '200': { description: 'Every reason to refuse it; none when it is good.', shape: 'definition-check' },
    },
    problems: { '413': 'It is too large.', '415': 'Another media type.' },
  },
  {
    id: 'retireDefinition',
    method: 'delete',
    path: '/api/v1/definitions/{id}',
    tag: 'definitions',
    summary: 'Retire one version of a definition, or all: they take no more sagas',
    description:
      'Sagas under way go on. Behind the last of them everybody unbinds what no other definition needs. Repeated, it answers the same.',
    query: retireQuery,
    answers: { '200': { description: 'How they stand now.', shape: 'definition-list' } },
    problems: { '404': 'There is no such definition.' },
  },
  {
    id: 'uploadImage',
    method: 'post',
    path: '/api/v1/images',
    tag: 'images',
    summary: 'Keep a picture; its digest is what an input names',
    bodies: [
      {
        mediaTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/avif'],
        content: 'bytes',
        description: 'The picture itself.',
      },
      { mediaTypes: ['multipart/form-data'], content: 'form', description: 'A form with one file.' },
    ],
    answers: {
      '201': { description: 'It is kept. The same bytes again answer the same.', shape: 'image-accepted' },
    },
    problems: { '400': 'No picture is in it.', '413': 'It is too large.', '415': 'Another media type.' },
  },
  {
    id: 'listParticipants',
    method: 'get',
    path: '/api/v1/participants',
    tag: 'health',
    summary: 'Which participants are there, and which are missing',
    answers: {
      '200': { description: 'Every participant that ever announced itself.', shape: 'participant-list' },
    },
  },
  {
    id: 'showWelcome',
    method: 'get',
    path: '/',
    tag: 'health',
    summary: 'What this is, and where to go',
    answers: { '200': { description: 'Name, version and links.', shape: 'welcome' } },
    isOpen: true,
  },
  {
    id: 'showLife',
    method: 'get',
    path: '/health/live',
    tag: 'health',
    summary: 'Whether the process lives',
    answers: { '200': { description: 'It does.', shape: 'live-answer' } },
    isOpen: true,
  },
  {
    id: 'showReadiness',
    method: 'get',
    path: '/health/ready',
    tag: 'health',
    summary: 'Whether everything is there that the process works with',
    answers: {
      '200': { description: 'It is.', shape: 'ready-answer' },
      '503': {
        description: 'It is not; each dependency says how it stands.',
        shape: 'ready-answer',
        headers: { 'retry-after': 'Seconds after which to ask again.' },
      },
    },
    isOpen: true,
  },
  {
    id: 'showMetrics',
    method: 'get',
    path: '/metrics',
    tag: 'health',
    summary: 'What the process has measured, as Prometheus reads it',
    answers: { '200': { description: 'The measurements.', mediaType: 'text/plain' } },
  },
  {
    id: 'showHealth',
    method: 'get',
    path: '/health',
    tag: 'health',
    summary: 'How the process stands',
    description: '200 as long as it answers; `status` and `reasons` tell the rest.',
    answers: { '200': { description: 'How it stands.', shape: 'health-answer' } },
    isOpen: true,
  },
];
