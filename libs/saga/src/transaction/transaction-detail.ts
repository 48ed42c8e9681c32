import type { TransactionDetail, TransactionSummary } from '@aura/contracts';
import { failureText } from '../machine/failure-text';
import { present } from '../machine/present';
import type { GapSince } from '../machine/gap-since';
import type { TurnClock } from '../machine/turn';
import { decisionOf, unfinished } from './transaction-state';
import type { BranchState, TransactionState } from './transaction-state';
import { branchInUndo, transactionDueAt } from './transaction-timers';

/** A transaction on the board. `now`: ms since 1970. */
export function transactionSummaryOf(state: TransactionState, now: number): TransactionSummary {
  return {
    transaction: state.transaction,
    sagaId: state.saga,
    step: state.step,
    definition: state.definition,
    status: state.forgotten === undefined ? state.status : 'forgotten',
    startedAt: new Date(state.startedAt).toISOString(),
    ageMs: Math.max(0, (state.endedAt ?? now) - state.startedAt),
    waitsFor: [...waitedFor(state)],
  };
}

/** A transaction as a person needs it who decides: votes, what is held, who is waited for, what happens next. */
export function transactionDetailOf(
  state: TransactionState,
  { now, gapSince }: TurnClock,
): TransactionDetail {
  const { decidedAt, endedAt, error, deadLetterId } = state;
  return {
    ...transactionSummaryOf(state, now),
    run: state.run,
    n: state.n,
    branches: state.branches.map((branch) => branchDetail(state, branch)),
    ...present({ decidedAt: timeOf(decidedAt), endedAt: timeOf(endedAt), error, deadLetterId }),
    why: explainTransaction(state),
    next: whatFollows(state, gapSince),
  };
}

const LOST =
  'what the store of the coordinator knew of it was lost or set back, and nobody has said what was decided';

function preparedOf(names: string): string {
  return names === '' ? 'no branch has asked for the decision' : `prepared, and in doubt, is ${names}`;
}

/** One sentence: where a transaction stands and why. */
export function explainTransaction(state: TransactionState): string {
  const name = `Transaction ${state.transaction} (${state.definition})`;
  const because = state.error === undefined ? '' : ` because ${failureText(state.error, state.deadLetterId)}`;
  const waiting = waitedFor(state).join(', ');
  if (state.forgotten !== undefined) return `${name} was forgotten by ${state.forgotten.by.subject}.`;
  if (state.status === 'unknown') return `${name} is unknown: ${LOST}; ${preparedOf(waiting)}.`;
  if (waiting === '') return `${name} is ${state.status}${because}.`;
  return `${name} is ${state.status}${because} and waits for ${waiting}.`;
}

function branchDetail(state: TransactionState, branch: BranchState): TransactionDetail['branches'][number] {
  const { id, participant, action, vote, error, held, byHand, undo } = branch;
  const deadLetterId = undo?.deadLetterId ?? branch.deadLetterId;
  const isWaitedFor = unfinished(state).some((other) => other.id === id);
  return {
    id,
    participant,
    action,
    held: isWaitedFor ? [...held] : [],
    done: decisionOf(state) !== undefined && !isWaitedFor,
    ...present({ vote, error, deadLetterId, byHand: byHand && { ...byHand } }),
    ...(undo === undefined ? {} : { undo: undo.answer ?? 'asked' }),
  };
}

/** Branches that a transaction waits for, each with its participant; none once it has ended. */
export function waitedFor(state: TransactionState): readonly string[] {
  return waitsFor(state).map(nameOf);
}

function waitsFor(state: TransactionState): readonly BranchState[] {
  switch (state.status) {
    case 'preparing':
      return state.branches.filter(({ vote }) => vote === undefined);
    case 'unknown':
      return state.branches.filter(({ vote }) => vote === 'yes');
    case 'committing':
    case 'aborting':
      return unfinished(state);
    case 'undoing':
      return [branchInUndo(state)].flatMap((branch) => branch ?? []);
    default:
      return [];
  }
}

/** What happens next if nothing comes: one sentence. */
export function whatFollows(state: TransactionState, gapSince: GapSince): string {
  const dueAt = transactionDueAt(state, gapSince);
  if (dueAt === undefined) return whatAPersonDoes(state);
  const at = new Date(dueAt).toISOString();
  if (state.status === 'preparing') return `At ${at} it is aborted, unless all have voted yes by then.`;
  if (state.status === 'undoing') return `At ${at} the undo is asked for again.`;
  return `At ${at} who is waited for is told again that it is ${String(decisionOf(state))}.`;
}

function whatAPersonDoes({ status, transaction, forgotten }: TransactionState): string {
  if (forgotten !== undefined) return 'Nothing: it has ended, and was forgotten.';
  switch (status) {
    case 'unknown':
      return (
        'A person looks what became of it at its participants (`aura audit`) and decides: ' +
        `\`aura tx decide ${transaction} committed|aborted --note why\`.`
      );
    case 'undo_failed':
      return 'A person mends its saga: `aura sagas retry|skip|resolve`.';
    default:
      return 'Nothing: it has ended, and can be forgotten.';
  }
}

function timeOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

function nameOf({ id, participant }: BranchState): string {
  return `${id} at ${participant}`;
}
