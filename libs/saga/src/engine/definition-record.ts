import type { DefinitionSummary } from '@aura/contracts';
import { never } from '@aura/kernel';
import type { JournalRow, ViewDefinition, ViewRecord } from '@aura/kernel';
import { outputSchemaOf, participantsOf } from '@aura/workflow';
import type { ActionCatalogue, Plan } from '@aura/workflow';
import type { Actor, Template } from '../coordinator';

/** How a definition stands. */
export type DefinitionStatus = DefinitionSummary['status'];

/** The first row of a definition. */
export interface PublishedEntry {
  readonly kind: 'published';
  readonly plan: Plan;
  readonly text: string;
  readonly file: string;
  readonly actor: Actor;
  /** When it expires unless everybody has confirmed, ms since 1970; absent: never. */
  readonly until?: number;
}

/** What happened to a definition; one entry is one row of its journal. */
export type DefinitionEntry =
  | PublishedEntry
  /** The same content again, behind `expired`. */
  | { readonly kind: 'republished'; readonly actor: Actor; readonly until: number }
  | { readonly kind: 'bound'; readonly participant: string }
  | { readonly kind: 'activated' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'retired'; readonly actor: Actor }
  /** Its last saga has ended. */
  | { readonly kind: 'released' }
  | { readonly kind: 'unbound'; readonly participant: string }
  /** The coordinator has unbound its own part and told the participants. */
  | { readonly kind: 'cleared' }
  /** The world was told of this status. */
  | { readonly kind: 'told'; readonly status: DefinitionStatus };

/** How far the unbinding of a released definition is. */
export interface Release {
  /** The coordinator's own part is done, and the participants are told. */
  readonly isCleared: boolean;
  /** Participants that confirmed theirs. */
  readonly unbound: readonly string[];
}

/** A definition of one version: the fold of its journal. */
export interface DefinitionRecord {
  readonly seq: number;
  readonly plan: Plan;
  readonly text: string;
  readonly status: DefinitionStatus;
  /** Since when it stands so, ms since 1970. */
  readonly since: number;
  /** The status that the world was told of last. */
  readonly told?: DefinitionStatus;
  /** When publishing it ends without success, ms since 1970; absent: never. */
  readonly until?: number;
  /** Participants that confirmed their bindings. */
  readonly bound: readonly string[];
  /** ms since 1970. */
  readonly publishedAt: number;
  /** Its last saga has ended: what was bound is being unbound. */
  readonly release?: Release;
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

/** Where an entry stands: row and time of its append (ms since 1970). */
export interface DefinitionPlace {
  readonly seq: number;
  readonly at: number;
}

/** Folds one entry; the first must be `published`. Errors: `TypeError` otherwise. */
export function evolveDefinition(
  record: DefinitionRecord | undefined,
  entry: DefinitionEntry,
  place: DefinitionPlace,
): DefinitionRecord {
  if (entry.kind === 'published') return begun(entry, place);
  if (record === undefined)
    throw new TypeError(`a definition's journal begins with ${entry.kind}, not with published`);
  return { ...record, ...changeOf(record, entry, place.at), seq: place.seq };
}

function begun({ plan, text, until }: PublishedEntry, { seq, at }: DefinitionPlace): DefinitionRecord {
  const deadline = until === undefined ? {} : { until };
  return { seq, plan, text, status: 'publishing', since: at, bound: [], publishedAt: at, ...deadline };
}

function changeOf(
  { bound, release }: DefinitionRecord,
  entry: Exclude<DefinitionEntry, PublishedEntry>,
  at: number,
): Partial<DefinitionRecord> {
  switch (entry.kind) {
    case 'bound':
      return { bound: withName(bound, entry.participant) };
    case 'republished':
      return { status: 'publishing', since: at, until: entry.until, told: 'publishing' };
    case 'activated':
      return { status: 'active', since: at };
    case 'told':
      return { told: entry.status };
    case 'expired':
    case 'retired':
      return { status: entry.kind, since: at };
    default:
      return { release: releaseBehind(release ?? { isCleared: false, unbound: [] }, entry) };
  }
}

function releaseBehind(
  release: Release,
  entry: Extract<DefinitionEntry, { readonly kind: 'released' | 'unbound' | 'cleared' }>,
): Release {
  switch (entry.kind) {
    case 'released':
      return release;
    case 'unbound':
      return { ...release, unbound: withName(release.unbound, entry.participant) };
    case 'cleared':
      return { ...release, isCleared: true };
    default:
      return never(entry);
  }
}

function withName(names: readonly string[], name: string): readonly string[] {
  return [...new Set([...names, name])];
}

/** Folds a definition's rows. */
export function foldDefinition(rows: readonly JournalRow[]): DefinitionRecord | undefined {
  return rows.reduce<DefinitionRecord | undefined>(
    (record, row) => evolveDefinition(record, JSON.parse(row.body) as DefinitionEntry, row),
    undefined,
  );
}

/** Participants whose confirmation is missing: that they have bound it, or unbound it. */
export function waitsFor({ plan, status, bound, release }: DefinitionRecord): readonly string[] {
  if (release !== undefined) return participantsOf(plan).filter((name) => !release.unbound.includes(name));
  if (status === 'active' || status === 'retired') return [];
  return participantsOf(plan).filter((name) => !bound.includes(name));
}

/** Whether the world has still to be told how it stands. That it is being published, its participants alone are told. */
export function isUntold({ status, told }: DefinitionRecord): boolean {
  return status !== 'publishing' && told !== status;
}

/** Whether sagas of it may be under way. */
export function hasSagas({ status, release }: Pick<DefinitionRecord, 'status' | 'release'>): boolean {
  return status === 'active' || (status === 'retired' && release === undefined);
}

/** A definition as clients see it. */
export function summaryOf(record: DefinitionRecord): DefinitionSummary {
  const { plan, status, until } = record;
  return {
    id: plan.definition,
    name: plan.name,
    version: plan.version,
    digest: plan.digest,
    status,
    waitsFor: [...waitsFor(record)],
    ...(status === 'publishing' && until !== undefined ? { until: new Date(until).toISOString() } : {}),
    description: plan.description,
    steps: plan.steps.filter(({ standsFor }) => standsFor === undefined).length,
    example: plan.example as DefinitionSummary['example'],
  };
}

/** A definition as something to start. */
export function templateOf(record: DefinitionRecord, actions: ActionCatalogue): Template {
  const { id: workflow, version, name, description, waitsFor, example } = summaryOf(record);
  return {
    workflow,
    version,
    name,
    description,
    waitsFor,
    input: record.plan.input as Template['input'],
    output: outputSchemaOf(record.plan, actions) as Template['output'],
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

/** The record in a view's body. */
export function recordIn(body: string): DefinitionRecord {
  const record = JSON.parse(body) as Omit<DefinitionRecord, 'since'> & Partial<DefinitionRecord>;
  return { since: record.publishedAt, ...record };
}
