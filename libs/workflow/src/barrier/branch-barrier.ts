import type { CloudEvent } from '@aura/contracts';
import { stepStream, TerminalError } from '@aura/kernel';
import type { Clock, Journal, JournalRow, StepKey } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import type { ResourceClaim } from '../participant/action';
import { HeldError } from './held-error';
import type { BranchEnd, BranchVote, Preparation, Prepared } from './branch-passage';
import { furtherEvents, outputIn, votedIn, voteIn } from './branch-rows';
import type { AppliedClaim, Refusal, Reversal } from './passage';
import { endIn, recordEndNext } from './recorded-end';
import type { BarrierJournal, RecordedEnd } from './recorded-end';
import { refusalOr } from './refusal-or';
import { preparing } from './resource-operation';
import type { Applied } from './resource-operation';
import type { ResourceWriters } from './resource-writers';
import { answerIn, CLAIM, claimIn, rowWith, VOTE } from './step-rows';
import type { Claim } from './step-rows';
import { operationOn, Undoing } from './undoing';
import { untilPlaced } from './until-placed';
import { wantedBy } from './wanted';
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

  constructor(
    private readonly rows: BarrierJournal,
    private readonly clock: Clock,
    private readonly writers: ResourceWriters,
  ) {
    const { journal } = rows;
    this.journal = journal;
    this.willing = new WillingRows(clock);
    this.undoing = new Undoing(journal, clock, writers);
  }

  /** Prepares a branch and votes. Errors: `HeldError` when a transaction holds what is wanted and it is not the last try. */
  prepare(preparation: Preparation): Promise<Prepared> {
    let asked = this.writers.loaded;
    const attempt = async (rows: readonly JournalRow[]): Promise<Prepared | undefined> => {
      const placed = await this.placeVote(preparation, rows, asked);
      asked = this.writers.loaded;
      return placed;
    };
    const first = preparation.presumedAs === undefined ? undefined : [];
    return untilPlaced(this.journal, preparation.key, attempt, first);
  }

  /** Votes no for a technical reason, unless a vote stands or the branch is fenced. */
  refuse(
    preparation: Preparation,
    why: { readonly error: Refusal; readonly deadLetterId: string },
  ): Promise<Prepared> {
    return untilPlaced(this.journal, preparation.key, async (rows) => {
      const standing = await this.standing(preparation.key, rows);
      if (standing !== undefined) return standing;
      const claim = claimIn(rows);
      const no: BranchVote = { vote: 'no', ...why, held: [] };
      return this.placeVoteOf(preparation, claim === undefined ? { rows } : { rows, claim }, no);
    });
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
    const end = endIn(rows);
    if (end !== undefined && end.events.length > 0) return end;
    await this.applyPrepared(key, willingClaim(key, rows));
    const events = [ack(outputIn(rows)), ...furtherEvents(rows)];
    const at = { nowMs: this.clock.now(), rows, publish: messages(events) };
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

  /** `asked`: the count of loads from before the rows were read. */
  private async placeVote(
    preparation: Preparation,
    rows: readonly JournalRow[],
    asked: number,
  ): Promise<Prepared | undefined> {
    const standing = await this.standing(preparation.key, rows);
    if (standing !== undefined) return standing;
    const claim = claimIn(rows);
    if (claim === undefined) return this.begin(preparation, rows, asked);
    return this.placeVoteOf(preparation, { rows, claim }, await this.hold(preparation, claim));
  }

  private async standing(key: StepKey, rows: readonly JournalRow[]): Promise<Prepared | undefined> {
    if (endIn(rows)?.isFenced === true) return { kind: 'fenced', answer: answerIn(rows) };
    const [answer] = endIn(rows)?.events ?? [];
    const vote = rowWith(rows, VOTE);
    if (answer !== undefined) return { kind: 'applied', event: vote && votedIn(vote), answer };
    return vote === undefined ? undefined : this.keptTo(key, claimIn(rows), vote);
  }

  /** The claim, and what follows from it; undefined when another delivery was first. */
  private async begin(
    preparation: Preparation,
    rows: readonly JournalRow[],
    asked: number,
  ): Promise<Prepared | undefined> {
    const wanted = await wantedBy(preparation, { journal: this.journal, writers: this.writers });
    if (wanted === undefined) return undefined;
    if ('refused' in wanted)
      return this.placeVoteOf(preparation, { rows }, { vote: 'no', error: wanted.refused, held: [] });
    const claim = wanted.made;
    const { input, resources } = claim;
    const body = { kind: 'claim', resources, by: preparation.presumedAs };
    const claimed = await this.append(preparation.key, rows, { operation: CLAIM, body, payload: input });
    if (claimed === undefined) return undefined;
    const vote = await this.hold(preparation, claim, asked);
    return this.placeVoteOf(preparation, { rows: [...rows, claimed.row], claim }, vote);
  }

  /** Holds all that the claim names, or as much as there is. A claim of nothing need not hear the decision. */
  private async hold(preparation: Preparation, claim: Claim, asked?: number): Promise<BranchVote> {
    const changes: AppliedClaim[] = [];
    for (const [n, resource] of claim.resources.entries()) {
      const of = operationOn(preparation.key, n);
      const applied = await this.prepareOne(preparation, resource, {
        of,
        ...(asked === undefined ? {} : { asked }),
      });
      if (applied.kind === 'held')
        return { vote: 'no', error: new HeldError(resource, applied.by), held: [] };
      if (applied.kind === 'refused') return { vote: 'no', error: applied.error, held: [] };
      if (applied.kind === 'applied') changes.push({ ...resource, change: applied.change });
    }
    const made = await refusalOr(() => preparation.outcome(claim, changes));
    if ('refused' in made) return { vote: 'no', error: made.refused, held: [] };
    const vote = claim.resources.length === 0 ? 'read-only' : 'yes';
    return { vote, outcome: made.made, held: claim.resources };
  }

  /** Errors: `HeldError` when another transaction holds what is wanted, unless it is the last try. */
  private async prepareOne(
    { transaction, isLastTry }: Preparation,
    resource: ResourceClaim,
    { of, ...when }: { readonly of: string; readonly asked?: number },
  ): Promise<Applied> {
    const want = { kind: 'prepare', of, amount: resource.amount, transaction } as const;
    const applied = await this.writers.of(resource).apply({ id: preparing(of), want, ...when });
    if (applied.kind === 'held' && !isLastTry) throw new HeldError(resource, applied.by);
    return applied;
  }

  private async placeVoteOf(
    preparation: Preparation,
    { rows, claim }: { readonly rows: readonly JournalRow[]; readonly claim?: Claim },
    vote: BranchVote,
  ): Promise<Prepared | undefined> {
    const { key } = preparation;
    const event = preparation.voted(vote);
    const payload = [event, ...(vote.outcome?.events ?? [])];
    const row = { operation: VOTE, body: { kind: 'vote', vote: vote.vote }, payload };
    if (vote.vote === 'no') {
      const no = await this.append(key, rows, row);
      return no && this.keptTo(key, claim, no.row);
    }
    await preparation.beforeVote();
    const willing = await this.append(key, rows, row, preparation.messages(event));
    this.keepWilling(vote, rows, willing?.row);
    return willing && { kind: 'voted', vote: vote.vote, event, ...(willing.isTold && { isTold: true }) };
  }

  /** Of a yes the decision comes soon. */
  private keepWilling({ vote }: BranchVote, rows: readonly JournalRow[], row: JournalRow | undefined): void {
    if (vote === 'yes' && row !== undefined) this.willing.keep(row.stream, [...rows, row]);
  }

  /** Behind a no nothing stays held: whoever finds it releases what there is, also what another delivery prepared. */
  private async keptTo(key: StepKey, claim: Claim | undefined, row: JournalRow): Promise<Prepared> {
    const vote = voteIn([row]) ?? 'no';
    if (vote === 'no' && claim !== undefined) await this.undoing.takeBack({ key }, claim, undefined);
    return { kind: 'voted', vote, event: votedIn(row) };
  }

  private async applyPrepared(key: StepKey, claim: Claim): Promise<void> {
    for (const [n, resource] of claim.resources.entries()) {
      const applied = await this.writers
        .of(resource)
        .apply({ id: operationOn(key, n), want: { kind: 'commit' } });
      if (applied.kind === 'refused') throw notPrepared(key, applied.error.message);
    }
  }

  private async append(
    key: StepKey,
    rows: readonly JournalRow[],
    {
      operation,
      body,
      payload,
    }: { readonly operation: string; readonly body: object; readonly payload: unknown },
    publish: readonly OutboundMessage[] = [],
  ): Promise<{ readonly row: JournalRow; readonly isTold: boolean } | undefined> {
    const row: JournalRow = {
      stream: stepStream(key),
      seq: rows.length + 1,
      at: this.clock.now(),
      operations: [operation],
      body: JSON.stringify(body),
      payload: JSON.stringify(payload),
      partition: BRANCHES_PARTITION,
    };
    const [result] = await this.rows.telling.append([{ row, publish }]);
    return result === 'conflict' ? undefined : { row, isTold: result === 'told' };
  }
}

/** Partition of the rows of branches in a participant's journal, by which those are found that wait for a decision. */
export const BRANCHES_PARTITION = 0;

/** The claim that may be applied. Errors: `TerminalError` when there is none. */
function willingClaim(key: StepKey, rows: readonly JournalRow[]): Claim {
  const claim = claimIn(rows);
  const vote = voteIn(rows);
  if (endIn(rows)?.isFenced === true) throw notPrepared(key, 'it was aborted');
  if (claim === undefined || vote === undefined || vote === 'no')
    throw notPrepared(key, 'it never voted yes');
  return claim;
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
