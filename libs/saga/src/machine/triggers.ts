import { sagaStarted, stepFallbackRequested } from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonValue, StepContext } from '@aura/contracts';
import { decisionId, sagaStream, stepEventId } from '@aura/kernel';
import type { StepKey } from '@aura/kernel';
import { COORDINATOR_SOURCE } from '@aura/messaging';
import { carried } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { nodeOf, outputsOf, upstreamOf } from './progress';
import { stepOf, stepRunOf } from './state';
import type { EndEvent, SagaState, StepState } from './state';

/** What an event of a saga is made from: the state behind its row, and where it stands there. */
export interface MessagePlace {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
  /** Time of the row, ms since 1970. */
  readonly at: number;
  /** Position of the entry in its row. */
  readonly n: number;
  /** The entry's number among all of the saga, from 1. */
  readonly sequence: number;
}

/** The attributes of what the coordinator says about a saga. The id is a function of the row. */
export function envelope(place: MessagePlace): CloudEvent {
  return { ...attributes(place), sequence: String(place.sequence) };
}

/** Those that step events have as well: they are no news, and have no number among the saga's entries. */
function attributes({ compiled, state, at, n }: MessagePlace): CloudEvent {
  return {
    specversion: '1.0',
    id: decisionId(sagaStream(state.saga), state.seq, n),
    source: COORDINATOR_SOURCE,
    type: '',
    time: new Date(at).toISOString(),
    ...(state.userId === undefined ? {} : { subject: state.userId }),
    datacontenttype: 'application/json',
    correlationid: state.saga,
    aurarun: state.run,
    auraplan: compiled.plan.digest,
    aurapartition: state.partition,
    ...(state.traceparent === undefined ? {} : { traceparent: state.traceparent }),
  };
}

/** What the coordinator asks a participant for; no news, so that it has no number among the saga's entries. */
export function requestEvent(place: MessagePlace, { type, step, run, epoch, data }: StepRequest): CloudEvent {
  return { ...attributes(place), type, aurastep: step, aurarun: run, auraepoch: epoch, data };
}

/** A request about one step of one run; `epoch` counts the requests. */
export interface StepRequest {
  readonly type: string;
  readonly step: string;
  readonly run: number;
  readonly epoch: number;
  readonly data: JsonValue;
}

/**
 * The events that trigger a step in its run, as far as they are there: the saga's start, ends of its dependencies, or the
 * request for it.
 */
export function triggerEvents(place: MessagePlace, step: PlanStep): readonly CloudEvent[] {
  if (step.standsFor !== undefined) return [fallbackEvent(place, step.id, step.standsFor)];
  const run = stepRunOf(place.state, step.id);
  if (step.dependencies.length === 0) return [startedEvent(place, run)];
  return step.dependencies.flatMap((id) => endEvent(place, nodeOf(place.compiled, id), run) ?? []);
}

/** The saga's start, the trigger of every step without dependencies; in a later run an event of its own. */
export function startedEvent(place: MessagePlace, run = 1): CloudEvent {
  const { compiled, state } = place;
  const { plan } = compiled;
  const context = carried(plan.startCarries, { input: state.input, outputs: {} }) ?? {};
  return {
    ...envelope({ ...place, at: state.startedAt, sequence: 1 }),
    id: startId(state.saga, run),
    type: sagaStarted.type,
    aurarun: run,
    // By it a stranger finds the saga that its event started.
    ...(state.trigger === undefined ? {} : { causationid: state.trigger.id }),
    data: { definition: plan.definition, version: plan.version, context: context as JsonValue },
  };
}

function startId(saga: string, run: number): string {
  const id = decisionId(sagaStream(saga), 1, 0);
  return run === 1 ? id : `${id}/${run}`;
}

/**
 * The event that ended a step, made again from the journal: same id, same content. For a later run than its own it is an
 * event of that run, with an id of its own. Nothing for a failure, which triggers nobody.
 */
export function endEvent(
  place: MessagePlace,
  step: PlanStep,
  run: number = stepRunOf(place.state, step.id),
): CloudEvent | undefined {
  const { compiled, state } = place;
  const own = stepOf(state, step.id);
  if (own.event === undefined || own.end === undefined || own.end === 'failed') return undefined;
  const { source, type, time, epoch } = own.event;
  const node = own.endedBy === undefined ? step : nodeOf(compiled, own.endedBy);
  const outputs = outputsOf(compiled, state, upstreamOf(compiled, step));
  const context = carried(node.carries, { input: state.input, outputs });
  const travelling = context === undefined ? {} : { context: context as JsonValue };
  return {
    ...attributes(place),
    id: endId(own, own.event, { saga: state.saga, run, step: node.id }),
    source,
    type,
    time,
    aurastep: node.id,
    aurarun: run,
    auraepoch: epoch,
    data: { ...endData(own.end, own), ...travelling },
  };
}

function endId({ run = 1 }: StepState, { id, epoch, type }: EndEvent, key: StepKey): string {
  return key.run === run ? id : stepEventId(key, epoch, type);
}

function endData(
  end: 'completed' | 'skipped' | 'continued',
  { output, reason, error }: StepState,
): Readonly<Record<string, JsonValue>> {
  if (end === 'skipped') return { reason: reason ?? 'skipped' };
  const made = { output: output ?? null };
  return end === 'continued' && error !== undefined ? { ...made, error: { ...error } } : made;
}

/** Stands for a reason that nobody gave. */
export const UNTOLD: ErrorRecord = { kind: 'technical', code: 'STEP_FAILED', message: 'the step failed' };

/** The request for a fallback node. It carries all that the node or those behind it could read: what came before its step. */
export function fallbackEvent(place: MessagePlace, nodeId: string, stepId: string): CloudEvent {
  const { compiled, state } = place;
  const run = stepRunOf(state, nodeId);
  const before = upstreamOf(compiled, nodeOf(compiled, stepId));
  const outputs = Object.entries(outputsOf(compiled, state, before)).map(
    ([id, output]) => [id, { output }] as const,
  );
  const context = { input: state.input, steps: Object.fromEntries(outputs) } as StepContext;
  return {
    ...envelope({ ...place, at: stepOf(state, nodeId).requestedAt ?? place.at }),
    id: `${sagaStream(state.saga)}/fallback/${nodeId}/${run}`,
    type: stepFallbackRequested.type,
    aurastep: nodeId,
    aurarun: run,
    data: { error: { ...(stepOf(state, stepId).error ?? UNTOLD) }, context: context as JsonValue },
  };
}
