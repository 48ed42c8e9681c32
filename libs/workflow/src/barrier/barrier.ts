import type { CloudEvent } from '@aura/contracts';
import { StoreUnavailableError, stepStream } from '@aura/kernel';
import type { Clock, Journal, JournalRow, StepKey } from '@aura/kernel';
import type { ResourceType } from '../participant/action';
import type { TellingRow } from '@aura/messaging';
import { applyClaim } from './apply-claim';
import type { Claimed, ClaimedOperation, ClaimResult } from './apply-claim';
import { BranchBarrier } from './branch-barrier';
import { HeldError } from './held-error';
import type { AppliedClaim, ForeignPassage, Passage, ResourcePassage, Reversal, Standing } from './passage';
import { endIn, endRow, recordedBy, recordEnd, recordEndNext } from './recorded-end';
import type { BarrierJournal, EndPlace, RecordedEnd } from './recorded-end';
import { refusalOr } from './refusal-or';
import { ResourceWriters } from './resource-writers';
import { CLAIM, claimIn, isRefusal } from './step-rows';
import type { Claim } from './step-rows';
import { operationOn, Undoing } from './undoing';
import { wantedBy } from './wanted';

/** How often racing first triggers of one step may beat each other before it counts as the store's fault. */
const MOST_RACES = 50;

/**
 * The barrier at a participant: claim, one row in each resource's journal, outcome. A crash anywhere is continued from
 * the claim; what stands is answered as it stands. Invariants: an effect is behind its claim, an outcome behind its
 * effects; behind a refusal, whoever finds an effect of the step takes it back, once; behind a fence nothing of the
 * step takes effect.
 */
export class Barrier {
  /** The same barrier for branches of transactions, over the same resources. */
  readonly branches: BranchBarrier;
  private readonly writers: ResourceWriters;
  private readonly undoing: Undoing;

  private readonly journal: Journal;

  constructor(
    private readonly rows: BarrierJournal,
    private readonly clock: Clock,
    types: ReadonlyMap<string, ResourceType>,
    mostWriters?: number,
  ) {
    this.journal = rows.journal;
    this.writers = new ResourceWriters(rows, clock, types, mostWriters);
    this.undoing = new Undoing(this.journal, clock, this.writers);
    this.branches = new BranchBarrier(rows, clock, this.writers);
  }

  /** Asks what stands of a step; to be done before any rule is evaluated. */
  async ask(key: StepKey): Promise<Standing> {
    const asked = this.writers.loaded;
    return { rows: await this.journal.read(stepStream(key)), asked };
  }

  /**
   * Presumes that nothing stands of a step, so that the question is spared: for a trigger that comes for the first time. Where
   * something does stand, the step's first row finds no place, and the barrier is asked. `by`: a text that nobody else gives.
   */
  presumeNothing(by: string): Standing {
    return { rows: [], asked: this.writers.loaded, presumedAs: by };
  }

  /** Passes a step through, once in effect; answers its recorded end, which is silent when the step was fenced before it. */
  async pass(passage: Passage): Promise<RecordedEnd> {
    let { standing } = passage;
    for (let race = 0; race < MOST_RACES; race++) {
      const end = (await this.goOn(passage, standing)) ?? (await this.begin(passage, standing));
      if (end !== undefined) return end;
      standing = await this.ask(passage.key);
    }
    throw new StoreUnavailableError(
      `the journal of ${stepStream(passage.key)} gave no place in ${MOST_RACES} tries`,
    );
  }

  /**
   * Undoes a step, once in effect. Behind the fence nothing of the step takes effect any more: without a claim it is the
   * null compensation, and a later action is refused; behind one all that the claim names is reversed, whether the
   * step had ended or not. Answers the recorded answer. A failure takes no key: the next undo goes on.
   */
  undo(reversal: Reversal): Promise<CloudEvent> {
    return this.undoing.undo(reversal);
  }

  /**
   * Asks how a step ended, before somebody goes on without it: its recorded end where its effect stands or it was
   * skipped; otherwise it is fenced as by {@link undo}, and the answer says so. `open`: a claim stands that cannot be
   * taken back, so that its end must be waited for.
   */
  settle(reversal: Reversal): Promise<readonly CloudEvent[] | 'open'> {
    return this.undoing.settle(reversal);
  }

  /** Goes on from the end or the claim that stands; undefined when neither does. */
  private async goOn(passage: Passage, { rows }: Standing): Promise<RecordedEnd | undefined> {
    const claim = claimIn(rows);
    const end = endIn(rows);
    if (end !== undefined) return this.keptTo(passage, claim, end);
    return claim === undefined ? undefined : this.continueClaim(passage, { claim, rows });
  }

  /** The first row of a step: its claim, or the refusal to make one; undefined when another trigger was first. */
  private async begin(passage: Passage, standing: Standing): Promise<RecordedEnd | undefined> {
    const { rows, asked } = standing;
    const { journal, writers } = this;
    const asking = { key: passage.key, presumedAs: standing.presumedAs, claim: () => passage.claim() };
    const wanted = await wantedBy(asking, { journal, writers });
    if (wanted === undefined) return undefined;
    if ('refused' in wanted) {
      const end = { events: passage.refused(wanted.refused) };
      return recordEndNext(this.rows.telling, passage.key, end, { nowMs: this.clock.now(), rows });
    }
    const claim = wanted.made;
    const row = this.claimRow(passage.key, claim, standing);
    const claimed = { claim, rows: [...rows, row], asked };
    // With the first resource's row in one call; of a claim of none its row is all there is.
    if (claim.resources.length > 0) return this.continueClaim(passage, { ...claimed, row });
    const [result] = await this.journal.append([row]);
    return result === 'conflict' ? undefined : this.continueClaim(passage, claimed);
  }

  private claimRow(key: StepKey, claim: Claim, { rows, presumedAs: by }: Standing): JournalRow {
    return {
      stream: stepStream(key),
      seq: rows.length + 1,
      at: this.clock.now(),
      operations: [CLAIM],
      body: JSON.stringify({ kind: 'claim', resources: claim.resources, by }),
      payload: JSON.stringify(claim.input),
    };
  }

  /** Applies the claim and ends the step: by the outcome, or the refusal of a resource or of the action. */
  private async continueClaim(passage: Passage, claimed: Claimed): Promise<RecordedEnd | undefined> {
    const { claim } = claimed;
    if ('perform' in passage) return this.endBy(passage, claimed, () => passage.perform(claim));
    let end: RecordedEnd | undefined;
    const behind = (changes: readonly AppliedClaim[]): TellingRow | undefined => {
      end = outcomeIn(passage, claim, changes);
      return end && endRow(passage.key, end, this.placeOf(passage, claimed, end));
    };
    const frame = { ...(claimed.row && { before: claimed.row }), behind };
    const result = await applyClaim(this.writers, operationsOf(passage.key, claimed), frame);
    if (result.kind === 'taken') return undefined;
    if (result.kind === 'stopped') return this.stopped(passage, claimed, result);
    if (end !== undefined && result.behind !== undefined) return recordedBy(result.behind, end);
    return this.endBy(passage, claimed, () => passage.outcome(claim, result.changes));
  }

  private stopped(
    passage: Passage,
    claimed: Claimed,
    { resource, by }: Extract<ClaimResult, { readonly kind: 'stopped' }>,
  ): Promise<RecordedEnd> {
    if (by.kind === 'held') throw new HeldError(resource, by.by);
    return this.end(passage, claimed, { events: passage.refused(by.error) });
  }

  private async endBy(
    passage: Passage,
    claimed: Claimed,
    work: () => Promise<readonly CloudEvent[]> | readonly CloudEvent[],
  ): Promise<RecordedEnd> {
    const outcome = await refusalOr(work);
    const events = 'refused' in outcome ? passage.refused(outcome.refused) : outcome.made;
    return this.end(passage, claimed, { events });
  }

  private async end(passage: Passage, claimed: Claimed, end: RecordedEnd): Promise<RecordedEnd> {
    const recorded = await recordEnd(this.rows, passage.key, end, this.placeOf(passage, claimed, end));
    return this.keptTo(passage, claimed.claim, recorded);
  }

  /** Behind a refusal what was applied is taken back before anybody hears of it. */
  private placeOf({ messages }: Passage, { rows }: Claimed, { events }: RecordedEnd): EndPlace {
    return { nowMs: this.clock.now(), rows, publish: isRefusal(events) ? [] : (messages?.(events) ?? []) };
  }

  /**
   * Sees to it that nothing of a refused or fenced claim stays applied. Also another trigger that went on beside the
   * refusing one may have applied something: each comes through here behind its own last effect.
   */
  private async keptTo(
    { key, foreign }: Pick<ForeignPassage, 'key' | 'foreign'>,
    claim: Claim | undefined,
    end: RecordedEnd,
  ): Promise<RecordedEnd> {
    if (claim === undefined) return end;
    if (end.isFenced === true) await this.undoing.takeBack({ key, ...(foreign && { foreign }) }, claim, end);
    else if (isRefusal(end.events)) await this.undoing.takeBackApplied(key, claim);
    return end;
  }
}

/** What a step does to the resources that it claims. */
function operationsOf(key: StepKey, { claim, asked }: Claimed): readonly ClaimedOperation[] {
  const when = asked === undefined ? {} : { asked };
  return claim.resources.map((resource, n) => {
    const want = { kind: 'claim', amount: resource.amount } as const;
    return { resource, operation: { id: operationOn(key, n), want, ...when } };
  });
}

/** The end by the outcome of changes that may come to stand; undefined where the action has something against it, which is answered behind them. */
function outcomeIn(
  passage: ResourcePassage,
  claim: Claim,
  changes: readonly AppliedClaim[],
): RecordedEnd | undefined {
  try {
    const events = passage.outcome(claim, changes);
    return isRefusal(events) ? undefined : { events };
  } catch {
    return undefined;
  }
}
