import {
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaStarted,
  sagaStepRetried,
  sagaSuspended,
  stepFallbackRequested,
} from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonValue, StepContext } from '@aura/contracts';
import { decisionId, never, sagaStream } from '@aura/kernel';
import {
  COORDINATOR_SOURCE,
  EVENTS_EXCHANGE,
  eventKey,
  participantQueue,
  STEPS_EXCHANGE,
} from '@aura/messaging';
import type { Destination, OutboundMessage } from '@aura/messaging';
import { carried } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import type { EndedEntry, PaidEntry, StepAskedEntry, StepEndedEntry, StoppedEntry } from './entry';
import { outputsOf } from './progress';
import { stepOf } from './state';
import type { SagaState } from './state';
import { PERSON_WAIT_MS } from './waiting';

interface Place {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
  readonly at: number;
  /** Position of the entry in its row. */
  readonly n: number;
}

/**
 * What a row says to the world, made from the row and the state behind it alone: whoever publishes it, and however
 * often, publishes the same events with the same ids.
 */
export function messagesOf(
  compiled: CompiledPlan,
  state: SagaState,
  row: { readonly entries: readonly PaidEntry[]; readonly at: number },
): readonly OutboundMessage[] {
  return row.entries.flatMap((paid, n) => messagesOfEntry(paid, { compiled, state, at: row.at, n }));
}

function messagesOfEntry({ entry }: PaidEntry, place: Place): readonly OutboundMessage[] {
  switch (entry.kind) {
    case 'started':
      return [startedMessage(place)];
    case 'stepEnded':
      return entry.by === 'coordinator' ? decidedEnd(entry, place) : [];
    case 'stepAsked':
      return [...askedAgain(entry, place), ...retried(entry, place)];
    case 'fallbackAsked':
      return [fallbackTrigger(entry.node, entry.step, place)];
    case 'ended':
      return [endedMessage(entry, place)];
    case 'stopped':
      return [stoppedMessage(entry, place)];
    default:
      return never(entry);
  }
}

function startedMessage(place: Place): OutboundMessage {
  const { plan } = place.compiled;
  const context = carried(plan.startCarries, { input: place.state.input, outputs: {} }) ?? {};
  const data = { definition: plan.definition, version: plan.version, context: context as JsonValue };
  const { event, to } = lifeCycle({ ...place, at: place.state.startedAt }, sagaStarted.type, data, true);
  return { event: { ...event, id: decisionId(sagaStream(place.state.saga), 1, 0), sequence: '1' }, to };
}

/** The end of a step that the coordinator decided: continued, or a fallback's default output. A failure is nobody's trigger. */
function decidedEnd(entry: StepEndedEntry, place: Place): readonly OutboundMessage[] {
  if (entry.end === 'failed') return [];
  const step = place.compiled.nodes.get(entry.step);
  if (step === undefined) return [];
  const event = endEventOf(place, step);
  if (event === undefined) return [];
  const key = eventKey(event.type, place.compiled.plan.definition);
  return [{ event, to: [{ kind: 'exchange', exchange: STEPS_EXCHANGE, key }] }];
}

/** The triggers of a step once more, as they were, marked, and only for that step. */
function askedAgain(entry: StepAskedEntry, place: Place): readonly OutboundMessage[] {
  const { compiled, state } = place;
  const step = compiled.nodes.get(entry.step);
  if (step === undefined) return [];
  const to: readonly Destination[] = [{ kind: 'queue', queue: participantQueue(step.participant) }];
  return triggersOf(place, step).map((event) => ({
    event: { ...event, aurareplay: 'reemit' },
    to,
    headers: { targets: [step.id], epoch: stepOf(state, step.id).epoch },
  }));
}

function triggersOf(place: Place, step: PlanStep): readonly CloudEvent[] {
  if (step.standsFor !== undefined) return [fallbackTrigger(step.id, step.standsFor, place).event];
  if (step.dependencies.length === 0) return [startedMessage(place).event];
  return step.dependencies.flatMap((id) => {
    const dependency = place.compiled.nodes.get(id);
    return (dependency === undefined ? undefined : endEventOf(place, dependency)) ?? [];
  });
}

/** The event that ended a step, made again from the journal: same id, same content. */
function endEventOf(place: Place, step: PlanStep): CloudEvent | undefined {
  const { compiled, state } = place;
  const { event, end, output, endedBy, error } = stepOf(state, step.id);
  if (event === undefined || end === undefined || end === 'failed') return undefined;
  const node = compiled.nodes.get(endedBy ?? step.id) ?? step;
  const context = carried(node.carries, { input: state.input, outputs: outputsOf(compiled, state) });
  const travelling = context === undefined ? {} : { context: context as JsonValue };
  return {
    ...envelope(place),
    id: event.id,
    source: event.source,
    type: event.type,
    time: event.time,
    aurastep: node.id,
    auraepoch: event.epoch,
    data: { ...endData(end, output, error), ...travelling },
  };
}

function endData(
  end: 'completed' | 'skipped' | 'continued',
  output: JsonValue | undefined,
  error: ErrorRecord | undefined,
): Readonly<Record<string, JsonValue>> {
  if (end === 'skipped') return { reason: 'skipped' };
  const made = { output: output ?? null };
  return end === 'continued' && error !== undefined ? { ...made, error: { ...error } } : made;
}

function retried(entry: StepAskedEntry, place: Place): readonly OutboundMessage[] {
  const { plan } = place.compiled;
  const data = { definition: plan.definition, version: plan.version, step: entry.step, epoch: entry.epoch };
  return entry.reason === 'timeout' ? [lifeCycle(place, sagaStepRetried.type, data)] : [];
}

/** The coordinator knows everything, so the node's trigger carries all that it or those behind it could read. */
function fallbackTrigger(nodeId: string, stepId: string, place: Place): OutboundMessage {
  const { compiled, state } = place;
  const outputs = Object.entries(outputsOf(compiled, state)).map(([id, output]) => [id, { output }] as const);
  const context = { input: state.input, steps: Object.fromEntries(outputs) } as StepContext;
  const error = stepOf(state, stepId).error ?? {
    kind: 'technical',
    code: 'STEP_FAILED',
    message: 'the step failed',
  };
  const event: CloudEvent = {
    ...envelope(place),
    id: `${sagaStream(state.saga)}/fallback/${nodeId}/${state.run}`,
    type: stepFallbackRequested.type,
    aurastep: nodeId,
    data: { error: { ...error }, context: context as JsonValue },
  };
  const key = eventKey(event.type, compiled.plan.definition);
  return { event, to: [{ kind: 'exchange', exchange: STEPS_EXCHANGE, key, mandatory: true }] };
}

function endedMessage(entry: EndedEntry, place: Place): OutboundMessage {
  const { plan } = place.compiled;
  const { state } = place;
  const data = {
    definition: plan.definition,
    version: plan.version,
    startedAt: new Date(state.startedAt).toISOString(),
    endedAt: new Date(state.endedAt ?? place.at).toISOString(),
    results: outputsOf(place.compiled, state),
  };
  if (entry.status === 'completed')
    return lifeCycle(place, sagaCompleted.type, { ...data, output: state.output ?? null });
  const error = { ...(entry.error ?? { kind: 'technical', code: 'FAILED', message: 'the saga failed' }) };
  const failedStep = entry.failedStep === undefined ? {} : { failedStep: entry.failedStep };
  return lifeCycle(place, sagaFailed.type, { ...data, error, ...failedStep });
}

function stoppedMessage(entry: StoppedEntry, place: Place): OutboundMessage {
  const { definition, version } = place.compiled.plan;
  if (entry.status === 'suspended') {
    const until = new Date(place.at + PERSON_WAIT_MS).toISOString();
    return lifeCycle(place, sagaSuspended.type, {
      definition,
      version,
      waitingFor: `a person, because step ${entry.failedStep ?? ''} failed: ${entry.error.message}`,
      until,
      owner: 'operators',
    });
  }
  return lifeCycle(place, sagaCompensationFailed.type, {
    definition,
    version,
    error: { ...entry.error },
    applied: entry.applied,
    ...(entry.failedStep === undefined ? {} : { failedStep: entry.failedStep }),
  });
}

function lifeCycle(place: Place, type: string, data: JsonValue, mandatory = false): OutboundMessage {
  const event: CloudEvent = { ...envelope(place), type, data };
  const key = eventKey(type, place.compiled.plan.definition);
  return {
    event,
    to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key, ...(mandatory ? { mandatory: true } : {}) }],
  };
}

function envelope({ compiled, state, at, n }: Place): CloudEvent {
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
    sequence: String(state.sequence),
    ...(state.traceparent === undefined ? {} : { traceparent: state.traceparent }),
  };
}
