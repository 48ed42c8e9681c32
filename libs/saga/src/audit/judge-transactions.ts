import type { Discrepancy } from './audit-report';
import type { AuditFacts } from './judge-steps';
import type { SagaFacts } from './saga-facts';
import type { StepFacts } from './step-facts';

/** What the branches of a transaction come to. */
export type TransactionOutcome = 'committed' | 'aborted' | 'open';

/** A transaction as its branches show it, over all participants. */
export interface JudgedTransaction {
  readonly id: string;
  readonly outcome: TransactionOutcome;
  readonly discrepancies: readonly Discrepancy[];
}

/** Every transaction: all of its branches stand, or none. */
export function judgeTransactions({ steps, sagas }: AuditFacts): readonly JudgedTransaction[] {
  const groups = new Map<string, StepFacts[]>();
  for (const step of steps) {
    if (step.transaction === undefined) continue;
    const group = groups.get(step.transaction);
    if (group === undefined) groups.set(step.transaction, [step]);
    else group.push(step);
  }
  return [...groups].map(([id, branches]) =>
    judgeTransaction(id, branches, sagas.get(branches[0]?.saga ?? '')),
  );
}

function judgeTransaction(
  id: string,
  branches: readonly StepFacts[],
  saga: SagaFacts | undefined,
): JudgedTransaction {
  const applied = branches.filter(({ phase }) => phase === 'applied');
  const isUndecided = branches.some(({ phase }) => phase === 'prepared' || phase === 'begun');
  const outcome = applied.length === branches.length ? 'committed' : isUndecided ? 'open' : 'aborted';
  return { id, outcome, discrepancies: halves({ id, branches, applied }, saga) };
}

/**
 * A refused branch beside an applied one is wrong at any time. One that was reversed may be on the way of an undo, and one
 * that is prepared on that of a commit, as long as the saga is open.
 */
function halves(
  {
    id,
    branches,
    applied,
  }: {
    readonly id: string;
    readonly branches: readonly StepFacts[];
    readonly applied: readonly StepFacts[];
  },
  saga: SagaFacts | undefined,
): readonly Discrepancy[] {
  if (applied.length === 0 || applied.length === branches.length) return [];
  const others = branches.filter(({ phase }) => phase !== 'applied');
  const isMoving = saga?.status === 'open' && others.every(({ phase }) => phase !== 'refused');
  if (isMoving) return [];
  const standing = applied.map(({ participant }) => participant).join(', ');
  return others.map(({ participant, stream, seq, phase }) => ({
    code: 'HALF_COMMITTED',
    participant,
    stream,
    seq,
    message: `transaction ${id} stands at ${standing}, but this branch is ${phase}`,
  }));
}
