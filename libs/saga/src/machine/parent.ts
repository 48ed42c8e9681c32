import {
  hasEnded,
  stepNothingToUndo,
  stepUndoFailed,
  stepUndone,
  subSagaEnded,
  subSagaStopRequested,
} from '@aura/contracts';
import type { CloudEvent, JsonObject, JsonValue, ParentRef } from '@aura/contracts';
import { sagaIdOfChild, sagaStream } from '@aura/kernel';
import { COORDINATOR_SOURCE, trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { appliedOf } from './applied';
import { committedStep } from './committed';
import type { SagaEntry } from './entry';
import { cancel } from './give-up';
import { present } from './present';
import type { ParentAskInput } from './saga-input';
import type { ParentAsked, SagaState } from './state';
import { UNTOLD } from './triggers';
import type { TurnBuilder } from './turn';
import { undoOrder } from './undo-order';

/** Takes what the parent asks for: that nothing of this saga goes on or stands. A request that stands already is no news. */
export function takeParentAsk(turn: TurnBuilder, { kind: _kind, ...asking }: ParentAskInput): void {
  const { mode, epoch, error } = asking;
  const { parent, asked } = turn.state;
  if (parent === undefined || epoch <= (asked?.epoch ?? 0)) return;
  turn.add({ kind: 'parentAsked', ...asking, isAnswered: isSettled(turn, mode) });
  const plan = toTakeBack(turn, mode);
  // Only its parent may take a saga that has completed back.
  if (plan.length > 0) turn.add({ kind: 'givenUp', outcome: 'failed', error, plan });
}

/** Gives up a saga that runs although its parent goes on without it; one that can only complete does so. */
export function stopForParent(turn: TurnBuilder): void {
  const { parent, asked, status } = turn.state;
  if (parent === undefined || asked === undefined) return;
  if ((status !== 'running' && status !== 'suspended') || committedStep(turn) !== undefined) return;
  cancel(turn, { actor: { subject: `saga ${parent.saga}`, roles: [] }, reason: asked.error.message });
}

/** Whether the parent can be answered as the saga stands. */
function isSettled(turn: TurnBuilder, mode: ParentAsked['mode']): boolean {
  const { status } = turn.state;
  return status === 'compensation_failed' || (hasEnded(status) && toTakeBack(turn, mode).length === 0);
}

/** What is undone of a saga that has completed. */
function toTakeBack({ compiled, state }: TurnBuilder, mode: ParentAsked['mode']): readonly string[] {
  if (state.status !== 'completed' || mode === 'ask') return [];
  return undoOrder(compiled, appliedOf(compiled, state));
}

/** What an entry of a sub-saga says to its parent; nothing of a saga that has none. `at`: ms since 1970. */
export function messagesToParent(entry: SagaEntry, state: SagaState, at: number): readonly OutboundMessage[] {
  const { parent } = state;
  if (parent === undefined) return [];
  switch (entry.kind) {
    case 'ended':
      return [endOfChild(state, parent, at), ...answers(state, parent, at)];
    case 'stopped':
      return answers(state, parent, at);
    case 'parentAsked':
      return entry.isAnswered ? answeredAtOnce(state, parent, at) : [];
    default:
      return [];
  }
}

function answeredAtOnce(state: SagaState, parent: ParentRef, at: number): readonly OutboundMessage[] {
  return stands(state) ? [endOfChild(state, parent, state.endedAt ?? at)] : answers(state, parent, at);
}

/** Whether what the parent asks is answered by the completion. */
function stands({ asked, status }: SagaState): boolean {
  return asked?.mode === 'ask' && status === 'completed';
}

/** How a sub-saga ended, told once more; undefined while it goes on. */
export function toldEnd(state: SagaState): OutboundMessage | undefined {
  const { parent, endedAt } = state;
  return parent === undefined || endedAt === undefined ? undefined : endOfChild(state, parent, endedAt);
}

function endOfChild(state: SagaState, parent: ParentRef, at: number): OutboundMessage {
  const { saga, status, output, error } = state;
  const data = {
    child: saga,
    iteration: parent.iteration,
    status,
    ...present({ output: status === 'completed' ? output : undefined, error: error && { ...error } }),
  };
  const message = toParent(state, parent, { type: subSagaEnded.type, id: `ended/${status}`, data, at });
  // Asked for or not, it is the same event.
  return { ...message, event: { ...message.event, auraepoch: 1 } };
}

/** The answer to what the parent asked for, once it is known, or the same request to the sub-saga before. */
function answers(state: SagaState, parent: ParentRef, at: number): readonly OutboundMessage[] {
  const { asked, status } = state;
  if (asked === undefined || stands(state)) return [];
  if (status === 'compensation_failed') {
    const error = { ...(state.error ?? UNTOLD) };
    return [failure(state, { parent, asked, at }, error)];
  }
  return hasEnded(status) ? [undone(state, { parent, asked, at })] : [];
}

interface Answering {
  readonly parent: ParentRef;
  readonly asked: ParentAsked;
  readonly at: number;
}

/**
 * Nothing stands of this one, but what a person left. Before a step is undone, the sub-sagas before are, the last one
 * first; what was left of any of them is for the parent's person to take over.
 */
function undone(state: SagaState, { parent, asked, at }: Answering): OutboundMessage {
  const known: Answering = { parent, asked: { ...asked, ...becameOf(state, asked) }, at };
  if (parent.iteration > 1) return passedOn(state, known);
  const { saga, status } = state;
  if (known.asked.skipped === true) return failure(state, known, left(state));
  return known.asked.undone
    ? answer(state, known, stepUndone.type, { undo: 'saga' })
    : answer(state, known, stepNothingToUndo.type, { reason: `sub-saga ${saga} is ${status}` });
}

/** What became of this one and those behind it. */
function becameOf({ undoing }: SagaState, asked: ParentAsked): Pick<ParentAsked, 'undone' | 'skipped'> {
  const answers = (undoing?.items ?? []).flatMap(({ answer }) => answer ?? []);
  const isSkipped = asked.skipped === true || answers.includes('skipped');
  const isUndone = asked.undone || answers.some((answer) => answer !== 'nothing');
  return { undone: isUndone, ...(isSkipped ? { skipped: true } : {}) };
}

function left({ saga }: SagaState): JsonObject {
  return {
    kind: 'technical',
    code: 'UNDO_SKIPPED',
    message: `a person left what sub-saga ${saga}, or one behind it, did as it stands`,
    help: 'Skip it here too, or resolve it when it was undone by hand.',
  };
}

function answer(
  state: SagaState,
  { parent, asked, at }: Answering,
  type: string,
  data: JsonValue,
): OutboundMessage {
  return toParent(state, parent, { type, id: `answer/${asked.epoch}/${type}`, data, at });
}

/** It may fail again for another reason, or a person may leave it: each row that says so is a word of its own. */
function failure(state: SagaState, { parent, asked, at }: Answering, error: JsonObject): OutboundMessage {
  const type = stepUndoFailed.type;
  const id = `answer/${asked.epoch}/${type}/${state.seq}`;
  return toParent(state, parent, { type, id, data: { error, attempts: 1 }, at });
}

function passedOn(state: SagaState, { parent, asked, at }: Answering): OutboundMessage {
  const before = { ...parent, iteration: parent.iteration - 1 };
  const { actor, userId, digest } = state;
  const data = {
    parent: before,
    digest,
    actor: { subject: actor.subject, roles: [...actor.roles] },
    ...present({ userId }),
    mode: 'undo',
    epoch: asked.epoch,
    undone: asked.undone,
    ...present({ skipped: asked.skipped }),
    error: { ...asked.error },
  };
  const type = subSagaStopRequested.type;
  const message = toParent(state, parent, { type, id: `before/${asked.epoch}`, data, at });
  const correlationid = sagaIdOfChild(parent, before.iteration);
  return { ...message, event: { ...message.event, correlationid } };
}

/** A family lives in one partition. */
function toParent(
  { saga, partition, userId, traceparent, asked }: SagaState,
  parent: ParentRef,
  told: { readonly type: string; readonly id: string; readonly data: JsonValue; readonly at: number },
): OutboundMessage {
  const event: CloudEvent = {
    specversion: '1.0',
    id: `${sagaStream(saga)}/${told.id}`,
    source: COORDINATOR_SOURCE,
    type: told.type,
    time: new Date(told.at).toISOString(),
    ...present({ subject: userId, traceparent }),
    datacontenttype: 'application/json',
    correlationid: parent.saga,
    causationid: saga,
    aurastep: parent.step,
    aurarun: parent.run,
    auraepoch: asked?.epoch ?? 1,
    aurapartition: partition,
    data: told.data,
  };
  return { event, to: [{ kind: 'queue', queue: trackerQueue(partition), batch: true }] };
}
