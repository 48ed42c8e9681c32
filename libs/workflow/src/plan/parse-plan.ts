import { actionKind, digest } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';
import { z } from 'zod';
import type { Mapping, Plan } from './plan';
import { planDigest, sealPlan } from './plan-digest';

const mapping: z.ZodType<Mapping> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('literal'), value: z.json() }),
    z.looseObject({ kind: z.literal('input'), path: z.array(z.string()) }),
    z.looseObject({ kind: z.literal('step'), step: z.string(), path: z.array(z.string()) }),
    z.looseObject({ kind: z.literal('object'), members: z.record(z.string(), mapping) }),
    z.looseObject({ kind: z.literal('array'), items: z.array(mapping) }),
  ]),
);

const members = z.union([z.literal(true), z.array(z.string())]);
const carries = z.looseObject({ input: members, steps: z.record(z.string(), members) });
const optionalText = z.string().exactOptional();

const retry = z.looseObject({
  maxAttempts: z.number(),
  initialDelayMs: z.number(),
  multiplier: z.number(),
  maxDelayMs: z.number(),
  maxEpochs: z.number(),
});

const failure = z.union([
  z.looseObject({ policy: z.enum(['compensate', 'suspend']) }),
  z.looseObject({ policy: z.enum(['continue', 'fallback']), output: z.json() }),
  z.looseObject({ policy: z.literal('fallback'), node: z.string() }),
]);

const step = z.looseObject({
  id: z.string(),
  name: z.string(),
  action: z.string(),
  participant: z.string(),
  builtIn: z.looseObject({ type: z.string() }).exactOptional(),
  kind: actionKind,
  emits: z.string(),
  dependencies: z.array(z.string()),
  join: z.enum(['all', 'any', 'ended']),
  when: optionalText,
  input: mapping,
  timeoutMs: z.number(),
  retry,
  failure,
  standsFor: optionalText,
  recordsEnd: z.boolean(),
  carries,
  dependents: z.array(z.string()),
  skippable: z.boolean(),
  undo: optionalText,
  undoPolicy: z.looseObject({ timeoutMs: z.number(), retry }).exactOptional(),
  cache: z.looseObject({ ttlMs: z.number(), key: z.array(mapping) }).exactOptional(),
  internal: z.boolean(),
});

const trigger = z.looseObject({
  on: z.string(),
  when: optionalText,
  correlate: optionalText,
  input: mapping,
});

/** Loose: a plan of a newer compiler may hold more, and its digest covers that, too. */
const planShape = z.looseObject({
  digest,
  definition: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string(),
  input: z.union([z.record(z.string(), z.json()), z.boolean()]),
  output: mapping,
  example: z.json(),
  timeoutMs: z.number(),
  successCriteria: z.array(z.string()),
  triggers: z.array(trigger),
  startCarries: carries,
  steps: z.array(step),
});

function assertPlan(value: unknown): asserts value is Plan {
  const { error } = planShape.safeParse(value);
  if (error !== undefined) throw invalid(z.prettifyError(error));
}

function invalid(reason: string, cause?: unknown): TerminalError {
  return new TerminalError(`this is no plan: ${reason}`, {
    code: 'INVALID_PLAN',
    help: 'Publish the definition again; participant and coordinator should run the same version of Aura.',
    cause,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
}

/**
 * Reads a plan that arrived as JSON text, and freezes it. Errors: `TerminalError` (`INVALID_PLAN`) when the text has
 * not the shape of a plan, or its digest is not that of its content.
 */
export function parsePlan(text: string): Plan {
  const value = jsonOf(text);
  assertPlan(value);
  const found = planDigest(value);
  if (found !== value.digest) throw invalid(`its digest is ${value.digest}, but its content has ${found}`);
  return sealPlan(value);
}
