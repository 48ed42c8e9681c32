import { sagaStarted, stepContinued, stepFallbackRequested, stepSkipped } from '@aura/contracts';
import type { CloudEvent, JsonValue, StepContext } from '@aura/contracts';
import { isClaimed } from '@aura/messaging';
import type { CompiledPlan } from '../plan/compiled-plan';
import type { PlanStep } from '../plan/plan';
import { START } from './scope';
import type { Arrival } from './scope';

/** Where an event stands in its plan: which step ended (or the start), how, and who waits for it. */
export interface Place {
  /** The step that ended; a fallback node ends the step it stands for. */
  readonly origin: string;
  readonly arrival: Arrival;
  readonly targets: readonly PlanStep[];
}

/** What step events hold, as far as it matters here. */
interface StepData {
  readonly output?: JsonValue;
  readonly context?: StepContext;
}

/** Reads an event's place in its plan. An event that nobody waits for has no targets. */
export function placeOf(compiled: CompiledPlan, event: CloudEvent): Place {
  if (event.type === sagaStarted.type) return begun(event, compiled.roots);
  const node = compiled.nodes.get(event.aurastep ?? '');
  if (node === undefined) return begun(event, []);
  if (event.type === stepFallbackRequested.type) return begun(event, [node]);
  const status = endStatus(node, event.type);
  if (status === undefined) return begun(event, []);
  return {
    origin: node.standsFor ?? node.id,
    arrival: { status, ...broughtBy(event) },
    targets: dependentsOf(compiled, node),
  };
}

function begun(event: CloudEvent, targets: readonly PlanStep[]): Place {
  return { origin: START, arrival: { status: 'completed', ...broughtBy(event) }, targets };
}

function broughtBy(event: CloudEvent): Omit<Arrival, 'status'> {
  return isClaimed(event) ? { dataref: event.dataref } : broughtIn(event.data);
}

/** What the data of a step event brings along. */
export function broughtIn(data: unknown): Omit<Arrival, 'status' | 'dataref'> {
  const { output, context } = (data ?? {}) as StepData;
  return {
    ...(output === undefined ? {} : { output }),
    ...(context === undefined ? {} : { context }),
  };
}

function endStatus(node: PlanStep, type: string): Arrival['status'] | undefined {
  if (type === stepSkipped.type) return 'skipped';
  if (type === stepContinued.type) return 'continued';
  // Also for a fallback's default output: the coordinator publishes the type that the step itself would have.
  return type === node.emits ? 'completed' : undefined;
}

function dependentsOf({ nodes }: CompiledPlan, node: PlanStep): readonly PlanStep[] {
  const step = node.standsFor === undefined ? node : nodes.get(node.standsFor);
  return (step?.dependents ?? []).flatMap((id) => nodes.get(id) ?? []);
}

/** The steps of a plan that wait for an event, whoever performs them. */
export function stepsTriggeredBy(compiled: CompiledPlan, event: CloudEvent): readonly PlanStep[] {
  return placeOf(compiled, event).targets;
}
