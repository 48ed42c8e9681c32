import { decisionOf, isDecided, isUndecided, isWilling, unfinished } from './transaction-state';
import type { TransactionState } from './transaction-state';

/** Why a person cannot decide so; undefined: it can be done. */
export function decideProblem(
  state: TransactionState,
  decision: 'committed' | 'aborted',
): string | undefined {
  const { transaction, status } = state;
  const decided = decisionOf(state);
  if (decided === undefined) return decision === 'aborted' ? undefined : commitProblem(state);
  if (decided !== decision)
    return `transaction ${transaction} is decided as ${decided}, and a decision never changes`;
  if (isDecided(state) && unfinished(state).length > 0) return undefined;
  return `transaction ${transaction} is ${status}: no branch is waited for, nothing is left to decide`;
}

/** With every vote it would be committed already, unless what was decided is unknown. */
function commitProblem({ transaction, branches }: TransactionState): string | undefined {
  const missing = branches.filter((branch) => !isWilling(branch)).map(({ id }) => id);
  if (missing.length > 0)
    return `transaction ${transaction} cannot be committed: ${missing.join(', ')} did not vote yes`;
  if (branches.length > 0) return undefined;
  return `transaction ${transaction} cannot be committed: no branch of it is known`;
}

/** Why a transaction cannot be forgotten; undefined: it can. */
export function forgetProblem(state: TransactionState): string | undefined {
  const { transaction, status, forgotten } = state;
  if (forgotten !== undefined) return `transaction ${transaction} was forgotten by ${forgotten.by.subject}`;
  const missing = unfinished(state).map(({ id, participant }) => `${id} at ${participant}`);
  if (status === 'committed' || status === 'aborted' || status === 'undone') return undefined;
  if (isUndecided(state)) return `transaction ${transaction} is ${status}: it is not decided yet`;
  return missing.length === 0
    ? `transaction ${transaction} is ${status}: what it did is still to be undone`
    : `transaction ${transaction} is ${status}: the acknowledgement of ${missing.join(', ')} is missing`;
}
