import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { Clock, JournalRow, StepKey } from '@aura/kernel';
import type { OutboundMessage, TellingRow } from '@aura/messaging';
import { applyClaim } from './apply-claim';
import type { Claimed, ClaimedOperation, ClaimResult } from './apply-claim';
import { HeldError } from './held-error';
import type { BranchOutcome, BranchVote, Preparation, Prepared } from './branch-passage';
import { votedIn, voteIn } from './branch-rows';
import type { AppliedClaim, Refusal } from './passage';
import { endIn } from './recorded-end';
import type { BarrierJournal } from './recorded-end';
import { refusalOr } from './refusal-or';
import { preparing } from './resource-operation';
import type { ResourceWriters } from './resource-writers';
import { answerIn, CLAIM, claimIn, rowWith, VOTE } from './step-rows';
import type { Claim } from './step-rows';
import { operationOn } from './undoing';
import type { Undoing } from './undoing';
import { untilPlaced } from './until-placed';
import { wantedBy } from './wanted';
import type { WillingRows } from './willing-rows';

/** What a branch's vote is made with. */
interface VotingParts {
  readonly writers: ResourceWriters;
  readonly undoing: Undoing;
  /** Keeps the rows of a yes for the decision. */
  readonly willing: WillingRows;
}

/** A yes, and the row that says it. */
interface Yes {
  readonly event: CloudEvent;
  readonly telling: TellingRow;
}

/** What a row of a branch says. */
interface RowContent {
  readonly operation: string;
  readonly body: object;
  readonly payload: unknown;
}

/** How a branch comes to its vote: claim, what it holds, vote; see `BranchBarrier`. */
export class BranchVoting {
  constructor(
    private readonly rows: BarrierJournal,
    private readonly clock: Clock,
    private readonly parts: VotingParts,
  ) {}

  /** Prepares a branch and votes. Errors: `HeldError` when a transaction holds what is wanted and it is not the last try. */
  prepare(preparation: Preparation): Promise<Prepared> {
    const { writers } = this.parts;
    let asked = writers.loaded;
    const attempt = async (rows: readonly JournalRow[]): Promise<Prepared | undefined> => {
      const placed = await this.placeVote(preparation, rows, asked);
      asked = writers.loaded;
      return placed;
    };
    const first = preparation.presumedAs === undefined ? undefined : [];
    return untilPlaced(this.rows.journal, preparation.key, attempt, first);
  }

  /** Votes no for a technical reason, unless a vote stands or the branch is fenced. */
  refuse(
    preparation: Preparation,
    why: { readonly error: Refusal; readonly deadLetterId: string },
  ): Promise<Prepared> {
    return untilPlaced(this.rows.journal, preparation.key, async (rows) => {
      const standing = await this.standing(preparation.key, rows);
      if (standing !== undefined) return standing;
      const claim = claimIn(rows);
      const no: BranchVote = { vote: 'no', ...why, held: [] };
      return this.placeVoteOf(preparation, claim === undefined ? { rows } : { rows, claim }, no);
    });
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
    return this.holdAndVote(preparation, { claim, rows });
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
    const { journal } = this.rows;
    const wanted = await wantedBy(preparation, { journal, writers: this.parts.writers });
    if (wanted === undefined) return undefined;
    if ('refused' in wanted)
      return this.placeVoteOf(preparation, { rows }, { vote: 'no', error: wanted.refused, held: [] });
    const claim = wanted.made;
    const { input, resources } = claim;
    const body = { kind: 'claim', resources, by: preparation.presumedAs };
    const row = this.row(preparation.key, rows, { operation: CLAIM, body, payload: input });
    const claimed = { claim, rows: [...rows, row], asked };
    // With the first thing's row in one call; of a claim of none its row is all there is.
    if (resources.length > 0) return this.holdAndVote(preparation, { ...claimed, row });
    const [result] = await journal.append([row]);
    return result === 'conflict' ? undefined : this.holdAndVote(preparation, claimed);
  }

  /** Holds all that the claim names, or as much as there is, and votes. A claim of nothing need not hear the decision. */
  private async holdAndVote(preparation: Preparation, claimed: Claimed): Promise<Prepared | undefined> {
    const { claim, rows } = claimed;
    let yes: Yes | undefined;
    const result = await applyClaim(this.parts.writers, operationsOf(preparation, claimed), {
      ...(claimed.row && { before: claimed.row }),
      beforeLast: () => preparation.beforeVote(),
      behind: (changes) => {
        yes = this.yes(preparation, claimed, changes);
        return yes?.telling;
      },
    });
    if (result.kind === 'taken') return undefined;
    if (result.kind === 'stopped') return this.placeVoteOf(preparation, claimed, noOf(preparation, result));
    if (result.behind === 'conflict') return undefined;
    if (result.behind !== undefined && yes !== undefined) {
      this.parts.willing.keep(yes.telling.row.stream, [...rows, yes.telling.row]);
      return {
        kind: 'voted',
        vote: 'yes',
        event: yes.event,
        ...(result.behind === 'told' && { isTold: true }),
      };
    }
    const made = await refusalOr(() => preparation.outcome(claim, result.changes));
    return this.placeVoteOf(preparation, claimed, voteOf(claim, made));
  }

  /** The yes of a branch that holds all it wants; undefined where its action has something against it, which is answered behind that. */
  private yes(
    preparation: Preparation,
    { rows, claim }: Claimed,
    changes: readonly AppliedClaim[],
  ): Yes | undefined {
    try {
      const outcome = preparation.outcome(claim, changes);
      const event = preparation.voted({ vote: 'yes', outcome, held: claim.resources });
      const row = this.row(preparation.key, rows, voteRow('yes', [event, ...outcome.events]));
      return { event, telling: { row, publish: preparation.messages(event) } };
    } catch {
      return undefined;
    }
  }

  private async placeVoteOf(
    preparation: Preparation,
    { rows, claim }: { readonly rows: readonly JournalRow[]; readonly claim?: Claim },
    vote: BranchVote,
  ): Promise<Prepared | undefined> {
    const { key } = preparation;
    const event = preparation.voted(vote);
    const content = voteRow(vote.vote, [event, ...(vote.outcome?.events ?? [])]);
    if (vote.vote === 'no') {
      const no = await this.append(key, rows, content);
      return no && this.keptTo(key, claim, no.row);
    }
    await preparation.beforeVote();
    const willing = await this.append(key, rows, content, preparation.messages(event));
    this.keepWilling(vote, rows, willing?.row);
    return willing && { kind: 'voted', vote: vote.vote, event, ...(willing.isTold && { isTold: true }) };
  }

  /** Of a yes the decision comes soon. */
  private keepWilling({ vote }: BranchVote, rows: readonly JournalRow[], row: JournalRow | undefined): void {
    if (vote === 'yes' && row !== undefined) this.parts.willing.keep(row.stream, [...rows, row]);
  }

  /** Behind a no nothing stays held: whoever finds it releases what there is, also what another delivery prepared. */
  private async keptTo(key: StepKey, claim: Claim | undefined, row: JournalRow): Promise<Prepared> {
    const vote = voteIn([row]) ?? 'no';
    if (vote === 'no' && claim !== undefined) await this.parts.undoing.takeBack({ key }, claim, undefined);
    return { kind: 'voted', vote, event: votedIn(row) };
  }

  private async append(
    key: StepKey,
    rows: readonly JournalRow[],
    content: RowContent,
    publish: readonly OutboundMessage[] = [],
  ): Promise<{ readonly row: JournalRow; readonly isTold: boolean } | undefined> {
    const row = this.row(key, rows, content);
    const [result] = await this.rows.telling.append([{ row, publish }]);
    return result === 'conflict' ? undefined : { row, isTold: result === 'told' };
  }

  private row(
    key: StepKey,
    rows: readonly JournalRow[],
    { operation, body, payload }: RowContent,
  ): JournalRow {
    return {
      stream: stepStream(key),
      seq: rows.length + 1,
      at: this.clock.now(),
      operations: [operation],
      body: JSON.stringify(body),
      payload: JSON.stringify(payload),
      partition: BRANCHES_PARTITION,
    };
  }
}

/** Partition of the rows of branches in a participant's journal, by which those are found that wait for a decision. */
export const BRANCHES_PARTITION = 0;

function voteRow(vote: BranchVote['vote'], payload: readonly CloudEvent[]): RowContent {
  return { operation: VOTE, body: { kind: 'vote', vote }, payload };
}

/** What holds the things that a branch claims. */
function operationsOf(
  { key, transaction }: Preparation,
  { claim, asked }: Claimed,
): readonly ClaimedOperation[] {
  const when = asked === undefined ? {} : { asked };
  return claim.resources.map((resource, n) => {
    const of = operationOn(key, n);
    const want = { kind: 'prepare', of, amount: resource.amount, transaction } as const;
    return { resource, operation: { id: preparing(of), want, ...when } };
  });
}

/** What a branch says that could hold all it wants, by what its action makes of that. */
function voteOf(
  { resources }: Claim,
  made: { readonly refused: Refusal } | { readonly made: BranchOutcome },
): BranchVote {
  if ('refused' in made) return { vote: 'no', error: made.refused, held: [] };
  return { vote: resources.length === 0 ? 'read-only' : 'yes', outcome: made.made, held: resources };
}

/** The no of a branch that does not get what it wants. Errors: `HeldError` when a transaction holds it and it is not the last try. */
function noOf(
  { isLastTry }: Preparation,
  { resource, by }: Extract<ClaimResult, { readonly kind: 'stopped' }>,
): BranchVote {
  if (by.kind === 'refused') return { vote: 'no', error: by.error, held: [] };
  const error = new HeldError(resource, by.by);
  if (!isLastTry) throw error;
  return { vote: 'no', error, held: [] };
}
