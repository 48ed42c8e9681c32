import type { CloudEvent, JsonValue } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { Clock, JournalRow, StepKey } from '@aura/kernel';
import type { OutboundMessage, TellingRow } from '@aura/messaging';
import type { ResourceClaim } from '../participant/action';
import { HeldError } from './held-error';
import type { BranchVote, Preparation, Prepared } from './branch-passage';
import { votedIn, voteIn } from './branch-rows';
import type { AppliedClaim, Refusal } from './passage';
import { endIn } from './recorded-end';
import type { BarrierJournal } from './recorded-end';
import { refusalOr } from './refusal-or';
import { preparing } from './resource-operation';
import type { Applied, ResourceOperation } from './resource-operation';
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

/** A claim, its row, and all rows with that as the last one. */
interface Claimed {
  readonly row: JournalRow;
  readonly rows: readonly JournalRow[];
  readonly claim: Claim;
  /** The count of loads from before the claim. */
  readonly asked: number;
}

/** A claim of which things are to be held. */
type Holding = Pick<Claimed, 'claim'> & Partial<Pick<Claimed, 'asked'>>;

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
    return this.placeVoteOf(preparation, { rows, claim }, await this.hold(preparation, { claim }));
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
    const claimed = { row, rows: [...rows, row], claim, asked };
    const [only, ...more] = resources;
    if (only !== undefined && more.length === 0) return this.beginInOrder(preparation, claimed, only);
    const [result] = await journal.append([row]);
    if (result === 'conflict') return undefined;
    return this.placeVoteOf(preparation, claimed, await this.hold(preparation, claimed));
  }

  /** The claim of one thing, what it holds of it and the yes in one call, where nothing is to be said against that. */
  private async beginInOrder(
    preparation: Preparation,
    claimed: Claimed,
    resource: ResourceClaim,
  ): Promise<Prepared | undefined> {
    await preparation.beforeVote();
    const { row: before, rows, claim, asked } = claimed;
    let yes: Yes | undefined;
    const behind = (change: JsonValue): TellingRow | undefined => {
      yes = this.yes(preparation, claimed, { ...resource, change });
      return yes?.telling;
    };
    const operation = { ...preparationOf(preparation, resource, 0), asked };
    const framed = await this.parts.writers.of(resource).applyFramed(operation, { before, behind });
    if (framed.kind === 'taken' || framed.behind === 'conflict') return undefined;
    if (framed.behind === undefined || yes === undefined)
      return this.placeVoteOf(
        preparation,
        { rows, claim },
        await this.hold(preparation, claimed, framed.applied),
      );
    this.parts.willing.keep(yes.telling.row.stream, [...rows, yes.telling.row]);
    const { event } = yes;
    return { kind: 'voted', vote: 'yes', event, ...(framed.behind === 'told' && { isTold: true }) };
  }

  /** The yes of a branch that holds one thing; undefined where its action has something against it, which is answered behind the claim. */
  private yes(preparation: Preparation, { rows, claim }: Claimed, change: AppliedClaim): Yes | undefined {
    try {
      const outcome = preparation.outcome(claim, [change]);
      const event = preparation.voted({ vote: 'yes', outcome, held: claim.resources });
      const row = this.row(preparation.key, rows, voteRow('yes', [event, ...outcome.events]));
      return { event, telling: { row, publish: preparation.messages(event) } };
    } catch {
      return undefined;
    }
  }

  /** Holds all that the claim names, or as much as there is. A claim of nothing need not hear the decision. `first`: what is known of the first. */
  private async hold(preparation: Preparation, held: Holding, first?: Applied): Promise<BranchVote> {
    const { claim } = held;
    const changes: AppliedClaim[] = [];
    for (const [n, resource] of claim.resources.entries()) {
      const known = n === 0 ? first : undefined;
      const applied = known ?? (await this.holdOne(preparation, held, n));
      if (applied.kind === 'applied') changes.push({ ...resource, change: applied.change });
      else if (applied.kind !== 'void') return noOf(preparation, resource, applied);
    }
    const made = await refusalOr(() => preparation.outcome(claim, changes));
    if ('refused' in made) return { vote: 'no', error: made.refused, held: [] };
    const vote = claim.resources.length === 0 ? 'read-only' : 'yes';
    return { vote, outcome: made.made, held: claim.resources };
  }

  private holdOne(preparation: Preparation, { claim, asked }: Holding, n: number): Promise<Applied> {
    const resource = claim.resources[n] as ResourceClaim;
    const operation = preparationOf(preparation, resource, n);
    const when = asked === undefined ? {} : { asked };
    return this.parts.writers.of(resource).apply({ ...operation, ...when });
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

/** What holds the n-th thing that a branch claims. */
function preparationOf(
  { key, transaction }: Preparation,
  { amount }: ResourceClaim,
  n: number,
): ResourceOperation {
  const of = operationOn(key, n);
  return { id: preparing(of), want: { kind: 'prepare', of, amount, transaction } };
}

/** The no of a branch that does not get what it wants. Errors: `HeldError` when a transaction holds it and it is not the last try. */
function noOf(
  { isLastTry }: Preparation,
  resource: ResourceClaim,
  applied: Extract<Applied, { readonly kind: 'refused' | 'held' }>,
): BranchVote {
  if (applied.kind === 'refused') return { vote: 'no', error: applied.error, held: [] };
  const error = new HeldError(resource, applied.by);
  if (!isLastTry) throw error;
  return { vote: 'no', error, held: [] };
}
