import type { JsonObject } from '@aura/contracts';
import type { Expression } from '../expression/expression';
import type { Kind } from '../expression/kinds';
import type { ReadPath } from '../expression/reads';
import { mappingReads } from '../plan/mapping';
import type { Mapping } from '../plan/plan';
import type { Model, ModelStep } from './draft-model';
import type { OfferedAction } from './offered-action';
import { asSchema, inlineRefs } from './inline-refs';
import type { Schema } from './inline-refs';
import type { Place, Problems } from './problems';
import { misfits } from './schema-fit';
import type { Misfit } from './schema-fit';
import { typesOf } from './schema-member';
import { entryOf } from './present';
import { expressionReads, Sources } from './sources';
import type { MappedSchema, Reader } from './sources';

interface Context {
  readonly model: Model;
  readonly sources: Sources;
  readonly problems: Problems;
}

function readerOf({ model }: Context, { draft }: ModelStep): Reader {
  return {
    upstream: entryOf(model.graph.ancestors, draft.id),
    sure: entryOf(model.availability, draft.id).whenRunning,
    name: `step "${draft.id}"`,
  };
}

function checkMappingReads(
  { sources, problems }: Context,
  mapping: Mapping,
  reader: Reader,
  place: Place,
): void {
  if (mapping.kind === 'object') {
    for (const [name, member] of Object.entries(mapping.members)) {
      checkMappingReads({ sources, problems } as Context, member, reader, [...place, name]);
    }
    return;
  }
  for (const read of mappingReads(mapping)) {
    const source = sources.find(read, reader);
    if (source.kind === 'unknown') problems.add(source.code, place, source.message);
  }
}

function checkExpression(context: Context, expression: Expression, reader: Reader, place: Place): void {
  const strange = expression.reads.find(
    ([root, step, output]) =>
      root === 'steps' && step !== undefined && output !== undefined && output !== 'output',
  );
  if (strange !== undefined) {
    const message = `"${strange.join('.')}" is not known; of a step only its output can be read`;
    context.problems.add('UNKNOWN_MEMBER', place, message);
    return;
  }
  for (const read of expressionReads(expression.reads, reader.upstream)) {
    const source = context.sources.find(read, reader);
    if (source.kind === 'unknown') context.problems.add(source.code, place, source.message);
  }
  const misfit = expression.conditionMisfit((path) => kindAt(context, path, reader));
  if (misfit !== undefined) context.problems.add('TYPE_MISMATCH', place, `"${expression.source}" ${misfit}`);
}

/** What a condition finds at a path, where the schemas tell. */
function kindAt({ sources }: Context, path: ReadPath, reader: Reader): Kind | undefined {
  const [root, step, output] = path;
  if (root !== 'input' && root !== 'steps') return undefined;
  if (root === 'steps' && (step === undefined || output === undefined)) return 'object';
  const reads = expressionReads([path], reader.upstream);
  const [source] = reads.map((read) => sources.find(read, reader));
  return source?.kind === 'value' ? kindOfSchema(source.schema) : undefined;
}

const KINDS: Readonly<Record<string, Kind>> = {
  boolean: 'boolean',
  integer: 'number',
  number: 'number',
  string: 'text',
  array: 'list',
  object: 'object',
};

/** The one kind that a schema allows. */
function kindOfSchema(schema: Schema): Kind | undefined {
  const types = typeof schema === 'boolean' ? undefined : typesOf(schema);
  const [only, ...others] = new Set(types?.map((type) => KINDS[type]));
  return others.length === 0 ? only : undefined;
}

function misfitText({ path, reason, code }: Misfit, mapped: MappedSchema, wantedBy: string): string {
  const name = path.length === 0 ? 'the input' : `"${path.join('.')}"`;
  if (code === 'MISSING_INPUT') return `${wantedBy} needs ${name}; map it`;
  const because = path
    .map((_, at) => mapped.absences.get(path.slice(0, at + 1).join('.')))
    .find((found) => found !== undefined);
  if (code === 'MAY_BE_ABSENT') {
    return `${wantedBy} needs ${name}, which may be absent${because === undefined ? '' : `: ${because}`}`;
  }
  return `${name} does not fit the input of ${wantedBy}: ${reason}`;
}

function checkFit(
  context: Context,
  mapped: MappedSchema,
  target: { readonly schema: JsonObject | boolean; readonly name: string },
  place: Place,
): void {
  const whole = mapped.absences.get('');
  if (whole !== undefined) {
    context.problems.add('MAY_BE_ABSENT', place, `the input of ${target.name} may be absent: ${whole}`);
  }
  for (const misfit of misfits(mapped.schema, inlineRefs(target.schema))) {
    context.problems.add(misfit.code, [...place, ...misfit.path], misfitText(misfit, mapped, target.name));
  }
}

function checkInput(context: Context, { mapping, action, reader, place }: StepInput): void {
  checkMappingReads(context, mapping, reader, place);
  if (action === undefined) return;
  const mapped = context.sources.schemaOf(mapping, reader);
  checkFit(context, mapped, { schema: asSchema(action.input), name: action.name }, place);
}

interface StepInput {
  readonly mapping: Mapping;
  readonly action: OfferedAction | undefined;
  readonly reader: Reader;
  readonly place: Place;
}

function checkStep(context: Context, step: ModelStep): void {
  const reader = readerOf(context, step);
  const { place } = step;
  checkInput(context, { mapping: step.input, action: step.action, reader, place: step.inputPlace });
  if (step.fallback !== undefined) {
    const { input: mapping, action } = step.fallback;
    checkInput(context, { mapping, action, reader, place: [...place, 'failure', 'input'] });
  }
  if (step.when !== undefined) checkExpression(context, step.when, reader, [...place, 'when']);
  for (const [at, part] of step.cacheKey.entries()) {
    checkMappingReads(context, part, reader, [...place, 'cache', 'key', at]);
  }
}

function checkEnd(context: Context): void {
  const everything = new Set(context.model.steps.keys());
  const reader: Reader = { upstream: everything, sure: everything, name: 'the end' };
  checkMappingReads(context, context.model.output, reader, ['output']);
  for (const [at, criterion] of context.model.criteria.entries()) {
    checkExpression(context, criterion, reader, ['successCriteria', at]);
  }
}

/** Attributes of an event are text; only id, source and type are always there; nothing is known of its data. */
const EVENT_SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    data: true,
    id: { type: 'string' },
    source: { type: 'string' },
    type: { type: 'string' },
    subject: { type: 'string' },
    time: { type: 'string' },
  },
  required: ['data', 'id', 'source', 'type'],
};

function checkTriggers({ model, problems }: Context): void {
  const sources = new Sources({ ...model, input: EVENT_SCHEMA, steps: new Map() });
  const reader: Reader = { upstream: new Set(), sure: new Set(), name: 'a trigger' };
  const context: Context = { model, sources, problems };
  for (const { input, place } of model.triggers) {
    const mapped = sources.schemaOf(input, reader);
    const target = { schema: model.draft.header.input, name: "the definition's input" };
    checkFit(context, mapped, { ...target, schema: asSchema(target.schema) }, [...place, 'input']);
  }
}

/** Every path that is read must be there and upstream, and every input must fit its action. */
export function checkData(model: Model, problems: Problems): void {
  const context: Context = { model, sources: new Sources(model), problems };
  for (const id of model.graph.order) checkStep(context, entryOf(model.steps, id));
  checkEnd(context);
  checkTriggers(context);
}
