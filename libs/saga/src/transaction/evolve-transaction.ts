import type { JsonValue } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';
import { present } from '../machine/present';
import type { PaidTransactionEntry, TransactionEntry } from './transaction-entry';
import { evolveDoubt } from './evolve-doubt';
import type { DoubtEntry } from './evolve-doubt';
import { unfinished } from './transaction-state';
import type { BranchState, BranchUndo, TransactionState, TransactionTerms } from './transaction-state';

/** Where an entry stands: row and time of its append (ms since 1970). */
export interface TransactionPlace {
  readonly seq: number;
  readonly at: number;
}

/** Of one that nobody began: it waits for no vote, nothing follows it, and no step hears of it. */
const NO_TERMS: TransactionTerms = { prepareMs: 0, lastN: 0, emits: '' };

/** Folds one entry into a transaction; the first one opens it. Pure. Errors: `TerminalError` when the first is another. */
export function evolveTransaction(
  state: TransactionState | undefined,
  paid: PaidTransactionEntry,
  place: TransactionPlace,
): TransactionState {
  const { entry } = paid;
  if (entry.kind === 'opened') return opened(entry, paid.payload, place);
  if (state === undefined)
    throw new TerminalError('the journal of a transaction does not begin with its opening', {
      code: 'BROKEN_JOURNAL',
      help: 'Restore the journal from a backup.',
    });
  const next = { ...state, seq: place.seq };
  return isDoubtEntry(entry)
    ? evolveDoubt(next, { ...paid, entry }, place.at)
    : evolved(next, { ...paid, entry }, place.at);
}

type LaterEntry = Exclude<TransactionEntry, { readonly kind: 'opened' } | DoubtEntry>;

function isDoubtEntry(entry: TransactionEntry): entry is DoubtEntry {
  return ['begun', 'unknown', 'asked', 'heard'].includes(entry.kind);
}

function opened(
  { head, terms = NO_TERMS, branches, mayBeDecided }: Extract<TransactionEntry, { readonly kind: 'opened' }>,
  inputs: JsonValue | undefined,
  { seq, at }: TransactionPlace,
): TransactionState {
  const input = (id: string): JsonValue =>
    (inputs as Readonly<Record<string, JsonValue>> | undefined)?.[id] ?? null;
  return {
    ...head,
    seq,
    status: 'preparing',
    terms,
    branches: branches.map((branch) => ({ ...branch, input: input(branch.id), held: [] })),
    startedAt: at,
    toldAt: at,
    reminders: 0,
    ...present({ mayBeDecided }),
  };
}

function evolved(
  state: TransactionState,
  { entry, payload }: { readonly entry: LaterEntry; readonly payload?: JsonValue },
  at: number,
): TransactionState {
  switch (entry.kind) {
    case 'voted':
      return withBranch(state, entry.branch, (branch) => voted(branch, entry, payload));
    case 'committed':
      return { ...state, status: 'committing', decidedAt: at, toldAt: at };
    case 'aborted':
      return aborted(state, entry, at);
    case 'acknowledged':
      return withBranch(state, entry.branch, (branch) => ({
        ...branch,
        isDone: true,
        ...present({ output: payload }),
      }));
    case 'reminded':
      return { ...state, reminders: state.reminders + 1, toldAt: at };
    case 'finished':
      return { ...state, status: state.status === 'aborting' ? 'aborted' : 'committed', endedAt: at };
    default:
      return evolvedLater(state, entry, at);
  }
}

type LastEntry = Exclude<
  LaterEntry,
  { readonly kind: 'voted' | 'committed' | 'aborted' | 'acknowledged' | 'reminded' | 'finished' }
>;

function evolvedLater(state: TransactionState, entry: LastEntry, at: number): TransactionState {
  switch (entry.kind) {
    case 'fenced': {
      const { mode, epoch, error } = entry;
      return { ...state, fence: { mode, epoch, error } };
    }
    case 'undoAsked':
      return {
        ...withBranch(state, entry.branch, (branch) => ({
          ...branch,
          undo: { epoch: entry.epoch, askedAt: at },
        })),
        status: 'undoing',
        toldAt: at,
      };
    case 'branchUndone':
      return withBranch(state, entry.branch, (branch) => undone(branch, entry));
    case 'answered':
      return answered(state, entry);
    case 'settled':
      return entry.branches.reduce(
        (settled, id) =>
          withBranch(settled, id, (branch) => ({
            ...branch,
            isDone: true,
            byHand: { by: entry.actor.subject, note: entry.note },
          })),
        state,
      );
    case 'forgotten':
      return { ...state, forgotten: { by: entry.actor, at } };
  }
}

function withBranch(
  state: TransactionState,
  id: string,
  change: (branch: BranchState) => BranchState,
): TransactionState {
  return { ...state, branches: state.branches.map((branch) => (branch.id === id ? change(branch) : branch)) };
}

function voted(
  branch: BranchState,
  { vote, held, error, deadLetterId, isOldVote }: Extract<TransactionEntry, { readonly kind: 'voted' }>,
  output: JsonValue | undefined,
): BranchState {
  return {
    ...branch,
    vote,
    held,
    ...present({ output, error, deadLetterId, isOldVote }),
  };
}

/** One that nobody has to hear of is over at once. */
function aborted(
  state: TransactionState,
  { error, deadLetterId, isFollowed }: Extract<TransactionEntry, { readonly kind: 'aborted' }>,
  at: number,
): TransactionState {
  const isOver = unfinished(state).length === 0;
  return {
    ...state,
    status: isOver ? 'aborted' : 'aborting',
    decidedAt: at,
    toldAt: at,
    ...(isOver ? { endedAt: at } : {}),
    error,
    ...present({ deadLetterId, isFollowed }),
  };
}

function undone(
  branch: BranchState,
  { answer, error, deadLetterId }: Extract<TransactionEntry, { readonly kind: 'branchUndone' }>,
): BranchState {
  if (branch.undo === undefined) return branch;
  const undo: BranchUndo = { ...branch.undo, answer, ...present({ error, deadLetterId }) };
  return { ...branch, undo };
}

function answered(
  state: TransactionState,
  { answer, error, deadLetterId }: Extract<TransactionEntry, { readonly kind: 'answered' }>,
): TransactionState {
  const { fence } = state;
  const told: TransactionState =
    fence === undefined
      ? state
      : { ...state, fence: { ...fence, answer, ...present({ failure: error, deadLetterId }) } };
  switch (answer) {
    case 'undone':
      return { ...told, status: 'undone' };
    case 'failed':
      return { ...told, status: 'undo_failed' };
    case 'nothing':
      return told;
  }
}
