import type { JsonObject, JsonValue } from '@aura/contracts';
import { present } from '../machine/present';
import type { TransactionEntry } from './transaction-entry';
import { unfinished } from './transaction-state';
import type { BranchState, TransactionState } from './transaction-state';

/** Entries of a transaction of which the store has lost something. */
export type DoubtEntry = Extract<
  TransactionEntry,
  { readonly kind: 'begun' | 'unknown' | 'asked' | 'heard' }
>;

/** Action of a branch that asked before its step was reached: what it does is not known. */
const UNKNOWN_ACTION = 'unknown';

/** Folds an entry that only a store has that was set back, or lost. Pure. */
export function evolveDoubt(
  state: TransactionState,
  { entry, payload }: { readonly entry: DoubtEntry; readonly payload?: JsonValue },
  at: number,
): TransactionState {
  switch (entry.kind) {
    case 'begun':
      return begun(state, entry, (payload ?? {}) as JsonObject, at);
    case 'unknown':
      return unknown(state, entry.incarnation, at);
    case 'asked':
      return asked(state, entry);
    case 'heard': {
      const { branch: id, decision: heard } = entry;
      return {
        ...state,
        branches: state.branches.map((branch) =>
          branch.id === id ? { ...branch, heard, ...present({ output: payload }) } : branch,
        ),
      };
    }
  }
}

/** What branches said before keeps standing. A person may have committed it meanwhile: then the others are told as well. */
function begun(
  state: TransactionState,
  { epoch, terms, branches }: Extract<DoubtEntry, { readonly kind: 'begun' }>,
  inputs: JsonObject,
  at: number,
): TransactionState {
  const known = new Map(state.branches.map((branch) => [branch.id, branch]));
  const named = branches.map((branch): BranchState => {
    const before = known.get(branch.id) ?? { held: [] };
    return { ...before, ...branch, input: inputs[branch.id] ?? null };
  });
  const others = state.branches.filter(({ id }) => !branches.some((branch) => branch.id === id));
  const next = { ...state, epoch, terms, branches: [...named, ...others] };
  const isOpen = state.status === 'committed' && unfinished(next).length > 0;
  return isOpen ? { ...next, status: 'committing', toldAt: at } : next;
}

/** What it knew before it was set back is old: others may know more. */
function unknown(state: TransactionState, incarnation: string, at: number): TransactionState {
  const old = ({ vote, ...branch }: BranchState): BranchState =>
    vote === undefined ? branch : { ...branch, vote, isOldVote: true };
  const branches = state.incarnation === incarnation ? state.branches : state.branches.map(old);
  return { ...state, status: 'unknown', toldAt: at, branches };
}

/** Who asks is prepared: he has said yes, and heard nothing. */
function asked(
  state: TransactionState,
  { branch: id, participant, held }: Extract<DoubtEntry, { readonly kind: 'asked' }>,
): TransactionState {
  const known = state.branches.find((branch) => branch.id === id);
  const before = known ?? { id, participant, action: UNKNOWN_ACTION, input: null };
  const branch: BranchState = { ...before, held, vote: 'yes', isOldVote: true };
  const others = state.branches.map((other) => (other.id === id ? branch : other));
  return { ...state, branches: known === undefined ? [...others, branch] : others };
}
