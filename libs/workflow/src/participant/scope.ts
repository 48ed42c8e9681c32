import type { JsonObject, JsonValue, StepContext } from '@aura/contracts';
import type { Carries } from '../plan/plan';

/** How a dependency ended, as a join sees it. */
export type ArrivalStatus = 'completed' | 'skipped' | 'continued';

/** One dependency's end at a step, with what it brought along. */
export interface Arrival {
  readonly status: ArrivalStatus;
  readonly output?: JsonValue;
  readonly context?: StepContext;
}

/** What mappings and conditions of a step may read: input and outputs, as far as they were carried here. */
export interface Scope {
  readonly input: JsonValue;
  readonly outputs: Readonly<Record<string, JsonValue>>;
  /** Ends of the step's own dependencies. */
  readonly statuses: Readonly<Record<string, ArrivalStatus>>;
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts together what the arrivals of a step brought. An own output wins over the same one carried by another. */
export function scopeOf(arrivals: ReadonlyMap<string, Arrival>): Scope {
  let input: JsonValue = {};
  const outputs: Record<string, JsonValue> = {};
  const statuses: Record<string, ArrivalStatus> = {};
  for (const { context } of arrivals.values()) {
    if (context?.input !== undefined) input = merged(input, context.input as JsonValue);
    for (const [step, { output }] of Object.entries(context?.steps ?? {}))
      outputs[step] = merged(outputs[step], output as JsonValue);
  }
  for (const [dependency, { status, output }] of arrivals) {
    statuses[dependency] = status;
    if (output !== undefined && status !== 'skipped') outputs[dependency] = output;
  }
  return { input, outputs, statuses };
}

function merged(known: JsonValue | undefined, more: JsonValue): JsonValue {
  return isObject(known) && isObject(more) ? { ...known, ...more } : more;
}

/** The part of a scope that an event carries for steps further down; absent when there is nothing. */
export function carried(carries: Carries, scope: Pick<Scope, 'input' | 'outputs'>): StepContext | undefined {
  const input = part(carries.input, scope.input);
  const steps: Record<string, { output: JsonValue }> = {};
  for (const [step, members] of Object.entries(carries.steps)) {
    const output = part(members, scope.outputs[step]);
    if (output !== undefined) steps[step] = { output };
  }
  const hasSteps = Object.keys(steps).length > 0;
  if (input === undefined && !hasSteps) return undefined;
  return {
    ...(input === undefined ? {} : { input: input as JsonObject }),
    ...(hasSteps ? { steps } : {}),
  } as StepContext;
}

function part(members: true | readonly string[], value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || members === true) return value;
  if (members.length === 0 || !isObject(value)) return undefined;
  const kept: Record<string, JsonValue> = {};
  for (const member of members) {
    const found = value[member];
    if (found !== undefined) kept[member] = found;
  }
  return kept;
}
