import type { JsonObject, JsonValue } from '@aura/contracts';
import type { z } from 'zod';
import { isBuiltInType } from './built-in/built-in-type';
import { checkBuiltInMembers, checkMembers } from './built-in/check-members';
import { definitionHeader, stepDefinition } from './definition-schema';
import type { DefinitionHeader, StepDefinition } from './definition-schema';
import { suggestion } from './nearest-name';
import type { Place, Problems } from './problems';

/** A step that could be read, with its number in the definition's list. */
export interface DraftStep extends StepDefinition {
  readonly index: number;
  /** Of a step that lives in the coordinator: its type. */
  readonly action: string;
}

/** What could be read of a definition; all reasons why something could not are among the problems. */
export interface Draft {
  readonly header: DefinitionHeader;
  readonly steps: readonly DraftStep[];
  /** Ids of steps that are there, but not readable: nothing is said about references to them. */
  readonly broken: ReadonlySet<string>;
}

interface Issue {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
}

/** Stands for what is missing or wrong, so that the rest can be looked at; never part of a plan. */
const PLACEHOLDERS: JsonObject = { id: 'unknown', name: 'unknown', version: '0.0.0' };

const UNSUPPORTED_HEADER = ['conditions', 'parallelGroups', 'errorHandling'] as const;
const UNSUPPORTED_STEP = ['onSuccess', 'onFailure'] as const;

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function placeOf(path: readonly PropertyKey[]): Place {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

function knownKeys(schema: z.ZodObject, path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0)
    return [...Object.keys(schema.shape), ...(schema === definitionHeader ? ['steps'] : [])];
  if (path.length === 1 && path[0] === 'undo') return ['timeout', 'retryPolicy'];
  return path.at(-1) === 'retryPolicy'
    ? ['maxAttempts', 'initialDelay', 'multiplier', 'maxDelay', 'maxEpochs']
    : [];
}

function report(problems: Problems, schema: z.ZodObject, base: Place, issue: Issue): void {
  const place = [...base, ...placeOf(issue.path)];
  for (const key of issue.keys ?? []) {
    const hint = suggestion(key, knownKeys(schema, issue.path));
    problems.add('UNKNOWN_KEY', [...place, key], `"${key}" is not known here${hint}`);
  }
  if (issue.keys !== undefined) return;
  const name = String(issue.path.at(-1));
  if (issue.message.endsWith('received undefined')) problems.add('REQUIRED', place, `"${name}" is required`);
  else problems.add('INVALID_VALUE', place, `"${name}": ${issue.message.replace(/^Invalid input: /, '')}`);
}

/** Names of the first-level members that the issues are about. */
function offending(issues: readonly Issue[]): ReadonlySet<string> {
  return new Set(issues.flatMap(({ path, keys = [] }) => (path.length === 0 ? keys : [String(path[0])])));
}

/** Parses; reports what is wrong and parses once more without it. */
function parseLeniently<S extends z.ZodObject>(
  schema: S,
  raw: JsonObject,
  base: Place,
  problems: Problems,
): z.output<S> | undefined {
  const first = schema.safeParse(raw);
  if (first.success) return first.data;
  const issues: readonly Issue[] = first.error.issues;
  for (const issue of issues) report(problems, schema, base, issue);
  const wrong = offending(issues);
  const rest = Object.fromEntries(Object.entries(raw).filter(([name]) => !wrong.has(name)));
  const second = schema.safeParse(base.length === 0 ? { ...PLACEHOLDERS, ...rest } : rest);
  return second.success ? second.data : undefined;
}

function refuseUnsupported(
  from: Readonly<Record<string, unknown>>,
  names: readonly string[],
  base: Place,
  problems: Problems,
): void {
  for (const name of names) {
    if (from[name] === undefined) continue;
    problems.add('NOT_SUPPORTED_YET', [...base, name], `"${name}" is not supported yet; remove it`);
  }
}

function parseStep(raw: JsonValue, index: number, problems: Problems): DraftStep | undefined {
  const base: Place = ['steps', index];
  if (!isObject(raw)) {
    problems.add('INVALID_VALUE', base, 'a step must be an object with id and action');
    return undefined;
  }
  const step = parseLeniently(stepDefinition, raw, base, problems);
  if (step === undefined) return undefined;
  refuseUnsupported(step, UNSUPPORTED_STEP, base, problems);
  checkMembers(raw, step, base, problems);
  const { id, type } = step;
  if (isBuiltInType(type)) {
    checkBuiltInMembers(raw, { id, type }, base, problems);
    return step[type] === undefined ? undefined : { ...step, action: type, index };
  }
  if (type !== 'command') {
    const message = `step type "${type}" is not supported yet; use command`;
    problems.add('NOT_SUPPORTED_YET', [...base, 'type'], message);
    return undefined;
  }
  if (step.action === undefined) {
    if (raw['action'] === undefined) problems.add('REQUIRED', base, `step "${step.id}" needs an action`);
    return undefined;
  }
  return { ...step, action: step.action, index };
}

function rawSteps(value: JsonObject, problems: Problems): readonly JsonValue[] {
  const steps = value['steps'];
  if (Array.isArray(steps) && steps.length > 0) return steps as readonly JsonValue[];
  const code = steps === undefined ? 'REQUIRED' : 'INVALID_VALUE';
  problems.add(code, ['steps'], '"steps" is required: a list of at least one step');
  return [];
}

function idOf(raw: JsonValue): string | undefined {
  const id = isObject(raw) ? raw['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** Reads a definition, as much of it as is readable; undefined when it is no object. */
export function parseDefinition(value: JsonValue, problems: Problems): Draft | undefined {
  if (!isObject(value)) {
    problems.add('INVALID_VALUE', [], 'a definition must be an object with id, name, version and steps');
    return undefined;
  }
  const top = Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'steps'));
  const header = parseLeniently(definitionHeader, top, [], problems);
  const raws = rawSteps(value, problems);
  if (header === undefined) return undefined;
  refuseUnsupported(header, UNSUPPORTED_HEADER, [], problems);
  const steps = raws.flatMap((raw, index) => parseStep(raw, index, problems) ?? []);
  const readable = new Set(steps.map(({ index }) => index));
  const broken = raws.flatMap((raw, index) => (readable.has(index) ? [] : (idOf(raw) ?? [])));
  return { header, steps, broken: new Set(broken) };
}
