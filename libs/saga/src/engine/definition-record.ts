import type { DefinitionSummary } from '@aura/contracts';
import type { JournalRow, ViewDefinition, ViewRecord } from '@aura/kernel';
import { participantsOf } from '@aura/workflow';
import type { Plan } from '@aura/workflow';
import type { Actor, Template } from '../coordinator';

/** What happened to a definition; one entry is one row of its journal. */
export type DefinitionEntry =
  | {
      readonly kind: 'published';
      readonly plan: Plan;
      readonly text: string;
      readonly file: string;
      readonly actor: Actor;
    }
  | { readonly kind: 'bound'; readonly participant: string }
  | { readonly kind: 'activated' };

/** A definition of one version: the fold of its journal. */
export interface DefinitionRecord {
  readonly seq: number;
  readonly plan: Plan;
  readonly text: string;
  readonly status: 'publishing' | 'active';
  /** Participants that confirmed their bindings. */
  readonly bound: readonly string[];
  /** ms since 1970. */
  readonly publishedAt: number;
}

export type DefinitionField = 'definition' | 'version' | 'digest' | 'status' | 'publishedAt';

/** The collection of definitions. */
export const DEFINITION_VIEWS: ViewDefinition<DefinitionField> = {
  name: 'definitions',
  fields: { definition: 'text', version: 'text', digest: 'text', status: 'text', publishedAt: 'integer' },
  indexes: [['digest'], ['publishedAt']],
};

/** Partition under which the journals of definitions are listed; nobody owns it. */
export const DEFINITIONS_PARTITION = -1;

/** Stream of a definition's journal. */
export function definitionStream(definition: string, version: string): string {
  return `definition/${definition}@${version}`;
}

/** Folds one entry; the first must be `published`. Errors: `TypeError` otherwise. */
export function evolveDefinition(
  record: DefinitionRecord | undefined,
  entry: DefinitionEntry,
  place: { readonly seq: number; readonly at: number },
): DefinitionRecord {
  if (entry.kind === 'published') {
    const { plan, text } = entry;
    return { seq: place.seq, plan, text, status: 'publishing', bound: [], publishedAt: place.at };
  }
  if (record === undefined)
    throw new TypeError(`a definition's journal begins with ${entry.kind}, not with published`);
  if (entry.kind === 'activated') return { ...record, seq: place.seq, status: 'active' };
  return { ...record, seq: place.seq, bound: [...new Set([...record.bound, entry.participant])] };
}

/** Folds a definition's rows. */
export function foldDefinition(rows: readonly JournalRow[]): DefinitionRecord | undefined {
  return rows.reduce<DefinitionRecord | undefined>(
    (record, row) => evolveDefinition(record, JSON.parse(row.body) as DefinitionEntry, row),
    undefined,
  );
}

/** Participants whose confirmation is missing. */
export function waitsFor(record: DefinitionRecord): readonly string[] {
  return participantsOf(record.plan).filter((participant) => !record.bound.includes(participant));
}

/** A definition as clients see it. */
export function summaryOf(record: DefinitionRecord): DefinitionSummary {
  const { plan } = record;
  return {
    id: plan.definition,
    name: plan.name,
    version: plan.version,
    digest: plan.digest,
    status: record.status,
    waitsFor: record.status === 'active' ? [] : [...waitsFor(record)],
    description: plan.description,
    steps: plan.steps.filter(({ standsFor }) => standsFor === undefined).length,
    example: plan.example as DefinitionSummary['example'],
  };
}

/** A definition as something to start. */
export function templateOf(record: DefinitionRecord): Template {
  const { id: workflow, version, name, description, waitsFor, example } = summaryOf(record);
  return {
    workflow,
    version,
    name,
    description,
    waitsFor,
    input: record.plan.input as Template['input'],
    example,
  };
}

/** The view of a definition. */
export function definitionView(record: DefinitionRecord): ViewRecord<DefinitionField> {
  const { definition, version, digest } = record.plan;
  return {
    id: `${definition}@${version}`,
    version: record.seq,
    fields: { definition, version, digest, status: record.status, publishedAt: record.publishedAt },
    body: JSON.stringify(record),
  };
}
