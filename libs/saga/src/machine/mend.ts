import type { MendInput } from './saga-input';
import { nodeOf } from './progress';
import { stepOf, undoItems } from './state';
import type { SagaState } from './state';
import type { TurnBuilder } from './turn';

/** Why nothing can be mended as a person wants it; undefined: it can. */
export function mendProblem(state: SagaState, input: MendInput): string | undefined {
  const { command, step } = input;
  if (state.status === 'suspended') return suspendedProblem(state, input);
  if (state.status !== 'compensation_failed')
    return `saga ${state.saga} is ${state.status}: only one that is suspended or compensation_failed waits for a person`;
  if (command === 'resume')
    return `saga ${state.saga} was given up: what failed to be undone takes retry, skip or resolve, not resume`;
  if (failedUndos(state, step).length > 0) return undefined;
  return `no undo of step ${String(step)} has failed in saga ${state.saga}; these have: ${failedUndos(state).join(', ')}`;
}

function suspendedProblem(state: SagaState, { command, step }: MendInput): string | undefined {
  const failed = state.failedStep ?? '';
  if (step !== undefined && step !== failed)
    return `saga ${state.saga} is suspended by step ${failed}, not by ${step}`;
  if (command === 'skip' || command === 'resolve')
    return `saga ${state.saga} is suspended and undoes nothing: it takes retry, resume with the step's output, or cancel`;
  return command === 'retry' ? retryProblem(state, failed) : resumeProblem(state, failed);
}

/** A business refusal takes the step's key: asked again, it is answered again. */
function retryProblem(state: SagaState, failed: string): string | undefined {
  const { error } = stepOf(state, failed);
  if (error?.kind !== 'business') return undefined;
  return `step ${failed} refused by its rules (${error.code}), and would answer the same again: resume with its output, or cancel`;
}

/**
 * What a step brought that completed after all stands, and others may have gone on with it. And nobody would hear of what a
 * sub-saga still does behind an output that a person gave for it.
 */
function resumeProblem(state: SagaState, failed: string): string | undefined {
  const { begun, cause, end } = stepOf(state, failed);
  if (end !== 'failed')
    return `step ${failed} has completed after all, and what it brought stands: retry, which goes on with it, or cancel`;
  if (begun?.builtIn.type !== 'saga' || cause !== undefined) return undefined;
  return `the sub-saga ${begun.builtIn.child} of step ${failed} still goes on: retry, which waits for it again, or cancel it first`;
}

function failedUndos(state: SagaState, step?: string): readonly string[] {
  const failed = undoItems(state)
    .filter(({ answer }) => answer === 'failed')
    .map((item) => item.step);
  return step === undefined ? failed : failed.filter((id) => id === step);
}

/** Does what a person wants; nothing where {@link mendProblem} has something to say. */
export function mend(turn: TurnBuilder, input: MendInput): void {
  if (mendProblem(turn.state, input) !== undefined) return;
  const { command, actor, reason, step } = input;
  const { status, failedStep = '' } = turn.state;
  const steps = status === 'suspended' ? [failedStep] : failedUndos(turn.state, step);
  turn.add({ kind: 'mended', command, actor, reason, steps });
  if (status === 'suspended') resumeStep(turn, failedStep, input);
}

function resumeStep(turn: TurnBuilder, id: string, { command, output, actor, reason }: MendInput): void {
  const step = nodeOf(turn.compiled, id);
  turn.add({ kind: 'resumed', status: 'running', reason: `${actor.subject}: ${reason}` });
  if (command === 'resume') return turn.end(step, 'completed', { output: output ?? null, type: step.emits });
  // Nobody is asked for what has come after all.
  const { end, epoch } = stepOf(turn.state, id);
  if (end === undefined) turn.add({ kind: 'stepAsked', step: id, epoch: epoch + 1, reason: 'person' });
}
