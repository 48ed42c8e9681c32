import type { JsonValue } from '@aura/contracts';
import { never } from '@aura/kernel';
import type { Read } from '../plan/mapping';
import type { Mapping } from '../plan/plan';
import type { Model, ModelStep } from './draft-model';
import { asSchema, inlineRefs } from './inline-refs';
import type { Schema } from './inline-refs';
import { suggestion } from './nearest-name';
import { entryOf } from './present';
import { schemaOfValue } from './schema-fit';
import { lookUp } from './schema-member';

/** Where something is read: by a step, or by the definition as a whole (its output, its success criteria). */
export interface Reader {
  /** Steps whose outputs it may read at all. */
  readonly upstream: ReadonlySet<string>;
  /** Those of them whose outputs are surely there. */
  readonly sure: ReadonlySet<string>;
  /** As it is called in messages. */
  readonly name: string;
}

/** What is known of a value that is read. */
export type Source =
  | { readonly kind: 'value'; readonly schema: Schema; readonly absentBecause?: string }
  | {
      readonly kind: 'unknown';
      readonly code: 'UNKNOWN_SOURCE' | 'UNKNOWN_MEMBER';
      readonly message: string;
    };

/** The outputs a step can have: its action's, its fallback's, its default. */
export function outputSchemaOf(step: ModelStep): Schema {
  const { failure } = step.draft;
  const own = step.action === undefined ? true : inlineRefs(asSchema(step.action.output));
  const others: Schema[] = [];
  if (step.fallback !== undefined) {
    others.push(
      step.fallback.action === undefined ? true : inlineRefs(asSchema(step.fallback.action.output)),
    );
  }
  if ('output' in failure && failure.output !== undefined) others.push(schemaOfValue(failure.output));
  return others.length === 0 ? own : { anyOf: [own, ...others] };
}

/** Tells what is known of everything that mappings and conditions read. */
export class Sources {
  private readonly outputs = new Map<string, Schema>();

  constructor(private readonly model: Model) {
    for (const [id, step] of model.steps) this.outputs.set(id, outputSchemaOf(step));
  }

  /** The source of one read. */
  find(read: Read, reader: Reader): Source {
    return read.step === undefined ? this.ofInput(read) : this.ofStep(read.step, read, reader);
  }

  /** The schema of what a mapping gives, and why parts of it may be absent, by path. */
  schemaOf(mapping: Mapping, reader: Reader, path: readonly string[] = []): MappedSchema {
    switch (mapping.kind) {
      case 'literal':
        return { schema: schemaOfValue(mapping.value), absences: new Map() };
      case 'input':
        return this.schemaOfRead({ path: mapping.path }, reader, path);
      case 'step':
        return this.schemaOfRead({ step: mapping.step, path: mapping.path }, reader, path);
      case 'object':
        return this.schemaOfObject(mapping.members, reader, path);
      case 'array':
        return this.schemaOfArray(mapping.items, reader, path);
      default:
        return never(mapping);
    }
  }

  private schemaOfRead(read: Read, reader: Reader, path: readonly string[]): MappedSchema {
    const source = this.find(read, reader);
    if (source.kind !== 'value') return { schema: true, absences: new Map() };
    const { schema, absentBecause } = source;
    const absences = new Map(absentBecause === undefined ? [] : [[path.join('.'), absentBecause]]);
    return { schema, absences };
  }

  private schemaOfObject(
    members: Readonly<Record<string, Mapping>>,
    reader: Reader,
    path: readonly string[],
  ): MappedSchema {
    const absences = new Map<string, string>();
    const properties: Record<string, JsonValue> = {};
    const required: string[] = [];
    for (const [name, member] of Object.entries(members)) {
      const at = [...path, name];
      const mapped = this.schemaOf(member, reader, at);
      for (const [place, reason] of mapped.absences) absences.set(place, reason);
      properties[name] = mapped.schema;
      if (!mapped.absences.has(at.join('.'))) required.push(name);
    }
    return { schema: { type: 'object', properties, required, additionalProperties: false }, absences };
  }

  private schemaOfArray(items: readonly Mapping[], reader: Reader, path: readonly string[]): MappedSchema {
    const mapped = items.map((item, at) => this.schemaOf(item, reader, [...path, String(at)]).schema);
    return { schema: { type: 'array', prefixItems: mapped }, absences: new Map() };
  }

  private ofInput({ path }: Read): Source {
    const place = lookUp(this.model.input, path);
    if (place.kind === 'undecided') return { kind: 'value', schema: true };
    if (place.kind === 'none') {
      const message = `the definition's input has no "${place.missing}"${suggestion(place.missing, place.known)}`;
      return {
        kind: 'unknown',
        code: 'UNKNOWN_MEMBER',
        message: `${message}; declare it in input.properties`,
      };
    }
    const absentBecause = `"input.${path.join('.')}" is not required by the definition's input`;
    return { kind: 'value', schema: place.schema, ...(place.optional ? { absentBecause } : {}) };
  }

  private ofStep(id: string, { path }: Read, reader: Reader): Source {
    if (this.model.draft.broken.has(id)) return { kind: 'value', schema: true };
    const refusal = this.refusal(id, reader);
    if (refusal !== undefined) return { kind: 'unknown', code: 'UNKNOWN_SOURCE', message: refusal };
    const place = lookUp(entryOf(this.outputs, id), path);
    if (place.kind === 'none') {
      const message = `the output of step "${id}" has no "${place.missing}"${suggestion(place.missing, place.known)}`;
      return { kind: 'unknown', code: 'UNKNOWN_MEMBER', message };
    }
    const absentBecause = this.absence(id, path, reader, place.kind === 'found' && place.optional);
    const schema = place.kind === 'found' ? place.schema : true;
    return { kind: 'value', schema, ...(absentBecause === undefined ? {} : { absentBecause }) };
  }

  private refusal(id: string, { upstream, name }: Reader): string | undefined {
    if (upstream.has(id)) return undefined;
    return this.model.steps.has(id)
      ? `step "${id}" is not upstream of ${name}; add it to the dependencies, or read something else`
      : `there is no step "${id}"${suggestion(id, this.model.steps.keys())}`;
  }

  private absence(
    id: string,
    path: readonly string[],
    { sure }: Reader,
    isOptional: boolean,
  ): string | undefined {
    if (!sure.has(id)) return `step "${id}" may have been skipped or not have ended when it is read`;
    return isOptional ? `"${path.join('.')}" is not always in the output of step "${id}"` : undefined;
  }
}

/** A schema, and why parts may be absent, by path (names joined by dots). */
export interface MappedSchema {
  readonly schema: Schema;
  readonly absences: ReadonlyMap<string, string>;
}

/** The reads of an expression over `input` and `steps`; `steps` itself, or one step whole, reads its output. */
export function expressionReads(
  paths: readonly (readonly string[])[],
  allSteps: Iterable<string>,
): readonly Read[] {
  const everyStep = [...allSteps];
  return paths.flatMap(([root, step, ...rest]): readonly Read[] => {
    if (root === 'input') return [{ path: step === undefined ? [] : [step, ...rest] }];
    if (step === undefined) return everyStep.map((id) => ({ step: id, path: [] }));
    return [{ step, path: rest.slice(1) }];
  });
}
