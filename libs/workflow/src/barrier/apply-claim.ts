import type { JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { TellingResult, TellingRow } from '@aura/messaging';
import type { ResourceClaim } from '../participant/action';
import type { Frame } from './frame';
import type { AppliedClaim } from './passage';
import type { Applied, ResourceOperation } from './resource-operation';
import type { ResourceWriters } from './resource-writers';
import type { Claim } from './step-rows';

/** A claim, and the rows with its own as the last one. */
export interface Claimed {
  readonly claim: Claim;
  readonly rows: readonly JournalRow[];
  /** The count of loads from before the claim, where this call appends it. */
  readonly asked?: number;
  /** Its row, where that has yet to be appended. */
  readonly row?: JournalRow;
}

/** What is to be done to one resource that a claim names. */
export interface ClaimedOperation {
  readonly resource: ResourceClaim;
  readonly operation: ResourceOperation;
}

/** Rows around the operations of a claim, in one call with the first and the last of these where nobody else wants those resources. */
export interface ClaimFrame {
  /** In front: no operation counts without it. Where there is none it is not appended. */
  readonly before?: JournalRow;
  /** What must have come true before the call of the last operation. */
  beforeLast?(): Promise<void>;
  /** Behind, of all that was changed; undefined: nothing can be said yet, and whoever asked goes on from there. */
  behind(changes: readonly AppliedClaim[]): TellingRow | undefined;
}

/** What the operations of a claim came to. */
export type ClaimResult =
  /** The row in front has lost its place, so that nothing else was done. */
  | { readonly kind: 'taken' }
  /** A resource is not to be had; what was applied before it stands. */
  | {
      readonly kind: 'stopped';
      readonly resource: ResourceClaim;
      readonly by: Stopping;
    }
  | {
      readonly kind: 'applied';
      readonly changes: readonly AppliedClaim[];
      /** Of the row behind all; absent: it has yet to be appended. */
      readonly behind?: TellingResult;
    };

/** Performs the operations of a claim one after the other, until one is refused. What stands of them is answered as it stands. */
export async function applyClaim(
  writers: ResourceWriters,
  operations: readonly ClaimedOperation[],
  frame: ClaimFrame,
): Promise<ClaimResult> {
  const changes: AppliedClaim[] = [];
  let behind: TellingResult | undefined;
  for (const [n, { resource, operation }] of operations.entries()) {
    const isLast = n === operations.length - 1;
    if (isLast) await frame.beforeLast?.();
    const behindIt = (change: JsonValue) => frame.behind([...changes, { ...resource, change }]);
    const around = frameOf(frame, { isFirst: n === 0, isLast, behind: behindIt });
    const framed = await writers.of(resource).applyFramed(operation, around);
    if (framed.kind === 'taken') return framed;
    ({ behind } = framed);
    const { applied } = framed;
    if (isStopping(applied)) return { kind: 'stopped', resource, by: applied };
    if (applied.kind === 'applied') changes.push({ ...resource, change: applied.change });
  }
  return { kind: 'applied', changes, ...(behind === undefined ? {} : { behind }) };
}

/** The rows around one of the operations: none between the first and the last. */
function frameOf(
  { before }: ClaimFrame,
  {
    isFirst,
    isLast,
    behind,
  }: Required<Pick<Frame, 'behind'>> & { readonly isFirst: boolean; readonly isLast: boolean },
): Frame {
  return { ...(isFirst && before !== undefined && { before }), ...(isLast && { behind }) };
}

type Stopping = Extract<Applied, { readonly kind: 'refused' | 'held' }>;

function isStopping(applied: Applied): applied is Stopping {
  return applied.kind === 'refused' || applied.kind === 'held';
}
