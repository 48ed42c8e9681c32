import type { JsonValue } from '../cloud-event';

const at = '2025-01-31T12:00:00.000Z';
const problem = {
  code: 'UNKNOWN_ACTION',
  message: 'nobody offers no-such',
  path: 'steps[0].action',
  line: 4,
  file: 'a.yaml',
};
const step = {
  id: 'analyse',
  name: 'Analyse the picture',
  action: 'analyse-image',
  participant: 'image-processing',
  status: 'completed',
  run: 1,
  epoch: 1,
  attempts: 1,
  startedAt: at,
  endedAt: at,
  output: { width: 1 },
};
const summary = {
  id: 'quick_style_assessment',
  name: 'Quick style assessment',
  version: '1.0.0',
  digest: 'sha256:00',
  status: 'active',
  waitsFor: [],
  description: '',
  steps: 2,
  example: {},
};

/** A good body of each HTTP shape, by the name of its schema. */
export const httpSamples: Readonly<Record<string, JsonValue>> = {
  'execute-request': { workflow: 'quick_style_assessment', input: { image: 'sha256:00' }, userId: 'u1' },
  'execute-accepted': { sagaId: 's1', workflow: 'w', version: '1.0.0', status: 'running', duplicate: false },
  'step-detail': step,
  'saga-detail': {
    sagaId: 's1',
    workflow: 'w',
    version: '1.0.0',
    status: 'running',
    run: 1,
    input: {},
    startedAt: at,
    durationMs: 12.5,
    steps: [step],
    sequence: 3,
    waitingFor: 'profile',
    until: at,
    owner: 'coordinator',
  },
  'saga-feed-entry': {
    sequence: 1,
    type: 'ai.aura.saga.started.v1',
    time: at,
    status: 'running',
    data: null,
  },
  'why-answer': { sagaId: 's1', status: 'running', why: 'It waits for profile.' },
  'definition-summary': summary,
  'definition-problem': problem,
  'definition-list': { definitions: [summary] },
  'definition-check': { problems: [problem] },
  'image-accepted': { digest: 'sha256:00', bytes: 40_000, contentType: 'image/jpeg' },
  'health-answer': {
    status: 'ok',
    version: '0.1.0',
    instance: 'i1',
    mode: 'embedded',
    bus: 'up',
    reasons: [],
    participants: ['nlu'],
  },
  'problem-details': {
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: 'the input is no object',
    code: 'BAD_INPUT',
    errors: [{ path: 'input', message: 'must be an object' }],
  },
};
