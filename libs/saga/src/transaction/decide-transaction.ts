import type { ErrorRecord } from '@aura/contracts';
import { never } from '@aura/kernel';
import { present } from '../machine/present';
import { TransactionTurnBuilder } from './transaction-turn';
import type { TransactionOpening } from './transaction-turn';
import type { PaidTransactionEntry } from './transaction-entry';
import type { TransactionInput } from './transaction-input';
import { decisionOf, isWilling, unfinished } from './transaction-state';
import type { BranchState, BranchUndo, Fence, TransactionState } from './transaction-state';
import { branchInUndo, MOST_UNDO_EPOCHS, transactionDueAt } from './transaction-timers';

/** What a turn comes to: the row to append (none when `entries` is empty), and the state behind it. Commit first, then send. */
export interface TransactionTurn {
  readonly entries: readonly PaidTransactionEntry[];
  /** Undefined: nobody has begun it, and nothing was decided. */
  readonly state: TransactionState | undefined;
}

/**
 * Takes the inputs of one transaction in one turn: at most one row. Pure. Invariants: `committed` only with every branch
 * willing; one decision, in one place of the journal; whoever asks behind the deadline gets a decision.
 */
export function decideTransaction(
  opening: TransactionOpening,
  inputs: readonly TransactionInput[],
): TransactionTurn {
  const turn = new Decision(opening);
  for (const input of inputs) turn.take(input);
  turn.conclude();
  return { entries: turn.entries, state: turn.state };
}

const GIVEN_UP: ErrorRecord = {
  kind: 'technical',
  code: 'GIVEN_UP',
  message: 'the saga was given up before the transaction was decided',
};

const UNKNOWN: ErrorRecord = {
  kind: 'technical',
  code: 'UNKNOWN_TRANSACTION',
  message: 'the transaction was asked for, but nobody had begun it: presumed aborted',
};

class Decision extends TransactionTurnBuilder {
  take(input: TransactionInput): void {
    switch (input.kind) {
      case 'begin':
        if (this.state === undefined) this.open(input);
        return;
      case 'fence':
        return this.takeFence(input);
      case 'ask':
        // Invariant: "no record" is answered by a record: whoever begins it later finds it aborted.
        if (this.state === undefined) this.openAborted(UNKNOWN);
        return;
      default:
        if (this.state !== undefined) this.takeOf(this.state, input);
    }
  }

  private takeOf(
    state: TransactionState,
    input: Exclude<TransactionInput, { readonly kind: 'begin' | 'fence' | 'ask' }>,
  ): void {
    switch (input.kind) {
      case 'vote':
        return this.takeVote(state, input);
      case 'acknowledge':
        return this.takeAck(state, input);
      case 'timer':
        return this.takeTimer(state);
      case 'undone':
        return this.takeUndone(state, input);
      case 'decide':
        return this.takeByHand(state, input);
      case 'forget':
        if (forgetProblem(state) === undefined) this.add({ kind: 'forgotten', actor: input.actor });
        return;
      default:
        return never(input);
    }
  }

  /** What the state calls for, until nothing is left to decide. */
  conclude(): void {
    this.decide();
    const { state } = this;
    if (state === undefined) return;
    if (isDecided(state) && unfinished(state).length === 0) this.add({ kind: 'finished' });
    this.answerFence();
  }

  /** The decision: one row, before any message says so. */
  private decide(): void {
    const { state } = this;
    if (state?.status !== 'preparing') return;
    if (state.fence !== undefined) return this.add({ kind: 'aborted', error: GIVEN_UP });
    const refusing = state.branches.find(({ vote }) => vote === 'no');
    if (refusing !== undefined) return this.abort(state, refusalOf(refusing));
    if (state.branches.every(isWilling)) return this.add({ kind: 'committed' });
    const due = transactionDueAt(state, this.gapSince);
    if (due !== undefined && due <= this.now) this.abort(state, timeoutOf(state));
  }

  private abort(state: TransactionState, error: ErrorRecord): void {
    const isFollowed = error.kind !== 'business' && state.n < state.terms.lastN;
    this.add({ kind: 'aborted', error, ...(isFollowed ? { isFollowed } : {}) });
  }

  /** A vote that comes behind the decision is no news: its branch hears the decision, or asks. */
  private takeVote(
    state: TransactionState,
    { branch, vote, held, output, error }: Extract<TransactionInput, { readonly kind: 'vote' }>,
  ): void {
    const own = state.branches.find(({ id }) => id === branch);
    if (state.status !== 'preparing' || own === undefined || own.vote !== undefined) return;
    const told = { kind: 'voted', branch, vote, held, ...present({ error }) } as const;
    this.add(told, output);
  }

  private takeAck(
    state: TransactionState,
    { branch, decision }: Extract<TransactionInput, { readonly kind: 'acknowledge' }>,
  ): void {
    const isMissing = unfinished(state).some(({ id }) => id === branch);
    if (isMissing && decisionOf(state) === decision) this.add({ kind: 'acknowledged', branch });
  }

  private takeTimer(state: TransactionState): void {
    const due = transactionDueAt(state, this.gapSince);
    if (due === undefined || due > this.now) return;
    if (isDecided(state)) return this.add({ kind: 'reminded' });
    const branch = branchInUndo(state);
    if (state.status === 'undoing' && branch !== undefined) this.onUndoTimeout(branch);
  }

  private onUndoTimeout({ id, undo, participant }: BranchState): void {
    const epoch = undo?.epoch ?? 0;
    if (epoch % MOST_UNDO_EPOCHS !== 0) return this.add({ kind: 'undoAsked', branch: id, epoch: epoch + 1 });
    const message = `nobody answered for the undo of branch ${id} at ${participant}, asked ${MOST_UNDO_EPOCHS} times`;
    const error: ErrorRecord = { kind: 'timeout', code: 'UNDO_TIMEOUT', message };
    this.add({ kind: 'branchUndone', branch: id, answer: 'failed', error });
  }

  /** Where another transaction of the step follows, the fence is for that one. */
  private takeFence(asked: Extract<TransactionInput, { readonly kind: 'fence' }>): void {
    if (this.state === undefined) this.openAborted(GIVEN_UP);
    if (this.state?.isFollowed === true || !isNewFence(this.state?.fence, asked)) return;
    const { mode, epoch, error } = asked;
    this.add({ kind: 'fenced', mode, epoch, error });
  }

  /** What was asked first is undone in reverse; a committed transaction that is only asked about says its end again. */
  private answerFence(): void {
    const { state } = this;
    const { fence } = state ?? {};
    if (state === undefined || fence === undefined || fence.answer !== undefined) return;
    if (decisionOf(state) === 'aborted') return this.add({ kind: 'answered', answer: 'nothing' });
    if (fence.mode === 'undo' && state.status !== 'committing') this.undoNext(state);
  }

  private undoNext(state: TransactionState): void {
    if (branchInUndo(state) !== undefined) return;
    const open = [...state.branches].reverse().filter((branch) => !isUndone(branch));
    const failed = open.find(({ undo }) => undo?.answer === 'failed');
    if (failed !== undefined && state.status === 'undoing') return this.undoFailed(failed);
    const [next] = open;
    if (next === undefined) return this.add({ kind: 'answered', answer: 'undone' });
    this.add({ kind: 'undoAsked', branch: next.id, epoch: (next.undo?.epoch ?? 0) + 1 });
  }

  private undoFailed({ undo }: BranchState): void {
    this.add({ kind: 'answered', answer: 'failed', ...present({ error: undo?.error }) });
  }

  private takeUndone(
    state: TransactionState,
    { branch, epoch, answer, error }: Extract<TransactionInput, { readonly kind: 'undone' }>,
  ): void {
    const { undo } = state.branches.find(({ id }) => id === branch) ?? {};
    if (!isNewAnswer(undo, { answer, epoch })) return;
    this.add({ kind: 'branchUndone', branch, answer, ...present({ error }) });
  }

  private takeByHand(
    state: TransactionState,
    { decision, actor, note }: Extract<TransactionInput, { readonly kind: 'decide' }>,
  ): void {
    if (decideProblem(state, decision) !== undefined) return;
    const branches = unfinished(state).map(({ id }) => id);
    if (state.status !== 'preparing') return this.add({ kind: 'settled', branches, decision, actor, note });
    const message = `${actor.subject} decided so: ${note}`;
    this.add({ kind: 'aborted', error: { kind: 'technical', code: 'ABORTED_BY_HAND', message } });
  }
}

/** The same epoch once more is no news: what was answered is said again. */
function isNewFence(known: Fence | undefined, { mode, epoch }: Pick<Fence, 'mode' | 'epoch'>): boolean {
  if (known === undefined) return true;
  if (known.answer === 'undone' || known.answer === 'nothing') return false;
  return epoch > known.epoch || (mode === 'undo' && known.mode === 'ask');
}

/** A failure of an epoch before the last is an old one. */
function isNewAnswer(
  undo: BranchUndo | undefined,
  { answer, epoch }: { readonly answer: 'undone' | 'nothing' | 'failed'; readonly epoch: number },
): boolean {
  if (undo === undefined || undo.answer === 'undone' || undo.answer === 'nothing') return false;
  return answer !== 'failed' || (epoch >= undo.epoch && undo.answer !== 'failed');
}

/** Why a person cannot decide so; undefined: it can be done. */
export function decideProblem(
  state: TransactionState,
  decision: 'committed' | 'aborted',
): string | undefined {
  const { transaction, status, branches } = state;
  const decided = decisionOf(state);
  if (decided === undefined) {
    if (decision === 'aborted') return undefined;
    const missing = branches.filter((branch) => !isWilling(branch)).map(({ id }) => id);
    return `transaction ${transaction} cannot be committed: ${missing.join(', ')} did not vote yes`;
  }
  if (decided !== decision)
    return `transaction ${transaction} is decided as ${decided}, and a decision never changes`;
  if (isDecided(state) && unfinished(state).length > 0) return undefined;
  return `transaction ${transaction} is ${status}: no branch is waited for, nothing is left to decide`;
}

/** Why a transaction cannot be forgotten; undefined: it can. */
export function forgetProblem(state: TransactionState): string | undefined {
  const { transaction, status, forgotten } = state;
  if (forgotten !== undefined) return `transaction ${transaction} was forgotten by ${forgotten.by.subject}`;
  const missing = unfinished(state).map(({ id, participant }) => `${id} at ${participant}`);
  if (status === 'committed' || status === 'aborted' || status === 'undone') return undefined;
  return missing.length === 0
    ? `transaction ${transaction} is ${status}: what it did is still to be undone`
    : `transaction ${transaction} is ${status}: the acknowledgement of ${missing.join(', ')} is missing`;
}

/** Decided, and some branches may not have done it yet. */
function isDecided({ status }: TransactionState): boolean {
  return status === 'committing' || status === 'aborting';
}

function isUndone({ vote, undo }: BranchState): boolean {
  return vote === 'read-only' || undo?.answer === 'undone' || undo?.answer === 'nothing';
}

function refusalOf({ id, participant, error }: BranchState): ErrorRecord {
  if (error !== undefined) return { ...error, message: `branch ${id}: ${error.message}` };
  const message = `branch ${id} at ${participant} voted no and gave no reason`;
  return { kind: 'technical', code: 'VOTED_NO', message };
}

function timeoutOf({ branches, terms }: TransactionState): ErrorRecord {
  const silent = branches.filter(({ vote }) => vote === undefined);
  const names = silent.map(({ id, participant }) => `${id} at ${participant}`).join(', ');
  const message = `nobody voted for ${names} within ${terms.prepareMs} ms`;
  return { kind: 'timeout', code: 'PREPARE_TIMEOUT', message };
}
