import { stepFailed, stepNothingToUndo, stepSkipped, stepUndoFailed, stepUndone } from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonValue } from '@aura/contracts';
import { stepEventId } from '@aura/kernel';
import {
  EVENTS_EXCHANGE,
  eventKey,
  participantSource,
  STEPS_EXCHANGE,
  traceContextOf,
  trackerQueue,
} from '@aura/messaging';
import type { Destination, OutboundMessage } from '@aura/messaging';
import { isCommand } from '../plan/bindings';
import type { Plan, PlanStep } from '../plan/plan';
import type { PlainEvent } from './action';
import { carried } from './scope';
import type { PlacedStep, StepTask } from './step-task';

/** The event that ends a task as completed. `nowMs`: when it happened. */
export function completedEvent(task: StepTask, output: JsonValue, nowMs: number): CloudEvent {
  const { step, scope } = task;
  const context = carried(step.carries, scope);
  const data = context === undefined ? { output } : { output, context: context as JsonValue };
  return stepEvent(task, { type: step.emits, data }, nowMs);
}

/** The event that ends a task as skipped. */
export function skippedEvent(task: StepTask, reason: string, nowMs: number): CloudEvent {
  const context = carried(task.step.carries, task.scope);
  const data = context === undefined ? { reason } : { reason, context: context as JsonValue };
  return stepEvent(task, { type: stepSkipped.type, data }, nowMs);
}

/** Why something failed for good. */
export interface LastFailure {
  readonly error: ErrorRecord;
  readonly attempts: number;
  readonly deadLetterId?: string;
}

/**
 * The event that says that a task failed for good; a refusal of the same epoch is another event than a technical failure. The
 * stack stays with the dead letter.
 */
export function failedEvent(task: StepTask, failure: LastFailure, nowMs: number): CloudEvent {
  const made = stepEvent(task, { type: stepFailed.type, data: failureData(failure) }, nowMs);
  return failure.error.kind === 'business' ? { ...made, id: `${made.id}/refused` } : made;
}

/** The answer to an undo: the epoch in its id is that of the undo. */
export function undoneEvent(task: PlacedStep, effect: 'undone' | 'nothing', nowMs: number): CloudEvent {
  const what =
    effect === 'undone'
      ? { type: stepUndone.type, data: { undo: task.step.undo ?? '' } }
      : { type: stepNothingToUndo.type, data: { reason: 'the step had no effect, and will have none' } };
  return stepEvent(task, what, nowMs);
}

/** The event that says that an undo failed for good in this epoch. */
export function undoFailedEvent(task: PlacedStep, failure: LastFailure, nowMs: number): CloudEvent {
  return stepEvent(task, { type: stepUndoFailed.type, data: failureData(failure) }, nowMs);
}

/** An answer to an undo goes to the tracker, and is shown as every step event is. */
export function answerMessage(task: PlacedStep, event: CloudEvent): OutboundMessage {
  const key = eventKey(event.type, task.plan.definition);
  return { event, to: [{ kind: 'exchange', exchange: STEPS_EXCHANGE, key }, tracker(task)] };
}

function failureData(failure: LastFailure): JsonValue {
  const { kind, code, message, help } = failure.error;
  return {
    error: { kind, code, message, ...(help === undefined ? {} : { help }) },
    attempts: failure.attempts,
    ...(failure.deadLetterId === undefined ? {} : { deadLetterId: failure.deadLetterId }),
  };
}

/** A further event of a task; `n` counts those of one action. */
export function plainEvent(task: StepTask, event: PlainEvent, n: number, nowMs: number): CloudEvent {
  const made = stepEvent(task, { type: event.type, data: event.data }, nowMs);
  return {
    ...made,
    id: `${made.id}/${n}`,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
  };
}

function stepEvent(
  task: PlacedStep,
  what: { readonly type: string; readonly data: JsonValue },
  nowMs: number,
): CloudEvent {
  const { key, epoch, step, plan, trigger, attempt, span } = task;
  // What follows from the step goes on from what was done for it.
  const { traceparent, tracestate } = span === undefined ? trigger : traceContextOf(span);
  return {
    specversion: '1.0',
    id: stepEventId(key, epoch, what.type),
    source: participantSource(step.participant),
    type: what.type,
    time: new Date(nowMs).toISOString(),
    ...(trigger.subject === undefined ? {} : { subject: trigger.subject }),
    datacontenttype: 'application/json',
    correlationid: key.saga,
    causationid: trigger.id,
    aurastep: key.step,
    aurarun: key.run,
    auraepoch: epoch,
    auraplan: plan.digest,
    aurapartition: partitionOf(task),
    ...(attempt > 1 ? { auraattempt: attempt } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    data: what.data,
  };
}

/** The events of a task's end with the places they go to: the first one says how it ended, the rest are plain. */
export function endMessages(task: PlacedStep, events: readonly CloudEvent[]): readonly OutboundMessage[] {
  return events.map((event, n) => (n === 0 ? endMessage(task, event) : plainMessage(task.plan, event)));
}

/** Where the end of a step goes: the fast lane, when somebody may listen, and the tracker. */
function endMessage(task: PlacedStep, event: CloudEvent): OutboundMessage {
  return { event, to: [fastLane(task, event), tracker(task)] };
}

function tracker(task: PlacedStep): Destination {
  return { kind: 'queue', queue: trackerQueue(partitionOf(task)), batch: true };
}

function fastLane({ plan, step }: PlacedStep, event: CloudEvent): Destination {
  const key = eventKey(event.type, plan.definition);
  const isAwaited = event.type === step.emits && dependentsOf(plan, step).length > 0;
  return { kind: 'exchange', exchange: STEPS_EXCHANGE, key, ...(isAwaited ? { mandatory: true } : {}) };
}

/** Steps at participants that wait for the end of this node; a fallback node stands for its step. */
function dependentsOf(plan: Plan, { id, standsFor }: PlanStep): readonly PlanStep[] {
  return plan.steps.filter((step) => isCommand(step) && step.dependencies.includes(standsFor ?? id));
}

function partitionOf({ trigger }: PlacedStep): number {
  return trigger.aurapartition ?? 0;
}

/** A further event goes to the public face, by its type and definition. */
function plainMessage(plan: Plan, event: CloudEvent): OutboundMessage {
  return {
    event,
    to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: eventKey(event.type, plan.definition) }],
  };
}
