import type { Discrepancy } from './audit-report';
import type { AuditFacts } from './judge-steps';
import type { SagaFacts } from './saga-facts';
import type { StepFacts } from './step-facts';
import type { TransactionFacts } from './transaction-facts';

/** What a transaction came to. */
export type TransactionOutcome = 'committed' | 'aborted' | 'open';

/** A transaction as its branches show it, over all participants. */
export interface JudgedTransaction {
  readonly id: string;
  readonly outcome: TransactionOutcome;
  readonly discrepancies: readonly Discrepancy[];
}

interface Transaction {
  readonly id: string;
  readonly branches: readonly StepFacts[];
  /** Absent: it has no journal at the coordinator. */
  readonly facts?: TransactionFacts;
  readonly saga?: SagaFacts;
}

/** Every transaction: all of its branches stand, or none, as its journal says. */
export function judgeTransactions({ steps, sagas, transactions }: AuditFacts): readonly JudgedTransaction[] {
  const groups = new Map<string, StepFacts[]>();
  for (const step of steps) {
    if (step.transaction === undefined) continue;
    const group = groups.get(step.transaction);
    if (group === undefined) groups.set(step.transaction, [step]);
    else group.push(step);
  }
  return [...groups].map(([id, branches]) => {
    const facts = transactions.get(id);
    const saga = sagas.get(branches[0]?.saga ?? '');
    return judgeTransaction({ id, branches, ...(facts && { facts }), ...(saga && { saga }) });
  });
}

/** Name of a branch in its transaction. */
export function branchOf({ stream }: Pick<StepFacts, 'stream'>): string {
  return stream.slice(stream.lastIndexOf('/') + 1);
}

function judgeTransaction(transaction: Transaction): JudgedTransaction {
  const { id, branches, facts } = transaction;
  // What a person answered for is the one exemption.
  const bound = branches.filter((branch) => facts?.byHand.has(branchOf(branch)) !== true);
  return {
    id,
    outcome: facts?.decision ?? 'open',
    discrepancies: [...brokenDecisions(transaction, bound), ...halves({ ...transaction, branches: bound })],
  };
}

/** A branch follows a decision that stands in the transaction's journal, and none other. */
function brokenDecisions({ id, facts }: Transaction, branches: readonly StepFacts[]): readonly Discrepancy[] {
  const decision = facts?.decision;
  const isBroken = ({ phase }: StepFacts): boolean =>
    decision === 'committed' ? phase === 'refused' : phase === 'applied';
  return branches
    .filter(isBroken)
    .map((branch) =>
      wrongOf(
        branch,
        'DECISION_BROKEN',
        `transaction ${id} is ${decision ?? 'not decided'}, but this branch is ${branch.phase}`,
      ),
    );
}

/**
 * Between branches. One that was reversed may be on the way of an undo, and one that is prepared on that of a commit, as
 * long as the saga is open.
 */
function halves({ id, branches, saga }: Transaction): readonly Discrepancy[] {
  const applied = branches.filter(({ phase }) => phase === 'applied');
  if (applied.length === 0 || applied.length === branches.length) return [];
  const others = branches.filter(({ phase }) => phase !== 'applied');
  const isMoving = saga?.status === 'open' && others.every(({ phase }) => phase !== 'refused');
  if (isMoving) return [];
  const standing = applied.map(({ participant }) => participant).join(', ');
  return others.map((branch) =>
    wrongOf(
      branch,
      'HALF_COMMITTED',
      `transaction ${id} stands at ${standing}, but this branch is ${branch.phase}`,
    ),
  );
}

function wrongOf({ participant, stream, seq }: StepFacts, code: string, message: string): Discrepancy {
  return { code, participant, stream, seq, message };
}
