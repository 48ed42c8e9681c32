import { never } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import type {
  EndAskedEntry,
  GivenUpEntry,
  MendedEntry,
  ParentAskedEntry,
  ResumedEntry,
  UndoAnsweredEntry,
  UndoAskedEntry,
} from './entry';
import { evolveRun } from './evolve-run';
import type { RunEntry } from './evolve-run';
import { planned } from './planned';
import { present, without } from './present';
import { stepOf, withStep, undoItems } from './state';
import type { Asking, SagaState, UndoItem } from './state';

/** Entries of a saga that was given up, or asks before it goes on. */
export type UndoEntry =
  | EndAskedEntry
  | ParentAskedEntry
  | GivenUpEntry
  | UndoAskedEntry
  | UndoAnsweredEntry
  | MendedEntry
  | ResumedEntry
  | RunEntry;

const NOT_ASKED: Asking = Object.freeze({ epoch: 0, tries: 0 });

/** Folds an entry about giving up into a saga that has its place already. Pure. `at`: ms since 1970. */
export function evolveUndo(
  compiled: CompiledPlan,
  state: SagaState,
  entry: UndoEntry,
  at: number,
): SagaState {
  switch (entry.kind) {
    case 'endAsked':
      return endAsked(state, entry, at);
    case 'parentAsked':
      return parentAsked(state, entry);
    case 'givenUp':
      return givenUp(compiled, state, entry);
    case 'undoAsked':
      return withItems(state, [entry.step], (item) => asked(item, entry.epoch, at));
    case 'undoAnswered':
      return answered(state, entry);
    case 'mended':
      return mended(state, entry);
    case 'resumed':
      return resumed(state, entry);
    default:
      return evolveRun(compiled, state, entry, at);
  }
}

function endAsked(state: SagaState, { step: id, epoch }: EndAskedEntry, at: number): SagaState {
  const step = stepOf(state, id);
  return withStep(state, id, { ...step, asking: asked(step.asking ?? NOT_ASKED, epoch, at) });
}

function parentAsked(state: SagaState, { mode, epoch, undone, skipped, error }: ParentAskedEntry): SagaState {
  return { ...state, asked: { mode, epoch, undone, error, ...present({ skipped }) } };
}

/** Asked for once more: what had been said before is said of an epoch of the past. */
function asked({ tries }: Asking, epoch: number, at: number): Asking {
  return { epoch, tries: tries + 1, askedAt: at };
}

function givenUp(compiled: CompiledPlan, state: SagaState, entry: GivenUpEntry): SagaState {
  const { outcome, error, failedStep, cancelled, plan } = entry;
  const failed = failedStep === undefined ? {} : { failedStep };
  return {
    // A sub-saga that had completed may be taken back.
    ...without(state, 'endedAt', 'output'),
    status: 'compensating',
    error,
    ...failed,
    ...(cancelled === undefined ? {} : { cancelled }),
    undoing: { outcome, error, ...failed, items: planned(compiled, state, plan) },
  };
}

function withItems(
  state: SagaState,
  steps: readonly string[],
  change: (item: UndoItem) => Omit<UndoItem, 'step' | 'run' | 'mode'>,
): SagaState {
  const { undoing } = state;
  if (undoing === undefined) return state;
  const items = undoing.items.map((item) =>
    steps.includes(item.step) ? { ...change(item), step: item.step, run: item.run, mode: item.mode } : item,
  );
  return { ...state, undoing: { ...undoing, items } };
}

function answered(state: SagaState, entry: UndoAnsweredEntry): SagaState {
  const { answer } = entry;
  const told = { answer, ...present({ error: entry.error, deadLetterId: entry.deadLetterId }) };
  const step = stepOf(state, entry.step);
  const { asking } = step;
  const known =
    asking === undefined
      ? state
      : withStep(state, entry.step, { ...step, asking: { ...without(asking, 'error'), ...told } });
  return withItems(known, [entry.step], (item) => ({ ...without(item, 'error', 'deadLetterId'), ...told }));
}

/** A retry is asked for again; what a person answers for is answered. */
function mended(state: SagaState, { command, steps, reason }: MendedEntry): SagaState {
  switch (command) {
    case 'skip':
    case 'resolve':
      return withItems(state, steps, (item) => ({
        ...item,
        answer: command === 'skip' ? 'skipped' : 'resolved',
        note: reason,
      }));
    case 'retry':
      return steps.reduce(
        retried,
        withItems(state, steps, (item) => ({ ...without(item, 'answer', 'askedAt'), tries: 0 })),
      );
    case 'resume':
      return state;
    default:
      return never(command);
  }
}

/** The step that suspended the saga is as if it had not ended; its failure stays known as one of the past. */
function retried(state: SagaState, id: string): SagaState {
  const step = stepOf(state, id);
  if (step.end !== 'failed' || state.status !== 'suspended') return state;
  const open = without(step, 'end', 'event', 'seenAt', 'output', 'reason', 'error', 'deadLetterId', 'asking');
  return withStep(state, id, { ...open, retriedFrom: step.epoch });
}

function resumed(state: SagaState, { status }: ResumedEntry): SagaState {
  const going = without(state, 'stoppedAt', 'applied', 'error', 'failedStep');
  const { undoing } = going;
  if (status === 'running' || undoing === undefined) return forward(going);
  return { ...going, status, error: undoing.error, ...present({ failedStep: undoing.failedStep }) };
}

/** What was refused while the saga asked stays refused; nothing else is left of giving up. */
function forward(state: SagaState): SagaState {
  const refused = undoItems(state).filter(({ mode, answer }) => mode === 'ask' && answer !== undefined);
  return refused.reduce<SagaState>(
    (next, item) => {
      const asking = without(item, 'step', 'run', 'mode', 'note');
      return withStep(next, item.step, { ...stepOf(next, item.step), asking });
    },
    { ...without(state, 'undoing', 'cancelled'), status: 'running' },
  );
}
