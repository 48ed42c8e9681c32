import type { JsonValue } from '@aura/contracts';
import { stateSizeOf } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import type {
  CancelledEntry,
  CompletedEntry,
  FailedEntry,
  SagaEntry,
  StartedEntry,
  StepBegunEntry,
  StepEndedEntry,
  StoppedEntry,
} from './entry';
import { evolveUndo } from './evolve-undo';
import { present, without } from './present';
import { stepOf, withStep } from './state';
import type { SagaState, StepEnd, StepState } from './state';

/** Where an entry stands: row and time of its append (ms since 1970). */
export interface EntryPlace {
  readonly seq: number;
  readonly at: number;
}

/** Of two ends of one step the higher stands, whatever came first: this makes the fold independent of order. */
export const END_RANK: Readonly<Record<StepEnd, number>> = {
  failed: 1,
  skipped: 2,
  continued: 3,
  completed: 4,
};

/** The state of a saga that has just begun. */
export function begin(entry: StartedEntry, input: JsonValue, place: EntryPlace): SagaState {
  return {
    saga: entry.saga,
    seq: place.seq,
    sequence: 1,
    status: 'running',
    run: 1,
    partition: entry.partition,
    digest: entry.digest,
    actor: entry.actor,
    ...(entry.userId === undefined ? {} : { userId: entry.userId }),
    ...(entry.trigger === undefined ? {} : { trigger: entry.trigger }),
    ...(entry.traceparent === undefined ? {} : { traceparent: entry.traceparent }),
    ...(entry.parent === undefined ? {} : { parent: entry.parent }),
    input,
    size: stateSizeOf(input),
    startedAt: place.at,
    steps: {},
  };
}

/** Folds one entry into a saga. Pure: the state that came in is left as it was. */
export function evolve(
  compiled: CompiledPlan,
  state: SagaState,
  { entry, payload }: { readonly entry: SagaEntry; readonly payload?: JsonValue },
  place: EntryPlace,
): SagaState {
  const next: SagaState = { ...state, seq: place.seq, sequence: state.sequence + 1 };
  switch (entry.kind) {
    case 'started':
      return next;
    case 'stepEnded':
      return withEnd(compiled, next, entry, { payload, at: place.at });
    case 'stepBegun':
      return withBegun(next, entry, place.at);
    case 'stepAsked':
      return withStep(next, entry.step, asked(stepOf(state, entry.step), entry.epoch, place.at));
    case 'fallbackAsked':
      return withStep(next, entry.node, { ...stepOf(state, entry.node), requestedAt: place.at });
    case 'ended':
      return { ...next, ...outcomeOf(entry, payload), endedAt: place.at };
    case 'stopped':
      return { ...next, ...outcomeOf(entry, payload), stoppedAt: place.at, applied: entry.applied };
    default:
      return evolveUndo(compiled, next, entry, place.at);
  }
}

function outcomeOf(
  entry: CompletedEntry | FailedEntry | CancelledEntry | StoppedEntry,
  output: JsonValue | undefined,
): Pick<SagaState, 'status' | 'output' | 'error' | 'failedStep' | 'cancelled'> {
  if (entry.status === 'completed')
    return { status: 'completed', ...(output === undefined ? {} : { output }) };
  if (entry.status === 'cancelled')
    return { status: 'cancelled', cancelled: { actor: entry.actor, reason: entry.reason } };
  const { status, error, failedStep } = entry;
  return {
    status,
    error,
    ...(failedStep === undefined ? {} : { failedStep }),
  };
}

function withBegun(state: SagaState, { step, builtIn }: StepBegunEntry, at: number): SagaState {
  const own = stepOf(state, step);
  return withStep(state, step, { ...own, reemissions: 0, begun: { at, epoch: own.epoch, builtIn } });
}

function asked(step: StepState, epoch: number, at: number): StepState {
  if (epoch === step.epoch) return { ...step, reemissions: step.reemissions + 1 };
  return { ...step, epoch, epochAt: at, reemissions: 0 };
}

function withEnd(
  compiled: CompiledPlan,
  state: SagaState,
  entry: StepEndedEntry,
  told: { readonly payload: JsonValue | undefined; readonly at: number },
): SagaState {
  const ended = endedStep(stepOf(state, entry.step), entry, told);
  const own = withStep({ ...state, size: state.size + stateSizeOf(told.payload) }, entry.step, ended);
  const origin = compiled.nodes.get(entry.step)?.standsFor;
  if (origin === undefined || entry.end !== 'completed') return own;
  // A fallback node's end is the end of the step it stands for.
  const before = stepOf(state, origin);
  const { epoch, reemissions, epochAt, asking, retriedFrom } = before;
  return withStep(own, origin, {
    ...without(ended, 'requestedAt', 'epochAt', 'asking', 'retriedFrom'),
    epoch,
    reemissions,
    // What was asked about the step itself stands: one that was fenced needs no undo.
    ...present({ epochAt, asking, retriedFrom }),
    endedBy: entry.step,
    attempts: before.attempts + ended.attempts,
    ...failureOf(before),
  });
}

function endedStep(
  before: StepState,
  entry: StepEndedEntry,
  told: { readonly payload: JsonValue | undefined; readonly at: number },
): StepState {
  const { epoch, reemissions, run, epochAt, requestedAt, asking, retriedFrom, begun } = before;
  const isFollowUp = entry.by === 'coordinator' && before.end === 'failed';
  return {
    epoch,
    reemissions,
    ...present({ run, epochAt, requestedAt, asking, retriedFrom, begun }),
    ...(isFollowUp ? failureOf(before) : {}),
    end: entry.end,
    event: entry.event,
    seenAt: told.at,
    attempts: isFollowUp ? before.attempts : Math.max(before.attempts, entry.attempts),
    ...(told.payload === undefined ? {} : { output: told.payload }),
    ...toldBy(entry),
  };
}

/** What is kept of a step's failure when something else becomes its end. */
function failureOf({
  error,
  deadLetterId,
}: Pick<StepState, 'error' | 'deadLetterId'>): Pick<StepState, 'error' | 'deadLetterId'> {
  return {
    ...(error === undefined ? {} : { error }),
    ...(deadLetterId === undefined ? {} : { deadLetterId }),
  };
}

function toldBy(entry: StepEndedEntry): Pick<StepState, 'error' | 'deadLetterId' | 'reason' | 'cause'> {
  return { ...failureOf(entry), ...present({ reason: entry.reason, cause: entry.cause }) };
}
