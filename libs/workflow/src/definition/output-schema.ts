import type { JsonObject, JsonValue } from '@aura/contracts';
import { never } from '@aura/kernel';
import type { Mapping, Plan, PlanStep } from '../plan/plan';
import type { ActionCatalogue } from './offered-action';
import { asSchema, inlineRefs } from './inline-refs';
import type { Schema } from './inline-refs';
import { schemaOfValue } from './schema-fit';
import { lookUp } from './schema-member';

interface Read {
  readonly schema: Schema;
  /** It may be absent when the saga has completed. */
  readonly optional: boolean;
}

const ANYTHING: Read = { schema: true, optional: false };

/**
 * JSON Schema of the output of a completed saga, as far as it is known: from the definition's input and the outputs of the
 * actions that are offered now. `true`, which lets everything through, where nobody says.
 */
export function outputSchemaOf(plan: Plan, catalogue: ActionCatalogue): JsonObject | boolean {
  const read = (mapping: Mapping): Read => {
    switch (mapping.kind) {
      case 'literal':
        return { schema: schemaOfValue(mapping.value), optional: false };
      case 'input':
        return memberOf({ schema: inlineRefs(plan.input), optional: false }, mapping.path);
      case 'step':
        return memberOf(stepOutput(plan, mapping.step, catalogue), mapping.path);
      case 'object':
        return { schema: objectOf(mapping.members, read), optional: false };
      case 'array':
        return { schema: arrayOf(mapping.items, read), optional: false };
      default:
        return never(mapping);
    }
  };
  return read(plan.output).schema;
}

function memberOf(whole: Read, path: readonly string[]): Read {
  const place = lookUp(whole.schema, path);
  if (place.kind !== 'found') return { ...ANYTHING, optional: whole.optional };
  return { schema: place.schema, optional: whole.optional || place.optional };
}

function stepOutput(plan: Plan, id: string, catalogue: ActionCatalogue): Read {
  const step = plan.steps.find((known) => known.id === id);
  if (step === undefined) return ANYTHING;
  const schemas = [actionOutput(step, catalogue), ...otherOutputs(plan, step, catalogue)];
  const [only] = schemas;
  const schema = only !== undefined && schemas.length === 1 ? only : { anyOf: schemas };
  return { schema: schema, optional: step.skippable };
}

/** What stands for the output of a step that failed. */
function otherOutputs(plan: Plan, { failure }: PlanStep, catalogue: ActionCatalogue): readonly Schema[] {
  if ('output' in failure) return [schemaOfValue(failure.output)];
  if (!('node' in failure)) return [];
  const { node } = failure;
  const fallback = plan.steps.find(({ id }) => id === node);
  return fallback === undefined ? [true] : [actionOutput(fallback, catalogue)];
}

function actionOutput({ action }: PlanStep, catalogue: ActionCatalogue): Schema {
  const offered = catalogue.get(action);
  return offered === undefined ? true : inlineRefs(asSchema(offered.output));
}

function objectOf(members: Readonly<Record<string, Mapping>>, read: (mapping: Mapping) => Read): JsonObject {
  const reads = Object.entries(members).map(([name, member]) => [name, read(member)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(reads.map(([name, { schema }]) => [name, schema as JsonValue])),
    required: reads.filter(([, { optional }]) => !optional).map(([name]) => name),
    additionalProperties: false,
  };
}

function arrayOf(items: readonly Mapping[], read: (mapping: Mapping) => Read): JsonObject {
  return { type: 'array', prefixItems: items.map((item) => read(item).schema as JsonValue) };
}
