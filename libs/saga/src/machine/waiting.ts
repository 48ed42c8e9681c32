import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { openStep } from './built-in/begun';
import { kindOf } from './built-in/kinds';
import { failureText } from './failure-text';
import { awaited } from './progress';
import { stepOf } from './state';
import type { SagaState, UndoItem } from './state';
import { timersOf } from './timers';
import type { GapSince } from './gap-since';

/** How long a saga that waits for a person may wait before it is asked for again, ms: a day. */
export const PERSON_WAIT_MS = 24 * 3_600_000;

/** Liveness: what an open saga waits for, until when (ms since 1970), and who acts then. */
export interface Waiting {
  readonly waitingFor: string;
  readonly until: number;
  readonly owner: string;
}

/** Invariant: whatever has not ended has all three; undefined only for a saga that has ended. */
export function waitingOf(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): Waiting | undefined {
  switch (state.status) {
    case 'running':
      return runningWait(compiled, state, gapSince);
    case 'suspended':
    case 'compensation_failed':
      return { waitingFor: 'a person', until: personUntil(state), owner: 'operators' };
    case 'compensating':
      return undoWait(compiled, state, gapSince);
    default:
      return undefined;
  }
}

/** Until when a saga that has stopped waits for a person, ms since 1970. */
export function personUntil(state: SagaState): number {
  return (state.stoppedAt ?? state.startedAt) + PERSON_WAIT_MS;
}

function runningWait(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): Waiting {
  const names = awaited(compiled, state).map((step) => nameOf(state, step));
  const until = Math.min(...timersOf(compiled, state, gapSince).map((timer) => timer.until));
  const all = [...names, ...asks(compiled, state, gapSince)];
  const waitingFor = all.length > 0 ? all.join(', ') : 'the end of the step before';
  return { waitingFor, until, owner: ownerOf(state) };
}

function nameOf(state: SagaState, step: PlanStep): string {
  const { id, action, participant, builtIn } = step;
  const own = stepOf(state, id);
  const begun = openStep(own);
  if (builtIn !== undefined && begun !== undefined)
    return kindOf(builtIn).waitsFor(step, begun, own.reemissions);
  return `step ${id} (${action} at ${participant})`;
}

/** Invariant: a saga that is compensating always waits for an answer. */
function undoWait(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): Waiting {
  const timers = timersOf(compiled, state, gapSince).flatMap((timer) =>
    timer.kind === 'undo' ? [timer] : [],
  );
  const waitingFor = timers.map(({ step, item }) =>
    item.mode === 'ask'
      ? `how step ${step.id} ended (${step.action} at ${step.participant})`
      : `undo of ${step.id} (${undoerOf(state, step)})`,
  );
  const until = Math.min(...timers.map((timer) => timer.until));
  return { waitingFor: waitingFor.join(', '), until, owner: ownerOf(state) };
}

/** Who undoes a step. */
function undoerOf(state: SagaState, { id, undo, action, participant }: PlanStep): string {
  const { begun } = stepOf(state, id);
  return begun?.builtIn.type === 'saga'
    ? `sub-saga ${begun.builtIn.child}`
    : `${undo ?? action} at ${participant}`;
}

function asks(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): readonly string[] {
  return timersOf(compiled, state, gapSince).flatMap((timer) =>
    timer.kind === 'ask'
      ? [`how step ${timer.step.id} ended (${timer.step.action} at ${timer.step.participant})`]
      : [],
  );
}

function ownerOf(state: SagaState): string {
  return `coordinator, partition ${state.partition}`;
}

/** One sentence: where the saga stands and why. */
export function explain(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): string {
  const name = `Saga ${state.saga} (${compiled.plan.definition} ${compiled.plan.version})`;
  const waiting = waitingOf(compiled, state, gapSince);
  const because = becauseOf(state);
  if (waiting === undefined) return `${name} is ${state.status}${because}.`;
  const until = new Date(waiting.until).toISOString();
  if (state.status === 'running')
    return `${name} is running and waits for ${waiting.waitingFor}${retries(compiled, state)}; at ${until} the ${waiting.owner} acts.`;
  return `${name} is ${state.status}${because}; it waits for ${waiting.waitingFor} until ${until} (${waiting.owner}).${appliedText(state)}`;
}

/** Of a saga that is suspended nobody has asked yet what of it came to stand. */
function appliedText({ status, applied = [] }: SagaState): string {
  if (applied.length === 0) return '';
  const perhaps = status === 'suspended' ? ', or perhaps applied,' : '';
  return ` Applied${perhaps} and not undone: ${applied.join(', ')}.`;
}

function becauseOf(state: SagaState): string {
  const { error, cancelled, failedStep } = state;
  if (cancelled !== undefined) return ` because ${cancelled.actor.subject} cancelled it: ${cancelled.reason}`;
  if (error === undefined) return '';
  if (failedStep === undefined) return ` because ${error.message}`;
  const undo = failedUndo(state, failedStep);
  const what = undo === undefined ? 'step' : 'the undo of step';
  const { deadLetterId } = undo ?? stepOf(state, failedStep);
  return ` because ${what} ${failedStep} failed: ${failureText(error, deadLetterId)}`;
}

/** The undo of a step, where that is what failed. */
function failedUndo({ status, undoing }: SagaState, failedStep: string): UndoItem | undefined {
  if (status !== 'compensation_failed') return undefined;
  return undoing?.items.find(({ step }) => step === failedStep);
}

function retries(compiled: CompiledPlan, state: SagaState): string {
  const again = awaited(compiled, state).filter(({ id }) => stepOf(state, id).epoch > 1);
  return again.length === 0 ? '' : ` (asked again for ${again.map(({ id }) => id).join(', ')})`;
}
