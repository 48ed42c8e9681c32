import * as z from 'zod';
import { jsonValue } from '../json-value';
import { digest, kebabName } from '../names';
import { defineEvent } from './define-event';
import { errorRecord } from './errors';

/** JSON Schema (draft 2020-12) as plain JSON. */
export const jsonSchema = z.union([z.record(z.string(), jsonValue), z.boolean()]);

/** How an action behaves; decides what stands between it and the world. */
export const actionKind = z.enum(['pure', 'reading', 'stateful']);
export type ActionKind = z.infer<typeof actionKind>;

/** What a participant says of one of its actions. */
export const actionDescription = z.object({
  name: kebabName,
  kind: actionKind,
  description: z.string().default(''),
  input: jsonSchema,
  output: jsonSchema,
  /** CloudEvent type whose publication is the step's completion. */
  emits: z.string(),
  /** Further CloudEvent types that the action may publish. */
  publishes: z.array(z.string()).default([]),
  undo: z.object({ name: kebabName, input: jsonSchema }).optional(),
  /** Whether it can be a branch of a transaction: it changes nothing but resources that can be held. */
  transactional: z.boolean().exactOptional(),
});
export type ActionDescription = z.infer<typeof actionDescription>;

export const participantAnnounced = defineEvent(
  'ai.aura.participant.announced.v1',
  'A participant instance is there and offers these actions. Repeated as a heartbeat.',
  z.object({
    participant: kebabName,
    instance: z.string(),
    version: z.string(),
    queue: z.string(),
    actions: z.array(actionDescription),
    /** Plans whose bindings stand. */
    plans: z.array(digest).default([]),
  }),
);

export const participantLeft = defineEvent(
  'ai.aura.participant.left.v1',
  'A participant instance has stopped in good order.',
  z.object({ participant: kebabName, instance: z.string() }),
);

export const consumerPaused = defineEvent(
  'ai.aura.consumer.paused.v1',
  'A consumer met an outage and has paused. A lease: renewed while it lasts.',
  z.object({
    participant: kebabName,
    instance: z.string(),
    queue: z.string(),
    until: z.string(),
    error: errorRecord,
  }),
);

export const consumerResumed = defineEvent(
  'ai.aura.consumer.resumed.v1',
  'A paused consumer goes on.',
  z.object({ participant: kebabName, instance: z.string(), queue: z.string() }),
);

/** A delivery that could not be handled, kept with its reason and its saga. */
export const deadLetterRecorded = defineEvent(
  'ai.aura.dead-letter.recorded.v1',
  'A delivery could not be handled and is kept as a dead letter.',
  z.object({
    deadLetterId: z.string(),
    queue: z.string(),
    consumer: z.string(),
    /** Steps that the delivery was for, when known. */
    targets: z.array(z.string()),
    attempts: z.number().int(),
    error: errorRecord,
    /** The envelope as it arrived, byte for byte, base64. */
    body: z.string(),
    /** Size of the whole envelope when `body` is only its beginning, because it was too large to be read at all. */
    bodyBytes: z.number().int().exactOptional(),
    contentType: z.string().exactOptional(),
    headers: z.record(z.string(), jsonValue).default({}),
    recordedAt: z.string(),
  }),
);
