import type { CloudEvent } from '@aura/contracts';
import { stepStream, TerminalError } from '@aura/kernel';
import type { Clock, Journal, JournalRow, StepKey } from '@aura/kernel';
import { applyClaim } from './apply-claim';
import type { ClaimedOperation, ClaimResult } from './apply-claim';
import type { BranchEnd, Preparation, Prepared } from './branch-passage';
import { furtherEvents, outputIn, voteIn } from './branch-rows';
import { BranchVoting } from './branch-voting';
import { HeldError } from './held-error';
import type { Refusal, Reversal } from './passage';
import { endIn, endRow, recordedBy, recordEndNext } from './recorded-end';
import type { BarrierJournal, RecordedEnd } from './recorded-end';
import type { ResourceWriters } from './resource-writers';
import { claimIn } from './step-rows';
import type { Claim } from './step-rows';
import { operationOn, Undoing } from './undoing';
import { untilPlaced } from './until-placed';
import { WillingRows } from './willing-rows';

/**
 * A transaction's branch behind the barrier, in a stream of its own: claim, a prepared row in each resource's journal
 * (it is the lock), vote; then, when all said yes, each prepared change is applied, and the end is recorded. An abort is
 * the fence of an undo: before the claim it refuses a later prepare, behind it what is held is released; behind a
 * commit the same undo reverses. Invariants: nothing is applied without a recorded yes; nothing is prepared behind a fence.
 */
export class BranchBarrier {
  private readonly undoing: Undoing;
  private readonly journal: Journal;
  private readonly willing: WillingRows;
  private readonly voting: BranchVoting;

  constructor(
    private readonly rows: BarrierJournal,
    private readonly clock: Clock,
    private readonly writers: ResourceWriters,
  ) {
    this.journal = rows.journal;
    this.willing = new WillingRows(clock);
    this.undoing = new Undoing(rows.journal, clock, writers);
    const { undoing, willing } = this;
    this.voting = new BranchVoting(rows, clock, { writers, undoing, willing });
  }

  /** Prepares a branch and votes. Errors: `HeldError` when a transaction holds what is wanted and it is not the last try. */
  prepare(preparation: Preparation): Promise<Prepared> {
    return this.voting.prepare(preparation);
  }

  /** Votes no for a technical reason, unless a vote stands or the branch is fenced. */
  refuse(
    preparation: Preparation,
    why: { readonly error: Refusal; readonly deadLetterId: string },
  ): Promise<Prepared> {
    return this.voting.refuse(preparation, why);
  }

  /**
   * Applies what was prepared; answers the recorded end: the acknowledgement, and what the action publishes. Errors:
   * `TerminalError` when the branch never said yes, or was fenced: whoever commits it has broken his word.
   */
  async commit(key: StepKey, branchEnd: BranchEnd): Promise<RecordedEnd> {
    const known = this.willing.take(stepStream(key));
    const end = known && (await this.committedBehind(known, key, branchEnd));
    return end ?? untilPlaced(this.journal, key, (rows) => this.committed(key, rows, branchEnd));
  }

  /** By the rows that stood with the vote; undefined when others have written behind them: what stands then is asked for. */
  private async committedBehind(
    rows: readonly JournalRow[],
    key: StepKey,
    branchEnd: BranchEnd,
  ): Promise<RecordedEnd | undefined> {
    try {
      return await this.committed(key, rows, branchEnd);
    } catch (error) {
      if (error instanceof TerminalError) return undefined;
      throw error;
    }
  }

  private async committed(
    key: StepKey,
    rows: readonly JournalRow[],
    { ack, messages }: BranchEnd,
  ): Promise<RecordedEnd | undefined> {
    const standing = endIn(rows);
    if (standing !== undefined && standing.events.length > 0) return standing;
    const claim = willingClaim(key, rows);
    const events = [ack(outputIn(rows)), ...furtherEvents(rows)];
    const at = { nowMs: this.clock.now(), rows, publish: messages(events) };
    const result = await applyClaim(this.writers, commitsOf(key, claim), {
      behind: () => endRow(key, { events }, at),
    });
    if (result.kind === 'stopped') throw notApplied(key, result);
    if (result.kind === 'applied' && result.behind !== undefined)
      return recordedBy(result.behind, { events });
    return recordEndNext(this.rows.telling, key, { events }, at);
  }

  /** Releases what is held, and refuses a later prepare. Errors: `TerminalError` when the branch was committed. */
  async abort(reversal: Reversal): Promise<CloudEvent> {
    const { key } = reversal;
    const rows = await this.journal.read(stepStream(key));
    const end = endIn(rows);
    if (end !== undefined && end.isFenced !== true) throw wasCommitted(key);
    return this.undoing.undo(reversal);
  }

  /** Reverses what was committed; see `Barrier.undo`. */
  undo(reversal: Reversal): Promise<CloudEvent> {
    return this.undoing.undo(reversal);
  }
}

/** The claim that may be applied. Errors: `TerminalError` when there is none. */
function willingClaim(key: StepKey, rows: readonly JournalRow[]): Claim {
  const claim = claimIn(rows);
  const vote = voteIn(rows);
  if (endIn(rows)?.isFenced === true) throw notPrepared(key, 'it was aborted');
  if (claim === undefined || vote === undefined || vote === 'no')
    throw notPrepared(key, 'it never voted yes');
  return claim;
}

/** Why what a branch holds cannot be applied. */
function notApplied(
  key: StepKey,
  { resource, by }: Extract<ClaimResult, { readonly kind: 'stopped' }>,
): TerminalError | HeldError {
  return by.kind === 'held' ? new HeldError(resource, by.by) : notPrepared(key, by.error.message);
}

/** What applies the things that a branch holds. */
function commitsOf(key: StepKey, { resources }: Claim): readonly ClaimedOperation[] {
  return resources.map((resource, n) => {
    const operation = { id: operationOn(key, n), want: { kind: 'commit' } } as const;
    return { resource, operation };
  });
}

function wasCommitted(key: StepKey): TerminalError {
  return new TerminalError(`${stepStream(key)} is to be aborted, but it was committed`, {
    code: 'WAS_COMMITTED',
    help: 'Look at the transaction by `aura tx show`: a decision never changes, unless by hand.',
  });
}

function notPrepared(key: StepKey, why: string): TerminalError {
  return new TerminalError(`${stepStream(key)} is to be committed, but ${why}`, {
    code: 'NOT_PREPARED',
    help: 'Look at the transaction by `aura tx show`: a person decided against a vote, or a journal was cut.',
  });
}
