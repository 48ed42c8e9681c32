import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { Clock, Journal, JournalRow, StepKey } from '@aura/kernel';
import type { ResourceClaim } from '../participant/action';
import { HeldError } from './held-error';
import type { Reversal } from './passage';
import { endIn } from './recorded-end';
import type { RecordedEnd } from './recorded-end';
import type { Applied, ResourceOperation } from './resource-operation';
import type { ResourceWriters } from './resource-writers';
import { ANSWER, answerIn, claimIn, FENCE, isRefusal } from './step-rows';
import type { Claim } from './step-rows';
import { untilPlaced } from './until-placed';

/** The way back through the barrier: fence, reversal of what the claim names, answer. */
export class Undoing {
  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly writers: ResourceWriters,
  ) {}

  /** See `Barrier.undo`. */
  undo(reversal: Reversal): Promise<CloudEvent> {
    return untilPlaced(this.journal, reversal.key, (rows) => this.reverse(reversal, rows));
  }

  /** See `Barrier.settle`. */
  settle(reversal: Reversal): Promise<readonly CloudEvent[] | 'open'> {
    return untilPlaced(this.journal, reversal.key, async (rows) => {
      const end = endIn(rows);
      if (end !== undefined && end.isFenced !== true && !isRefusal(end.events)) return end.events;
      if (end === undefined && reversal.isWithoutUndo === true && claimIn(rows) !== undefined) return 'open';
      const answer = await this.reverse(reversal, rows);
      return answer === undefined ? undefined : [answer];
    });
  }

  /** The answer to an undo; undefined when another row came between, or more is to be done. */
  private async reverse(reversal: Reversal, rows: readonly JournalRow[]): Promise<CloudEvent | undefined> {
    const standing = answerIn(rows);
    if (standing !== undefined) return standing;
    const claim = claimIn(rows);
    if (claim === undefined)
      return this.answered(reversal, rows, { effect: 'nothing', operations: [FENCE, ANSWER] });
    const end = endIn(rows);
    if (end?.isFenced !== true) {
      await this.append(reversal.key, rows, { operations: [FENCE] });
      return undefined;
    }
    const hadEffect = await this.takeBack(reversal, claim, end);
    const effect = hadEffect && !isRefusal(end.events) ? 'undone' : 'nothing';
    return this.answered(reversal, rows, { effect, operations: [ANSWER] });
  }

  private async answered(
    reversal: Reversal,
    rows: readonly JournalRow[],
    row: { readonly effect: 'undone' | 'nothing'; readonly operations: readonly string[] },
  ): Promise<CloudEvent | undefined> {
    const answer = reversal.answer(row.effect);
    return (await this.append(reversal.key, rows, { ...row, answer })) ? answer : undefined;
  }

  private async append(
    key: StepKey,
    rows: readonly JournalRow[],
    { operations, answer }: { readonly operations: readonly string[]; readonly answer?: CloudEvent },
  ): Promise<boolean> {
    const [result] = await this.journal.append([
      {
        stream: stepStream(key),
        seq: rows.length + 1,
        at: this.clock.now(),
        operations,
        body: JSON.stringify({ kind: operations[0] }),
        ...(answer && { payload: JSON.stringify(answer) }),
      },
    ]);
    return result === 'appended';
  }

  /** Takes back what stands of a refused claim, in reverse order; a resource that was not reached gets no row. */
  async takeBackApplied(key: StepKey, claim: Claim): Promise<void> {
    for (const [n, resource] of [...claim.resources.entries()].reverse()) {
      const id = operationOn(key, n);
      const writer = this.writers.of(resource);
      if ((await writer.applied(id)) !== undefined) await this.reverseOf(resource, id);
    }
  }

  /** Reverses everything that a claim names, in reverse order, applied or not; answers whether anything had been. */
  async takeBack(
    { key, foreign }: Pick<Reversal, 'key' | 'foreign'>,
    claim: Claim,
    end: RecordedEnd | undefined,
  ): Promise<boolean> {
    await foreign?.(claim, end);
    let hadEffect = foreign !== undefined;
    for (const [n, resource] of [...claim.resources.entries()].reverse()) {
      const reversed = await this.reverseOf(resource, operationOn(key, n));
      if (reversed.kind === 'applied') hadEffect = true;
    }
    return hadEffect;
  }

  /** Errors: `HeldError` while a transaction holds the resource whole. */
  private async reverseOf(resource: ResourceClaim, id: string): Promise<Applied> {
    const reversed = await this.writers.of(resource).apply(reversalOf(id));
    if (reversed.kind === 'held') throw new HeldError(resource, reversed.by);
    return reversed;
  }
}

/** Key of a claim's n-th resource in that resource's journal. */
export function operationOn(key: StepKey, n: number): string {
  return `${stepStream(key)}/${n}`;
}

function reversalOf(id: string): ResourceOperation {
  return { id: `${id}/reverse`, want: { kind: 'reverse', of: id } };
}
