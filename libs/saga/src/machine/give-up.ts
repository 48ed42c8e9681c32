import type { ErrorRecord } from '@aura/contracts';
import { undoPolicyOf } from '@aura/workflow';
import type { Actor } from '../coordinator';
import { appliedOf } from './applied';
import { committedStep, isCommitted } from './committed';
import { beginRun } from './leave-behind';
import { nodeOf } from './progress';
import { cancelledError, cannotUndo, timeoutError } from './saga-errors';
import type { UndoAnswerInput } from './saga-input';
import { stepOf, stepRunOf, undoItems } from './state';
import type { Asking, SagaState, UndoItem } from './state';
import type { TurnBuilder } from './turn';
import { isBehind, undoOrder } from './undo-order';

/** Why a saga is given up. */
export interface GivingUp {
  readonly error: ErrorRecord;
  readonly failedStep?: string;
}

/** Whether an undo needs nothing more: it was answered, and not by a failure. */
export function isSettled({ answer }: UndoItem): boolean {
  return answer !== undefined && answer !== 'failed';
}

/**
 * Gives a saga up: a fence around every stateful step that was triggered or could still be by an event in flight. With
 * nothing to fence it ends at once.
 */
export function giveUp(turn: TurnBuilder, why: GivingUp): void {
  const applied = appliedOf(turn.compiled, turn.state);
  if (applied.length === 0) turn.add({ kind: 'ended', status: 'failed', ...why });
  else turn.add({ kind: 'givenUp', outcome: 'failed', ...why, plan: undoOrder(turn.compiled, applied) });
}

/** Gives a saga up for a person. Nothing happens to one that can only complete, or has been given up already. */
export function cancel(turn: TurnBuilder, by: { readonly actor: Actor; readonly reason: string }): void {
  const { status } = turn.state;
  if (status !== 'running' && status !== 'suspended') return;
  if (committedStep(turn) !== undefined) return;
  const { actor, reason } = by;
  const plan = undoOrder(turn.compiled, appliedOf(turn.compiled, turn.state));
  if (plan.length === 0) return turn.add({ kind: 'ended', status: 'cancelled', actor, reason });
  const error = cancelledError(actor.subject, reason);
  turn.add({ kind: 'givenUp', outcome: 'cancelled', error, plan, cancelled: { actor, reason } });
}

/** Takes the answer to an undo, or to the question how a step ended; one that stands already is no news. */
export function takeUndoAnswer(turn: TurnBuilder, input: UndoAnswerInput): void {
  const { step, run, answer, event, error, deadLetterId } = input;
  const open = openAsking(turn.state, step, run);
  if (open === undefined) return;
  // Nobody answers before he is asked.
  if (event.epoch > open.epoch) return;
  if (answer === 'failed' && isOldFailure(open, event.epoch)) return;
  turn.add({
    kind: 'undoAnswered',
    step,
    run,
    answer,
    by: 'participant',
    event,
    ...(error === undefined ? {} : { error }),
    ...(deadLetterId === undefined ? {} : { deadLetterId }),
  });
}

/** A failure of an epoch before the last, one that stands, or one of the question before the undo, which is not asked for yet. */
function isOldFailure({ epoch, answer, askedAt }: Asking, of: number): boolean {
  return of < epoch || answer === 'failed' || askedAt === undefined;
}

/** What is asked about a step and not settled yet. */
function openAsking(state: SagaState, step: string, run: number): Asking | undefined {
  const item = state.undoing?.items.find((one) => one.step === step && one.run === run);
  if (item !== undefined) return isSettled(item) ? undefined : item;
  const { asking } = stepOf(state, step);
  if (asking === undefined || run !== stepRunOf(state, step)) return undefined;
  return asking.answer === undefined || asking.answer === 'failed' ? asking : undefined;
}

/** Nobody answered an undo in time: it is asked for again, and in the end it has failed. */
export function onUndoTimeout(turn: TurnBuilder, item: UndoItem): void {
  const step = nodeOf(turn.compiled, item.step);
  const { retry, timeoutMs } = undoPolicyOf(step);
  if (item.tries < retry.maxEpochs) return askUndo(turn, item);
  const error = timeoutError(
    `nobody answered for the undo of step ${step.id} (${step.undo ?? 'no undo'} at ${step.participant}) within ${timeoutMs} ms, asked ${item.tries} times`,
    'UNDO_TIMEOUT',
  );
  turn.add({
    kind: 'undoAnswered',
    step: item.step,
    run: item.run,
    answer: 'failed',
    by: 'coordinator',
    error,
  });
}

function askUndo(turn: TurnBuilder, { step, run, epoch }: UndoItem): void {
  turn.add({ kind: 'undoAsked', step, run, epoch: epoch + 1 });
}

/** What a saga that was given up calls for: the next undos, its end, or a person. */
export function unwind(turn: TurnBuilder): void {
  const { undoing } = turn.state;
  if (undoing === undefined) return;
  refuseSkipped(turn, undoing.items);
  const applied = undoing.items.find(({ step, mode }) => mode === 'ask' && isCommittedNode(turn, step));
  if (applied !== undefined && wasAsked(applied)) return goForward(turn, applied.step);
  if (applied !== undefined && applied.answer === undefined) refuseUndo(turn, applied);
  turn.state.undoing?.items.filter((item) => isNext(turn, item)).forEach((item) => askUndo(turn, item));
  conclude(turn);
}

/** A pivot that was skipped has said so instead of refusing; its end is recorded, which is as good. */
function refuseSkipped(turn: TurnBuilder, items: readonly UndoItem[]): void {
  for (const { step, run, mode, answer } of items)
    if (mode === 'ask' && answer === undefined && stepOf(turn.state, step).end === 'skipped')
      turn.add({ kind: 'undoAnswered', step, run, answer: 'nothing', by: 'coordinator' });
}

function isCommittedNode(turn: TurnBuilder, step: string): boolean {
  return isCommitted(turn.state, nodeOf(turn.compiled, step));
}

function wasAsked({ tries, answer }: UndoItem): boolean {
  return tries > 0 && (answer === undefined || answer === 'failed');
}

/** The pivot took effect before it could be refused: nothing that can fail is left, so the saga completes. */
function goForward(turn: TurnBuilder, step: string): void {
  turn.add({
    kind: 'resumed',
    status: 'running',
    reason: `step ${step} is applied and has no undo: the saga can only complete`,
  });
}

/** A saga that cannot complete although its pivot is applied: a person has to undo that by hand. */
function refuseUndo(turn: TurnBuilder, { step, run }: UndoItem): void {
  turn.add({ kind: 'undoAnswered', step, run, answer: 'failed', by: 'coordinator', error: cannotUndo(step) });
}

/** Whether an undo is to be asked for now: pivots first, then what has nothing behind it any more. */
function isNext({ compiled, state }: TurnBuilder, item: UndoItem): boolean {
  if (item.askedAt !== undefined || item.answer !== undefined) return false;
  if (item.mode === 'ask') return true;
  const open = undoItems(state).filter((other) => other !== item && !isSettled(other));
  return !open.some((other) => other.mode === 'ask' || isBehind(compiled, other.step, item.step));
}

function conclude(turn: TurnBuilder): void {
  const { undoing, status } = turn.state;
  if (undoing === undefined) return;
  const failed = undoing.items.filter(({ answer }) => answer === 'failed');
  const [first] = failed;
  if (first !== undefined) {
    if (status !== 'compensation_failed') stopFor(turn, first);
  } else if (undoing.items.every(isSettled)) end(turn, undoing);
  else if (status === 'compensation_failed')
    turn.add({ kind: 'resumed', status: 'compensating', reason: 'what had failed was mended' });
}

function stopFor(turn: TurnBuilder, { step, error }: UndoItem): void {
  turn.add({
    kind: 'stopped',
    status: 'compensation_failed',
    error: error ?? timeoutError(`the undo of step ${step} failed`, 'UNDO_FAILED'),
    failedStep: step,
    applied: standing(turn.state),
  });
}

/** Steps of the plan to undo whose effect stands or may stand. */
export function standing(state: SagaState): readonly string[] {
  return undoItems(state)
    .filter((item) => !isSettled(item))
    .map(({ step }) => step);
}

function end(turn: TurnBuilder, undoing: NonNullable<SagaState['undoing']>): void {
  const { cancelled } = turn.state;
  const { outcome, error, failedStep, items, rerun } = undoing;
  if (rerun !== undefined) return beginRun(turn, rerun);
  if (outcome === 'cancelled' && cancelled !== undefined)
    return turn.add({ kind: 'ended', status: 'cancelled', ...cancelled });
  const status = items.some(({ answer }) => answer !== 'nothing') ? 'compensated' : 'failed';
  turn.add({ kind: 'ended', status, error, ...(failedStep === undefined ? {} : { failedStep }) });
}
