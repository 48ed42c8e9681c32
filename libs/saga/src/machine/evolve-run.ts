import { never, stateSizeOf } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import type { RerunAskedEntry, RunBeganEntry } from './entry';
import { leftBehind } from './left-behind';
import { planned } from './planned';
import { present, without } from './present';
import { rerunError } from './saga-errors';
import { stepOf, undoItems, UNTOUCHED, withStep } from './state';
import type { SagaState, StepState, UndoItem } from './state';

/** Entries of a saga that goes on again from a step. */
export type RunEntry = RerunAskedEntry | RunBeganEntry;

/** Folds an entry about a rerun into a saga that has its place already. Pure. `at`: ms since 1970. */
export function evolveRun(compiled: CompiledPlan, state: SagaState, entry: RunEntry, at: number): SagaState {
  switch (entry.kind) {
    case 'rerunAsked':
      return rerunAsked(compiled, state, entry);
    case 'runBegan':
      return runBegan(state, entry, at);
    default:
      return never(entry);
  }
}

/** Nothing is left of how the saga had ended or stopped: it is open again. */
function rerunAsked(compiled: CompiledPlan, state: SagaState, entry: RerunAskedEntry): SagaState {
  const { from, again, abandoned, actor, reason, plan } = entry;
  const error = rerunError(actor.subject, from, reason);
  const kept = undoItems(state).reduce(leftStanding, state);
  return {
    ...without(kept, 'endedAt', 'stoppedAt', 'output', 'failedStep', 'cancelled', 'applied'),
    status: 'compensating',
    error,
    undoing: {
      outcome: 'rerun',
      error,
      items: planned(compiled, kept, plan),
      rerun: { from, again, actor, reason, ...present({ abandoned }) },
    },
  };
}

/**
 * An effect that a person left is carried over with its step; should it be undone later, or its end be asked for because it
 * fails yet, the epochs of that go on, and nothing has been asked.
 */
function leftStanding(state: SagaState, item: UndoItem): SagaState {
  if (item.answer !== 'skipped') return state;
  const asking = { epoch: item.epoch, tries: 0, answer: item.answer };
  return withStep(state, item.step, { ...stepOf(state, item.step), asking });
}

function runBegan(state: SagaState, { run, again, abandoned }: RunBeganEntry, at: number): SagaState {
  const fresh: StepState = { ...UNTOUCHED, run };
  return {
    ...without(state, 'undoing', 'error', 'failedStep', 'stoppedAt', 'applied'),
    status: 'running',
    run,
    runAt: at,
    ...(abandoned === undefined ? { limitFrom: at } : {}),
    size: again.reduce((size, id) => size - ownSize(stepOf(state, id)), state.size),
    steps: {
      ...state.steps,
      ...Object.fromEntries(
        again.map((id) => [id, abandoned?.includes(id) === true ? leftBehind(run) : fresh]),
      ),
    },
  };
}

/** What a step's output counts; that of a fallback counts there. */
function ownSize({ endedBy, output }: StepState): number {
  return endedBy === undefined ? stateSizeOf(output) : 0;
}
