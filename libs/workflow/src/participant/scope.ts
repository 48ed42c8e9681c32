import type { JsonObject, JsonValue, StepContext } from '@aura/contracts';
import type { Carries } from '../plan/plan';

/** What a step without dependencies has instead of one: the start of the saga, or the coordinator's asking. */
export const START = '';

/** How a dependency ended, as a join sees it. */
export type ArrivalStatus = 'completed' | 'skipped' | 'continued';

/** One dependency's end at a step, with what it brought along. */
export interface Arrival {
  readonly status: ArrivalStatus;
  readonly output?: JsonValue;
  readonly context?: StepContext;
  /** Where both are, when they travelled by reference; not in a {@link Scope} until they are read. */
  readonly dataref?: string;
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
  const statuses: Record<string, ArrivalStatus> = {};
  for (const [dependency, { status }] of arrivals) if (dependency !== START) statuses[dependency] = status;
  return {
    input: inputOf([...arrivals.values()]),
    outputs: { ...carriedOutputs([...arrivals.values()]), ...ownOutputs(arrivals) },
    statuses,
  };
}

function carriedOutputs(arrivals: readonly Arrival[]): Readonly<Record<string, JsonValue>> {
  const outputs: Record<string, JsonValue> = {};
  for (const { context } of arrivals)
    for (const [step, { output }] of Object.entries(context?.steps ?? {}))
      outputs[step] = merged(outputs[step], output);
  return outputs;
}

function ownOutputs(arrivals: ReadonlyMap<string, Arrival>): Readonly<Record<string, JsonValue>> {
  const ended = [...arrivals].filter(([, { status }]) => status !== 'skipped');
  return Object.fromEntries(
    ended.flatMap(([step, { output }]) => (output === undefined ? [] : [[step, output] as const])),
  );
}

function inputOf(arrivals: readonly Arrival[]): JsonValue {
  const inputs = arrivals.flatMap(({ context }) => (context?.input === undefined ? [] : [context.input]));
  return inputs.reduce<JsonValue>(merged, {});
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
