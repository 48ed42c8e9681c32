import type { ErrorRecord } from '@aura/contracts';
import { present } from '../machine/present';
import type { Actor } from '../coordinator';
import type { BranchState, TransactionState } from './transaction-state';

/** Why a transaction is aborted; `deadLetterId`: what could not be handled of the branch that said no. */
export interface AbortReason {
  readonly error: ErrorRecord;
  readonly deadLetterId?: string;
}

/** The saga goes on without the step. */
export const GIVEN_UP: ErrorRecord = {
  kind: 'technical',
  code: 'GIVEN_UP',
  message: 'the saga was given up before the transaction was decided',
};

/** A branch asks for what the store of this very incarnation never knew. */
export const UNKNOWN: ErrorRecord = {
  kind: 'technical',
  code: 'UNKNOWN_TRANSACTION',
  message: 'the transaction was asked for, but nobody had begun it: presumed aborted',
};

/** A branch has said no. */
export function refusalOf({ id, participant, error, deadLetterId }: BranchState): AbortReason {
  const message = `branch ${id} at ${participant} voted no and gave no reason`;
  const told: ErrorRecord =
    error === undefined
      ? { kind: 'technical', code: 'VOTED_NO', message }
      : { ...error, message: `branch ${id}: ${error.message}` };
  return { error: told, ...present({ deadLetterId }) };
}

/** Votes did not come in time. */
export function timeoutOf({ branches, terms }: TransactionState): ErrorRecord {
  const silent = branches.filter(({ vote }) => vote === undefined);
  const names = silent.map(({ id, participant }) => `${id} at ${participant}`).join(', ');
  const message = `nobody voted for ${names} within ${terms.prepareMs} ms`;
  return { kind: 'timeout', code: 'PREPARE_TIMEOUT', message };
}

/** A person has decided against it. */
export function abortedByHand({ subject }: Actor, note: string): ErrorRecord {
  return { kind: 'technical', code: 'ABORTED_BY_HAND', message: `${subject} decided so: ${note}` };
}
