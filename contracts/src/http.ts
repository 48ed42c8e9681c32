import * as z from 'zod';
import { errorRecord } from './events/errors';
import { parentRef } from './events/sub-saga-events';
import { jsonValue } from './json-value';
import { personId } from './person';
import { sagaStatus, stepStatus } from './saga-state';

/** Body of `POST /api/v1/workflows/execute` and `…/execute/async`. `workflow` is a definition's id. */
export const executeRequest = z.strictObject({
  workflow: z.string().min(1).max(200),
  version: z.string().max(100).optional(),
  input: jsonValue.default({}),
  userId: personId.optional(),
});

/** Answer to an accepted start (202, with Location). `duplicate`: the same key had started it before. */
export const executeAccepted = z.object({
  sagaId: z.string(),
  workflow: z.string(),
  version: z.string(),
  status: sagaStatus,
  duplicate: z.boolean(),
});

/** One step of a saga as clients see it. Times are RFC 3339. */
export const stepDetail = z.object({
  id: z.string(),
  name: z.string(),
  action: z.string(),
  participant: z.string(),
  status: stepStatus,
  run: z.number().int(),
  epoch: z.number().int(),
  /** Deliveries in all epochs. */
  attempts: z.number().int(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  output: jsonValue.optional(),
  error: errorRecord.optional(),
  deadLetterId: z.string().optional(),
  /** Completed by its fallback. */
  byFallback: z.boolean().optional(),
  /** Of a step of type saga: its sub-sagas so far, the newest last. */
  subSagas: z.array(z.string()).optional(),
});

/** A saga as clients see it. `sequence` is the number of the newest entry of its feed. */
export const sagaDetail = z.object({
  sagaId: z.string(),
  workflow: z.string(),
  version: z.string(),
  status: sagaStatus,
  run: z.number().int(),
  input: jsonValue,
  userId: z.string().optional(),
  /** Of a sub-saga: the step that it performs. */
  parent: parentRef.optional(),
  output: jsonValue.optional(),
  error: errorRecord.optional(),
  failedStep: z.string().optional(),
  /** Who cancelled it, and why. */
  cancelled: z.object({ by: z.string(), reason: z.string() }).optional(),
  /** Stateful steps whose effect stands, when the saga stopped behind them. */
  applied: z.array(z.string()).optional(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  durationMs: z.number(),
  steps: z.array(stepDetail),
  sequence: z.number().int(),
  /** What an open saga waits for, until when, and who acts then. */
  waitingFor: z.string().optional(),
  until: z.string().optional(),
  owner: z.string().optional(),
});

/** `GET /api/v1/workflows/:sagaId/status`: how a saga stands, without its payloads. */
export const sagaStanding = sagaDetail.pick({
  sagaId: true,
  workflow: true,
  version: true,
  status: true,
  run: true,
  failedStep: true,
  startedAt: true,
  endedAt: true,
  durationMs: true,
  sequence: true,
  waitingFor: true,
  until: true,
  owner: true,
});

/** A saga in lists, from a view that may be a second behind. */
export const sagaSummary = z.object({
  sagaId: z.string(),
  workflow: z.string(),
  version: z.string(),
  status: sagaStatus,
  userId: z.string().optional(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  error: errorRecord.optional(),
});

/** `GET /api/v1/workflows`: newest first. `next` is the cursor of the following page; absent on the last. */
export const sagaList = z.object({ sagas: z.array(sagaSummary), next: z.string().optional() });

/** One entry of a saga's feed (`GET …/events`, SSE): `sequence` is the SSE id. */
export const sagaFeedEntry = z.object({
  sequence: z.number().int(),
  /** CloudEvent type, e.g. `ai.aura.image.analysed.v1` or `ai.aura.saga.completed.v1`. */
  type: z.string(),
  time: z.string(),
  step: z.string().optional(),
  /** The step's or the saga's state after the entry. */
  status: z.string(),
  data: jsonValue.optional(),
});

/** `GET /api/v1/workflows/:sagaId/why`. */
export const whyAnswer = z.object({ sagaId: z.string(), status: sagaStatus, why: z.string() });

/**
 * A definition in lists. `waitsFor`: participants whose confirmation is missing, of their bindings or, behind the last
 * saga of a retired one, that they are gone. `until` (RFC 3339): when a definition that is being published expires.
 */
export const definitionSummary = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  status: z.enum(['publishing', 'active', 'expired', 'retired']),
  waitsFor: z.array(z.string()),
  until: z.string().optional(),
  description: z.string(),
  steps: z.number().int(),
  example: jsonValue,
});

/** One reason why a definition is refused. Lines count from 1; absent where the reason has no place. */
export const definitionProblem = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string(),
  line: z.number().int().optional(),
  file: z.string().optional(),
});

/** Answer to `GET /api/v1/definitions`. */
export const definitionList = z.object({ definitions: z.array(definitionSummary) });

/** Answer to `POST /api/v1/definitions/check`: no problems, no refusal. */
export const definitionCheck = z.object({ problems: z.array(definitionProblem) });

/** A workflow as something to start: what it takes, an example, and a line for a shell that starts the example. */
export const workflowTemplate = z.object({
  workflow: z.string(),
  version: z.string(),
  name: z.string(),
  description: z.string(),
  /** Participants whose confirmation is missing; it can be started when there are none. */
  waitsFor: z.array(z.string()),
  /** JSON Schema of the input. */
  input: jsonValue,
  /** JSON Schema of the output of a saga that completed, as far as participants say what they give; `true`: anything. */
  output: jsonValue,
  example: jsonValue,
  curl: z.string(),
});

/** `GET /api/v1/workflows/templates`. */
export const templateList = z.object({ templates: z.array(workflowTemplate) });

/** Answer to an uploaded image. */
export const imageAccepted = z.object({
  digest: z.string(),
  bytes: z.number().int(),
  contentType: z.string(),
});

/** `GET /health`. */
export const healthAnswer = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  instance: z.string(),
  mode: z.enum(['embedded', 'servers']),
  bus: z.enum(['up', 'down', 'blocked']),
  reasons: z.array(z.string()),
  participants: z.array(z.string()),
});

/** `GET /`: what this is, and where to go. */
export const welcome = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  /** Paths by what is there. */
  links: z.record(z.string(), z.string()),
});

/** `GET /health/live` of every process. */
export const liveAnswer = z.object({
  status: z.literal('live'),
  service: z.string(),
  version: z.string(),
  instance: z.string(),
  upForMs: z.number().int(),
});

/** One thing that a process cannot work without. `reason`: why it is down. */
export const dependencyState = z.object({
  name: z.string(),
  status: z.enum(['up', 'down']),
  tookMs: z.number().int(),
  reason: z.string().optional(),
});

/** `GET /health/ready` of every process: 200 when `ready`, else 503. */
export const readyAnswer = z.object({
  status: z.enum(['ready', 'not-ready']),
  service: z.string(),
  version: z.string(),
  instance: z.string(),
  dependencies: z.array(dependencyState),
});

/** One process of a participant that announced itself. `missing`: it fell silent without a goodbye. */
export const participantInstance = z.object({
  instance: z.string(),
  version: z.string(),
  status: z.enum(['present', 'missing']),
  /** Last announcement, RFC 3339. */
  seenAt: z.string(),
});

/** A participant that ever announced itself. `missing`: none of its instances is there. */
export const participantSummary = z.object({
  participant: z.string(),
  version: z.string(),
  status: z.enum(['present', 'missing']),
  /** Names of the actions that it offers. */
  actions: z.array(z.string()),
  /** Ids of the active definitions that cannot go on without it. */
  neededBy: z.array(z.string()),
  instances: z.array(participantInstance),
});

/** Answer to `GET /api/v1/participants`. `missing`: participants that active definitions need and that are not there. */
export const participantList = z.object({
  participants: z.array(participantSummary),
  missing: z.array(z.string()),
});

/** Problem details (RFC 9457), the shape of every HTTP error. */
export const problemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  help: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  problems: z.array(definitionProblem).optional(),
  /** Stateful steps that stand in the way of a cancel. */
  applied: z.array(z.string()).optional(),
  /** Participants that the workflow waits for. */
  waitsFor: z.array(z.string()).optional(),
  /** The saga that goes on, when only the wait for it is over. */
  sagaId: z.string().optional(),
});

export type ExecuteRequest = z.infer<typeof executeRequest>;
export type ExecuteAccepted = z.infer<typeof executeAccepted>;
export type StepDetail = z.infer<typeof stepDetail>;
export type SagaDetail = z.infer<typeof sagaDetail>;
export type SagaStanding = z.infer<typeof sagaStanding>;
export type SagaSummary = z.infer<typeof sagaSummary>;
export type SagaList = z.infer<typeof sagaList>;
export type SagaFeedEntry = z.infer<typeof sagaFeedEntry>;
export type WhyAnswer = z.infer<typeof whyAnswer>;
export type DefinitionSummary = z.infer<typeof definitionSummary>;
export type DefinitionProblem = z.infer<typeof definitionProblem>;
export type DefinitionList = z.infer<typeof definitionList>;
export type DefinitionCheck = z.infer<typeof definitionCheck>;
export type WorkflowTemplate = z.infer<typeof workflowTemplate>;
export type TemplateList = z.infer<typeof templateList>;
export type ImageAccepted = z.infer<typeof imageAccepted>;
export type Welcome = z.infer<typeof welcome>;
export type HealthAnswer = z.infer<typeof healthAnswer>;
export type LiveAnswer = z.infer<typeof liveAnswer>;
export type DependencyState = z.infer<typeof dependencyState>;
export type ReadyAnswer = z.infer<typeof readyAnswer>;
export type ParticipantInstance = z.infer<typeof participantInstance>;
export type ParticipantSummary = z.infer<typeof participantSummary>;
export type ParticipantList = z.infer<typeof participantList>;
export type ProblemDetails = z.infer<typeof problemDetails>;
