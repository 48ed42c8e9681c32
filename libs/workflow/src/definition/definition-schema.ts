import { eventType, jsonSchema, kebabName, snakeName } from '@aura/contracts';
import { z } from 'zod';
import { sagaDefinition } from './built-in/saga-definition';
import { transactionDefinition } from './built-in/transaction-definition';
import { waitDefinition } from './built-in/wait-definition';
import { duration } from './duration';
import { semver } from './semver';

const retryPolicy = z.strictObject({
  maxAttempts: z.number().int().min(1).max(20).exactOptional(),
  initialDelay: duration.exactOptional(),
  multiplier: z.number().min(1).max(10).exactOptional(),
  maxDelay: duration.exactOptional(),
  maxEpochs: z.number().int().min(1).max(10).exactOptional(),
});

const failurePolicy = z.discriminatedUnion(
  'policy',
  [
    z.strictObject({ policy: z.literal('compensate') }),
    z.strictObject({ policy: z.literal('suspend') }),
    z.strictObject({ policy: z.literal('continue'), output: z.json() }),
    z
      .strictObject({
        policy: z.literal('fallback'),
        output: z.json().optional(),
        action: kebabName.optional(),
        input: z.json().optional(),
      })
      .refine(
        ({ output, action }) => (output === undefined) !== (action === undefined),
        'needs either output (a default output) or action (another action), not both',
      )
      .refine(
        ({ output, input }) => output === undefined || input === undefined,
        'takes input only together with action',
      ),
  ],
  'must be compensate, suspend, continue or fallback',
);

/** One step as it is written; edges come from `dependencies` alone. */
export const stepDefinition = z.strictObject({
  id: snakeName,
  name: z.string().min(1).max(200).optional(),
  type: z.enum(['command', 'condition', 'parallel', 'wait', 'transaction', 'saga']).default('command'),
  action: kebabName.optional(),
  dependencies: z.array(snakeName).default([]),
  join: z.enum(['all', 'any', 'ended']).default('all'),
  when: z.string().min(1).optional(),
  input: z.json().default({}),
  timeout: duration.optional(),
  retryPolicy: retryPolicy.default({}),
  failure: failurePolicy.default({ policy: 'compensate' }),
  undo: z
    .strictObject({ timeout: duration.exactOptional(), retryPolicy: retryPolicy.default({}) })
    .optional(),
  wait: waitDefinition.optional(),
  transaction: transactionDefinition.optional(),
  saga: sagaDefinition.optional(),
  cache: z.strictObject({ ttl: duration, key: z.array(z.json()).default([]) }).optional(),
  internal: z.boolean().default(false),
  onSuccess: z.json().optional(),
  onFailure: z.json().optional(),
});

const trigger = z.strictObject({
  on: eventType,
  when: z.string().min(1).optional(),
  correlate: z.string().min(1).optional(),
  input: z.json().default({}),
});

/** Everything of a definition but its steps. */
export const definitionHeader = z.strictObject({
  id: snakeName,
  name: z.string().min(1).max(200),
  version: semver,
  description: z.string().max(4000).default(''),
  triggers: z.array(trigger).max(20).default([]),
  input: jsonSchema.default({ type: 'object' }),
  output: z.json().optional(),
  example: z.json().optional(),
  timeout: duration.default(3_600_000),
  retryPolicy: retryPolicy.default({}),
  successCriteria: z.array(z.string().min(1)).max(20).default([]),
  conditions: z.json().optional(),
  parallelGroups: z.json().optional(),
  errorHandling: z.json().optional(),
});

export type DefinitionHeader = z.output<typeof definitionHeader>;
export type StepDefinition = z.output<typeof stepDefinition>;
export type RetryDefinition = z.output<typeof retryPolicy>;
export type TriggerDefinition = z.output<typeof trigger>;
