import type { ErrorRecord } from '@aura/contracts';
import { never } from '@aura/kernel';
import { present } from '../machine/present';
import { decideProblem, forgetProblem } from './by-hand-problems';
import { isOf } from './incarnation';
import { isNewAnswer, isNewFence, isNewVote, newOutput } from './news';
import { proofOf } from './proof';
import { abortedByHand, GIVEN_UP, refusalOf, timeoutOf, UNKNOWN } from './transaction-errors';
import type { AbortReason } from './transaction-errors';
import { TransactionTurnBuilder } from './transaction-turn';
import type { TransactionOpening } from './transaction-turn';
import type { PaidTransactionEntry } from './transaction-entry';
import type { TransactionInput } from './transaction-input';
import { decisionOf, isBegun, isDecided, isUndecided, isWilling, unfinished } from './transaction-state';
import type { BranchState, TransactionState } from './transaction-state';
import { branchInUndo, MOST_UNDO_EPOCHS, transactionDueAt } from './transaction-timers';

/** What a turn comes to: the row to append (none when `entries` is empty), and the state behind it. Commit first, then send. */
export interface TransactionTurn {
  readonly entries: readonly PaidTransactionEntry[];
  /** Undefined: nobody has begun it, and nothing was decided. */
  readonly state: TransactionState | undefined;
}

/**
 * Takes the inputs of one transaction in one turn: at most one row. Pure. Invariants: `committed` only with every branch
 * willing; one decision, in one place of the journal; whoever asks behind the deadline gets a decision. What the store may
 * have lost by being restored is never guessed: it is `unknown` until a branch proves it, or a person decides.
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

type Ack = Extract<TransactionInput, { readonly kind: 'acknowledge' }>;

class Decision extends TransactionTurnBuilder {
  take(input: TransactionInput): void {
    this.noticeRestore();
    switch (input.kind) {
      case 'begin':
        return this.takeBegin(input);
      case 'fence':
        return this.takeFence(input);
      case 'ask':
        return this.takeAsk(input);
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

  /** What stood undecided when the store was set back may have been decided behind it. */
  private noticeRestore(): void {
    const { state } = this;
    if (state?.status === 'preparing' && !isOf(this.incarnation, state.incarnation))
      this.add({ kind: 'unknown', incarnation: this.incarnation.id });
  }

  private takeBegin(input: Extract<TransactionInput, { readonly kind: 'begin' }>): void {
    const { state } = this;
    if (state === undefined) return this.open(input);
    if (mayBegin(state)) this.begin(input);
  }

  /** Invariant: "no record" is answered by a record: whoever begins it later finds it aborted, or unknown. */
  private takeAsk(asked: Extract<TransactionInput, { readonly kind: 'ask' }>): void {
    if (!isOf(this.incarnation, asked.incarnation)) return this.takeOldAsk(asked);
    if (this.state === undefined) this.openAborted(UNKNOWN);
  }

  /** Who is prepared since another incarnation has said yes to what may have been decided there. */
  private takeOldAsk({
    branch,
    participant,
    held,
  }: Extract<TransactionInput, { readonly kind: 'ask' }>): void {
    const state = this.state ?? this.openUnknown();
    const known = state.branches.find(({ id }) => id === branch);
    if (isUndecided(state) && known?.vote === undefined)
      this.add({ kind: 'asked', branch, participant, held });
  }

  /** What the state calls for, until nothing is left to decide. */
  conclude(): void {
    this.noticeRestore();
    this.decide();
    const { state } = this;
    if (state === undefined) return;
    if (isDecided(state) && unfinished(state).length === 0) this.add({ kind: 'finished' });
    this.answerFence();
  }

  /** The decision: one row, before any message says so. */
  private decide(): void {
    const { state } = this;
    if (state === undefined || !isUndecided(state)) return;
    return this.isInDoubt(state) ? this.decideInDoubt(state) : this.decideSurely(state);
  }

  private decideSurely(state: TransactionState): void {
    if (state.fence !== undefined) return this.add({ kind: 'aborted', error: GIVEN_UP });
    const refusing = state.branches.find(({ vote }) => vote === 'no');
    if (refusing !== undefined) return this.abort(state, refusalOf(refusing));
    if (state.branches.every(isWilling)) return this.add({ kind: 'committed' });
    const due = transactionDueAt(state, this.gapSince);
    if (due !== undefined && due <= this.now) this.abort(state, { error: timeoutOf(state) });
  }

  /** Whether something may have been decided that is not known here. */
  private isInDoubt(state: TransactionState): boolean {
    const { status, branches, mayBeDecided, fence } = state;
    if (status === 'unknown') return true;
    if (branches.some(({ isOldVote, heard }) => isOldVote === true || heard !== undefined)) return true;
    const due = transactionDueAt(state, this.gapSince) ?? Infinity;
    return mayBeDecided === true && (fence !== undefined || due <= this.now);
  }

  private decideInDoubt(state: TransactionState): void {
    const proof = proofOf(state);
    if (proof?.decision === 'committed') return this.add({ kind: 'committed' });
    if (proof !== undefined) return this.abort(state, proof);
    if (state.status !== 'unknown') this.add({ kind: 'unknown', incarnation: this.incarnation.id });
  }

  private abort(state: TransactionState, { error, deadLetterId }: AbortReason): void {
    const mayFollow = error.kind !== 'business' && state.fence === undefined;
    const isFollowed = mayFollow && state.n < state.terms.lastN ? (true as const) : undefined;
    this.add({ kind: 'aborted', error, ...present({ deadLetterId, isFollowed }) });
  }

  /**
   * A vote that comes behind the decision, or behind what proves it, is no news, in the same turn or later: its branch hears the
   * decision, or asks. Where the vote was lost its acknowledgement says the output, also that of one that changes nothing.
   */
  private takeVote(
    state: TransactionState,
    { output, incarnation, ...told }: Extract<TransactionInput, { readonly kind: 'vote' }>,
  ): void {
    const own = state.branches.find(({ id }) => id === told.branch);
    if (own === undefined || !isNewVote(state, own)) return;
    const isOldVote = this.isOld(state, incarnation) ? (true as const) : undefined;
    this.add({ ...told, kind: 'voted', ...present({ isOldVote }) }, output);
  }

  /** Who does not name an incarnation is believed where the transaction is surely as young as the store. */
  private isOld(state: TransactionState, told: string | undefined): boolean {
    const isYoung = state.status === 'preparing' && state.mayBeDecided !== true;
    return !(told === undefined && isYoung) && !isOf(this.incarnation, told);
  }

  private takeAck(state: TransactionState, ack: Ack): void {
    if (isUndecided(state)) return this.takeLostDecision(state, ack);
    const { branch, decision } = ack;
    const own = unfinished(state).find(({ id }) => id === branch);
    if (own !== undefined && decisionOf(state) === decision)
      this.add({ kind: 'acknowledged', branch }, newOutput(own, ack));
  }

  /** Where nothing can have been lost, nobody can have heard a decision before it stands. */
  private takeLostDecision(state: TransactionState, ack: Ack): void {
    if (state.status !== 'unknown' && state.mayBeDecided !== true) return;
    const { branch, decision } = ack;
    const own = state.branches.find(({ id, heard }) => id === branch && heard === undefined);
    if (own !== undefined) this.add({ kind: 'heard', branch, decision }, newOutput(own, ack));
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
    if (this.state === undefined && this.mayBeForgotten) this.openUnknown();
    if (this.state === undefined) this.openAborted(GIVEN_UP);
    if (this.state?.isFollowed === true || !isNewFence(this.state?.fence, asked)) return;
    const { mode, epoch, error } = asked;
    this.add({ kind: 'fenced', mode, epoch, error });
  }

  /** What was asked first is undone in reverse; a committed transaction that is only asked about says its end again. */
  private answerFence(): void {
    const { state } = this;
    if (state !== undefined && !isUndecided(state) && isFenceOpen(state)) this.answerFenceOf(state);
  }

  private answerFenceOf(state: TransactionState): void {
    if (decisionOf(state) === 'aborted') return this.add({ kind: 'answered', answer: 'nothing' });
    if (state.fence?.mode === 'undo' && state.status !== 'committing') this.undoNext(state);
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
    const { error, deadLetterId } = undo ?? {};
    this.add({ kind: 'answered', answer: 'failed', ...present({ error, deadLetterId }) });
  }

  private takeUndone(
    state: TransactionState,
    { epoch, ...told }: Extract<TransactionInput, { readonly kind: 'undone' }>,
  ): void {
    const { undo } = state.branches.find(({ id }) => id === told.branch) ?? {};
    if (isNewAnswer(undo, { answer: told.answer, epoch })) this.add({ ...told, kind: 'branchUndone' });
  }

  private takeByHand(
    state: TransactionState,
    { decision, actor, note }: Extract<TransactionInput, { readonly kind: 'decide' }>,
  ): void {
    if (decideProblem(state, decision) !== undefined) return;
    const branches = isUndecided(state) ? [] : unfinished(state).map(({ id }) => id);
    if (state.status !== 'preparing') this.add({ kind: 'settled', branches, decision, actor, note });
    if (!isUndecided(state)) return;
    if (decision === 'committed') return this.add({ kind: 'committed' });
    this.add({ kind: 'aborted', error: abortedByHand(actor, note) });
  }
}

function isFenceOpen({ fence }: TransactionState): boolean {
  return fence !== undefined && fence.answer === undefined;
}

/** Whether a step may begin what branches had asked for before: what is aborted or fenced stays so. */
function mayBegin(state: TransactionState): boolean {
  return !isBegun(state) && state.fence === undefined && decisionOf(state) !== 'aborted';
}

function isUndone({ vote, undo }: BranchState): boolean {
  return vote === 'read-only' || undo?.answer === 'undone' || undo?.answer === 'nothing';
}
