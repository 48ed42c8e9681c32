import { begunMessage } from './built-in/begun-message';
import { startRequest } from './built-in/sub-saga-requests';
import { transactionBegin } from './built-in/transaction-begin';
import { present } from './present';
import {
  sagaCancelled,
  sagaCompensated,
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaStepRetried,
  sagaSuspended,
} from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { eventKey, participantQueue, STEPS_EXCHANGE } from '@aura/messaging';
import type { Destination, OutboundMessage } from '@aura/messaging';
import { isCommand, rootsOf } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import type {
  CancelledEntry,
  CompletedEntry,
  FailedEntry,
  PaidEntry,
  StartedEntry,
  StepAskedEntry,
  StepBegunEntry,
  StepEndedEntry,
  StoppedEntry,
} from './entry';
import { isOwnStep, nodeOf, outputsOf } from './progress';
import { messagesToParent } from './parent';
import { stepOf, stepRunOf } from './state';
import type { SagaState } from './state';
import { endEvent, fallbackEvent, startedEvent, triggerEvents } from './triggers';
import type { MessagePlace } from './triggers';
import { lifeCycle, onPublicFace } from './public-face';
import { carriedOver, onlyFor } from './run-messages';
import { undoMessages } from './undo-messages';
import { personUntil } from './waiting';

/**
 * What a row says to the world, made from the row and the state behind it alone: whoever publishes it, and however
 * often, publishes the same events with the same ids.
 */
export function messagesOf(
  compiled: CompiledPlan,
  state: SagaState,
  row: { readonly entries: readonly PaidEntry[]; readonly at: number },
): readonly OutboundMessage[] {
  const before = state.sequence - row.entries.length;
  return row.entries.flatMap((paid, n) => [
    ...messagesOfEntry(paid, { compiled, state, at: row.at, n, sequence: before + n + 1 }),
    ...messagesToParent(paid.entry, state, row.at),
  ]);
}

function messagesOfEntry({ entry }: PaidEntry, place: MessagePlace): readonly OutboundMessage[] {
  switch (entry.kind) {
    case 'started':
      return started(entry, place);
    case 'stepEnded':
      return [...decidedEnd(entry, place), ...carriedOver(entry, place)];
    case 'stepBegun':
      return [begunMessage(entry, place), ...askedFor(entry, place)];
    case 'stepAsked':
      return [...askedAgain(entry, place), ...retried(entry, place)];
    case 'fallbackAsked':
      return [onFastLane(fallbackEvent(place, entry.node, entry.step), place, true)];
    case 'ended':
      return [endedMessage(entry, place)];
    case 'stopped':
      return [stoppedMessage(entry, place)];
    default:
      return undoMessages(entry, place);
  }
}

function started({ isRefused }: StartedEntry, place: MessagePlace): readonly OutboundMessage[] {
  if (isRefused === true) return [];
  return [onPublicFace(startedEvent(place), place, rootsOf(place.compiled.plan).some(isCommand))];
}

/** What a step has begin that has a journal of its own. */
function askedFor(entry: StepBegunEntry, place: MessagePlace): readonly OutboundMessage[] {
  const { step, builtIn } = entry;
  return builtIn.type === 'saga' ? [startRequest(place, step, builtIn, 0)] : transactionBegin(entry, place);
}

/** Step events go on the fast lane; who waits for one is bound there. */
function onFastLane(event: CloudEvent, { compiled }: MessagePlace, mandatory: boolean): OutboundMessage {
  const key = eventKey(event.type, compiled.plan.definition);
  const to = { kind: 'exchange', exchange: STEPS_EXCHANGE, key } as const;
  return { event, to: [mandatory ? { ...to, mandatory } : to] };
}

/** The end of a step that the coordinator decided: continued, or a fallback's default output. A failure is nobody's trigger. */
function decidedEnd(entry: StepEndedEntry, place: MessagePlace): readonly OutboundMessage[] {
  const step = nodeOf(place.compiled, entry.step);
  // Of several ends in one row the one that stands is told.
  if (stepOf(place.state, entry.step).event?.id !== entry.event.id) return [];
  const isDecided = entry.by === 'coordinator' || isToldAlone(step, place.state);
  const event = isDecided ? endEvent(place, step) : undefined;
  return event === undefined ? [] : toThoseBehind(event, step, place);
}

/** On the fast lane; but past those behind it that keep an earlier run, to whom it would be a trigger of a run without them. */
function toThoseBehind(
  event: CloudEvent,
  { id, dependents }: PlanStep,
  place: MessagePlace,
): readonly OutboundMessage[] {
  const run = stepRunOf(place.state, id);
  const behind = dependents.map((other) => nodeOf(place.compiled, other));
  if (!behind.some((other) => stepRunOf(place.state, other.id) < run))
    return [onFastLane(event, place, false)];
  const meant = behind.filter((other) => isCommand(other) && stepRunOf(place.state, other.id) === run);
  return [onPublicFace(event, place, false), ...meant.map((other) => onlyFor(other, event))];
}

/** Transactions and sub-sagas tell their saga alone how they ended; once it is given up, nobody behind is to hear of it. */
function isToldAlone({ id, builtIn }: PlanStep, { status, undoing }: SagaState): boolean {
  const isOutside = undoing?.rerun !== undefined && !undoing.rerun.again.includes(id);
  const goesOn = status === 'running' || status === 'suspended' || status === 'completed' || isOutside;
  return builtIn !== undefined && goesOn;
}

/** The triggers of a step once more, as they were, marked, and only for that step. */
function askedAgain(entry: StepAskedEntry, place: MessagePlace): readonly OutboundMessage[] {
  const step = nodeOf(place.compiled, entry.step);
  if (!isCommand(step)) return heardNothing(entry, place);
  const to: readonly Destination[] = [{ kind: 'queue', queue: participantQueue(step.participant) }];
  return triggerEvents(place, step).map((event) => ({
    event: { ...event, aurareplay: 'reemit' },
    to,
    headers: { targets: [step.id], epoch: entry.epoch },
  }));
}

/** Nothing was heard of a sub-saga: it may not have been told to begin, or its end may be lost. */
function heardNothing({ step, reason }: StepAskedEntry, place: MessagePlace): readonly OutboundMessage[] {
  const { begun, reemissions } = stepOf(place.state, step);
  if (begun?.builtIn.type !== 'saga' || reason !== 'lostSubSaga') return [];
  return [startRequest(place, step, begun.builtIn, reemissions)];
}

function retried(entry: StepAskedEntry, place: MessagePlace): readonly OutboundMessage[] {
  const { plan } = place.compiled;
  const data = { definition: plan.definition, version: plan.version, step: entry.step, epoch: entry.epoch };
  return entry.reason === 'timeout' ? [lifeCycle(place, sagaStepRetried.type, data)] : [];
}

function endedMessage(
  entry: CompletedEntry | FailedEntry | CancelledEntry,
  place: MessagePlace,
): OutboundMessage {
  const { plan } = place.compiled;
  const { state } = place;
  const data = {
    definition: plan.definition,
    version: plan.version,
    startedAt: new Date(state.startedAt).toISOString(),
    endedAt: new Date(place.at).toISOString(),
    results: outputsOf(place.compiled, state, new Set(plan.steps.filter(isOwnStep).map(({ id }) => id))),
  };
  if (entry.status === 'completed')
    return lifeCycle(place, sagaCompleted.type, { ...data, output: state.output ?? null });
  if (entry.status === 'cancelled')
    return lifeCycle(place, sagaCancelled.type, { ...data, reason: entry.reason });
  const error = { ...entry.error };
  const failedStep = entry.failedStep === undefined ? {} : { failedStep: entry.failedStep };
  const { type } = entry.status === 'compensated' ? sagaCompensated : sagaFailed;
  return lifeCycle(place, type, { ...data, error, ...failedStep });
}

function stoppedMessage(entry: StoppedEntry, place: MessagePlace): OutboundMessage {
  const { definition, version } = place.compiled.plan;
  if (entry.status === 'suspended') {
    const until = new Date(personUntil(place.state)).toISOString();
    return lifeCycle(place, sagaSuspended.type, {
      definition,
      version,
      waitingFor: `a person, because step ${String(entry.failedStep)} failed: ${entry.error.message}`,
      until,
      owner: 'operators',
    });
  }
  return lifeCycle(place, sagaCompensationFailed.type, {
    definition,
    version,
    error: { ...entry.error },
    applied: entry.applied,
    ...present({ failedStep: entry.failedStep }),
  });
}
