import {
  errorRecord,
  sagaTimerDue,
  stepContinued,
  stepEventArrived,
  stepFailed,
  stepNothingToUndo,
  stepSkipped,
  stepUndoFailed,
  stepUndone,
  subSagaEnded,
  subSagaStopRequested,
} from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonValue, SagaStatus } from '@aura/contracts';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import type { SagaInput, StepEndInput, UndoAnswerInput } from './saga-input';
import { openStep } from './built-in/begun';
import { END_RANK } from './evolve';
import { present } from './present';
import { stepOf, stepRunOf } from './state';
import type { SagaState, StepEnd, StepState } from './state';

interface Told {
  readonly output?: JsonValue;
  readonly reason?: unknown;
  readonly error?: unknown;
  readonly attempts?: unknown;
  readonly deadLetterId?: unknown;
  readonly timer?: unknown;
}

/** What an event says to a saga; nothing when it is none of its business. `now`, ms since 1970, stands in for a time that is missing. */
export function inputOf(compiled: CompiledPlan, event: CloudEvent, now: number): SagaInput | undefined {
  const told = (event.data ?? {}) as Told;
  if (event.type === sagaTimerDue.type)
    return typeof told.timer === 'string' ? { kind: 'timer', timer: told.timer } : undefined;
  if (event.type === subSagaStopRequested.type) return parentAskOf(event);
  const node = compiled.nodes.get(event.aurastep ?? '');
  if (node === undefined) return undefined;
  return stepInputOf(node, event, { told, now });
}

function stepInputOf(
  node: PlanStep,
  event: CloudEvent,
  { told, now }: { readonly told: Told; readonly now: number },
): SagaInput | undefined {
  if (event.type === stepEventArrived.type) return arrivalOf(node.id, event);
  if (event.type === subSagaEnded.type) return childEndOf(node, event, now);
  const answer = ANSWERS.get(event.type);
  if (answer !== undefined) return undoAnswerOf(node, answer, event, { told, now });
  const end = endOf(event.type, node.emits);
  return end === undefined ? undefined : stepEndOf(node, end, event, { told, now });
}

const ANSWERS: ReadonlyMap<string, UndoAnswerInput['answer']> = new Map([
  [stepUndone.type, 'undone'],
  [stepNothingToUndo.type, 'nothing'],
  [stepUndoFailed.type, 'failed'],
]);

function arrivalOf(step: string, event: CloudEvent): SagaInput | undefined {
  const told = stepEventArrived.data.safeParse(event.data);
  if (!told.success) return undefined;
  return { kind: 'arrival', step, run: event.aurarun ?? 1, event: told.data.event, data: told.data.data };
}

function childEndOf(node: PlanStep, event: CloudEvent, now: number): SagaInput | undefined {
  const read = subSagaEnded.data.safeParse(event.data);
  if (!read.success) return undefined;
  const { iteration, status, output, error } = read.data;
  const { step, run, event: ended } = stepEndOf(node, 'completed', event, { told: {}, now });
  return { kind: 'childEnd', step, run, iteration, status, event: ended, ...present({ output, error }) };
}

function parentAskOf({ data }: CloudEvent): SagaInput | undefined {
  const read = subSagaStopRequested.data.safeParse(data);
  if (!read.success) return undefined;
  const { mode, epoch, undone, skipped, error } = read.data;
  return { kind: 'parentAsk', mode, epoch, undone, error, ...present({ skipped }) };
}

function undoAnswerOf(
  node: PlanStep,
  answer: UndoAnswerInput['answer'],
  event: CloudEvent,
  { told, now }: { readonly told: Told; readonly now: number },
): UndoAnswerInput {
  const { step, run, event: ended } = stepEndOf(node, 'skipped', event, { told, now });
  const base = { kind: 'undoAnswer', step, run, answer, event: ended } as const;
  if (answer !== 'failed') return base;
  const { error, deadLetterId } = otherwise(told, 'failed');
  return { ...base, ...present({ error, deadLetterId }) };
}

/** Whether an event, its data aside, may tell a saga something that does not stand yet. */
export function isNews(compiled: CompiledPlan, state: SagaState, event: CloudEvent): boolean {
  const node = compiled.nodes.get(event.aurastep ?? '');
  if (node === undefined || (event.aurarun ?? 1) !== stepRunOf(state, node.id)) return false;
  return isNewsOf(stepOf(state, node.id), node, event);
}

function isNewsOf(own: StepState, node: PlanStep, event: CloudEvent): boolean {
  if (event.type === stepEventArrived.type) return openStep(own) !== undefined;
  if (event.type === subSagaEnded.type) return own.end !== 'completed';
  const end = endOf(event.type, node.emits);
  return end !== undefined && (own.end === undefined || END_RANK[own.end] < END_RANK[end]);
}

/**
 * Whether an event only has to be written down: a step of a saga that runs has completed, others follow it, and their
 * participants hear of it without the coordinator, in which none of them lives.
 */
export function asksForNothing(
  compiled: CompiledPlan,
  { type, aurastep = '' }: CloudEvent,
  status: SagaStatus,
): boolean {
  const node = compiled.nodes.get(aurastep);
  if (status !== 'running' || node?.emits !== type || node.dependents.length === 0) return false;
  if (node.builtIn !== undefined) return false;
  return node.dependents.every((id) => compiled.nodes.get(id)?.builtIn === undefined);
}

/**
 * Whether an input may belong to what another instance asked for, by a person's command, of which this state says nothing
 * yet: anything but the end of a step that was asked for in this run, and not more often than this state knows.
 */
export function isOfOthers(state: SagaState, input: SagaInput): boolean {
  if (input.kind !== 'stepEnd') return true;
  return input.run > state.run || input.event.epoch > stepOf(state, input.step).epoch;
}

function stepEndOf(
  node: PlanStep,
  end: StepEnd,
  event: CloudEvent,
  { told, now }: { readonly told: Told; readonly now: number },
): StepEndInput {
  const { source, id, type, time = new Date(now).toISOString(), auraepoch: epoch = 1 } = event;
  const ended = {
    kind: 'stepEnd',
    step: node.id,
    run: event.aurarun ?? 1,
    end,
    event: { source, id, type, time, epoch },
    attempts: typeof told.attempts === 'number' ? told.attempts : (event.auraattempt ?? 1),
  } as const;
  if (end === 'completed') return told.output === undefined ? ended : { ...ended, output: told.output };
  return { ...ended, ...otherwise(told, end) };
}

/** What there is to say of an end that is no completion. */
function otherwise(
  { output, reason, error, deadLetterId }: Told,
  end: StepEnd,
): Pick<StepEndInput, 'output' | 'reason' | 'error' | 'deadLetterId'> {
  const read = end === 'skipped' ? undefined : readError(error);
  return {
    ...(output === undefined ? {} : { output }),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(read === undefined ? {} : { error: read }),
    ...(typeof deadLetterId === 'string' ? { deadLetterId } : {}),
  };
}

/** An error that is none, as far as its words can be used. */
function readError(error: unknown): ErrorRecord {
  const parsed = errorRecord.safeParse(error);
  if (parsed.success) return parsed.data;
  return {
    kind: 'technical',
    code: 'UNREADABLE_ERROR',
    message: `the step failed with what is no error record: ${JSON.stringify(error) ?? 'nothing'}`,
  };
}

function endOf(type: string, emits: string): StepEnd | undefined {
  if (type === emits) return 'completed';
  if (type === stepSkipped.type) return 'skipped';
  if (type === stepContinued.type) return 'continued';
  return type === stepFailed.type ? 'failed' : undefined;
}
