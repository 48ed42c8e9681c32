import * as z from 'zod';
import type { JsonValue } from '../cloud-event';
import { jsonValue } from '../json-value';
import { kebabName, snakeName } from '../names';
import { defineEvent } from './define-event';
import { errorRecord } from './errors';

/** Whose transaction: `<saga>/<run>/<step>/<n>`, and which of its branches. */
const branchRef = { transaction: z.string().min(1), branch: snakeName };

/** One branch as the saga's step asks for it. */
export const transactionBranch = z.object({
  id: snakeName,
  participant: kebabName,
  action: kebabName,
  input: jsonValue,
});
export type TransactionBranch = Readonly<Omit<z.infer<typeof transactionBranch>, 'input'>> & {
  readonly input: JsonValue;
};

/**
 * The incarnation of the coordinator's store that the branch was asked to prepare by: a participant keeps it with its vote.
 * Absent: said by a release that knew none, and taken for the store's first.
 */
const incarnation = z.string().min(1).optional();

/** What a branch holds for its transaction until the decision. */
export const heldResource = z.object({ type: z.string(), id: z.string() });
export type HeldResource = z.infer<typeof heldResource>;

/** `read-only`: it changes nothing, and need not hear the decision. */
export const transactionVote = z.enum(['yes', 'no', 'read-only']);
export type TransactionVote = z.infer<typeof transactionVote>;

/** A step of type transaction is reached. Internal to the tracker's queues. */
export const transactionBeginRequested = defineEvent(
  'ai.aura.transaction.begin-requested.v1',
  'A transaction step is reached: all of its branches are to be applied, or none.',
  z.object({ transaction: z.string().min(1), branches: z.array(transactionBranch).min(2) }),
);

/** Phase one. To the key `<type>.<participant>`. */
export const transactionPrepareRequested = defineEvent(
  'ai.aura.transaction.prepare-requested.v1',
  'A participant is asked to hold what a branch needs and to vote.',
  z.object({
    ...branchRef,
    action: kebabName,
    input: jsonValue,
    /** How long what others hold is waited for before it is a no, ms. */
    waitMs: z.number().int().min(0),
    incarnation,
  }),
);

/** The vote of a branch. To the tracker's queue. */
export const transactionVoted = defineEvent(
  'ai.aura.transaction.voted.v1',
  'A branch holds what it needs and can be applied (yes), changes nothing (read-only), or cannot be applied (no).',
  z.object({
    ...branchRef,
    vote: transactionVote,
    /** Of a yes and of read-only: what the action answers once the transaction is committed. */
    output: jsonValue.optional(),
    /** Of a no: why. */
    error: errorRecord.optional(),
    /** Of a no for want of an answer: what could not be handled. */
    deadLetterId: z.string().optional(),
    held: z.array(heldResource).default([]),
    incarnation,
  }),
);

/** Phase two, all said yes. To the key `<type>.<participant>`. */
export const transactionCommitRequested = defineEvent(
  'ai.aura.transaction.commit-requested.v1',
  'The transaction is committed: what the branch holds is to be applied.',
  z.object(branchRef),
);

/** Phase two, somebody did not say yes. To the key `<type>.<participant>`. */
export const transactionAbortRequested = defineEvent(
  'ai.aura.transaction.abort-requested.v1',
  'The transaction is aborted: what the branch holds is to be released, and a later prepare refused.',
  z.object(branchRef),
);

/** A branch did what was decided. To the tracker's queue. */
export const transactionAcknowledged = defineEvent(
  'ai.aura.transaction.acknowledged.v1',
  'A branch has applied, or released, what it held.',
  z.object({
    ...branchRef,
    decision: z.enum(['committed', 'aborted']),
    /** Of committed: what the action answers, as in the vote, which may be lost or come later when a store was restored. */
    output: jsonValue.optional(),
  }),
);

/** A prepared branch has not heard the decision. To the tracker's queue. */
export const transactionDecisionRequested = defineEvent(
  'ai.aura.transaction.decision-requested.v1',
  'A prepared participant asks for the decision: it never decides alone.',
  z.object({ ...branchRef, held: z.array(heldResource).default([]), incarnation }),
);

/** The answer where there is nothing to do yet; a decision is answered by asking for commit or abort again. */
export const transactionDecisionTold = defineEvent(
  'ai.aura.transaction.decision-told.v1',
  'There is no decision to tell: votes are waited for, or whether there was one is not known and a person decides.',
  z.object({
    ...branchRef,
    decision: z.enum(['undecided', 'unknown']),
    /** Of undecided: until when votes are waited for. */
    until: z.iso.datetime().optional(),
  }),
);

/** A committed transaction's branch is to be undone, because its saga was given up. To the key `<type>.<participant>`. */
export const transactionUndoRequested = defineEvent(
  'ai.aura.transaction.undo-requested.v1',
  'What a committed branch did is to be undone.',
  z.object({ ...branchRef, error: errorRecord }),
);

/** A branch was undone. To the tracker's queue. */
export const transactionBranchUndone = defineEvent(
  'ai.aura.transaction.branch-undone.v1',
  'What a committed branch did was undone.',
  z.object({ ...branchRef, effect: z.enum(['undone', 'nothing']) }),
);

/** A branch could not be undone. To the tracker's queue. */
export const transactionBranchUndoFailed = defineEvent(
  'ai.aura.transaction.branch-undo-failed.v1',
  'What a committed branch did could not be undone.',
  z.object({
    ...branchRef,
    error: errorRecord,
    attempts: z.number().int().min(1),
    deadLetterId: z.string().optional(),
  }),
);

/** Due timer of a transaction, published to its saga's partition. Internal to the tracker's queues. */
export const transactionTimerDue = defineEvent(
  'ai.aura.transaction.timer-due.v1',
  'A timer of a transaction is due; counts only if the state still waits for it.',
  z.object({ transaction: z.string().min(1), until: z.number() }),
);

const decided = {
  transaction: z.string().min(1),
  definition: z.string(),
  step: z.string(),
  branches: z.array(z.string()),
};

/** All branches voted yes or read-only; stands in the journal before anybody hears of it. */
export const transactionCommitted = defineEvent(
  'ai.aura.transaction.committed.v1',
  'A transaction is committed: every branch will be applied.',
  z.object(decided),
);

/** Somebody did not vote yes in time, or the saga was given up. */
export const transactionAborted = defineEvent(
  'ai.aura.transaction.aborted.v1',
  'A transaction is aborted: no branch is applied, and none will be.',
  z.object({ ...decided, error: errorRecord }),
);

/** A branch has not done what was decided for so long that a person should look. */
export const transactionInDoubt = defineEvent(
  'ai.aura.transaction.in-doubt.v1',
  'A decided transaction waits for branches that do not answer; what they hold stays held.',
  z.object({ ...decided, waitsFor: z.array(z.string()) }),
);

/** What the coordinator's store knew of a transaction was lost, or set back to a backup: nobody guesses, a person decides. */
export const transactionUnknown = defineEvent(
  'ai.aura.transaction.unknown.v1',
  'Whether a transaction was decided is not known, because the store was restored; what its branches hold stays held.',
  z.object({ ...decided, incarnation: z.string().min(1) }),
);

/** A person answered for branches, or decided: the one exemption from what two-phase commit guarantees. */
export const transactionSettledByHand = defineEvent(
  'ai.aura.transaction.settled-by-hand.v1',
  'A person decided a transaction, or answered for branches that do not.',
  z.object({ ...decided, decision: z.enum(['committed', 'aborted']), by: z.string(), note: z.string() }),
);
