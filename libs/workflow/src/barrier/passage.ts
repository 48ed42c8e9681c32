import type { CloudEvent, ErrorRecord, JsonValue } from '@aura/contracts';
import type { JournalRow, StepKey } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import type { ResourceClaim } from '../participant/action';
import type { RecordedEnd } from './recorded-end';
import type { Claim } from './step-rows';

/** A claim with what it changed. */
export type AppliedClaim = ResourceClaim & { readonly change: JsonValue };

/** Why something is refused. */
export type Refusal = Pick<ErrorRecord, 'code' | 'message' | 'help'>;

/** What stood of a step when the barrier was asked. */
export interface Standing {
  /** Rows of the step's stream. */
  readonly rows: readonly JournalRow[];
  /** The count of loads from before the rows were read; see {@link LoadCount}. */
  readonly asked: number;
  /**
   * Nothing was asked, and nothing is presumed to stand; the step's first row proves it. The text stands in the claim,
   * and is nobody else's: the same claim, written by another instance in the same millisecond, must not pass for this one.
   */
  readonly presumedAs?: string;
}

/** For steps that stand nowhere: pure ones, whose end is not recorded. */
export const NOTHING_STANDS: Standing = Object.freeze({ rows: [], asked: 0 });

/** The action's part in passing the barrier. */
export type Passage = ResourcePassage | ForeignPassage;

interface PassageParts {
  readonly key: StepKey;
  /** What stood when the barrier was asked. */
  readonly standing: Standing;
  /** Decides what the action wants; asked only when no claim stands, or none is presumed to. A `BusinessError` is a refusal and ends the step. */
  claim(): Promise<Claim>;
  /** The events that end the step when the action or a resource refused. */
  refused(refusal: Refusal): readonly CloudEvent[];
  /** What is published of the events of an outcome, with its row where that can be. */
  messages?(events: readonly CloudEvent[]): readonly OutboundMessage[];
}

/** Of an action that changes resources kept here. */
export interface ResourcePassage extends PassageParts {
  /**
   * The events that end the step, made of what was applied and nothing else: it may be asked before that stands, and again
   * where it came otherwise. A `BusinessError` is a refusal: all is taken back.
   */
  outcome(claim: Claim, changes: readonly AppliedClaim[]): readonly CloudEvent[];
}

/** Of an action that changes a store of its own: its claim names no resource, and says that the store may have been changed. */
export interface ForeignPassage extends PassageParts {
  /** Takes effect, behind the claim; answers the events that end the step. A `BusinessError` is a refusal that had no effect. */
  perform(claim: Claim): Promise<readonly CloudEvent[]>;
  /** How an effect is taken back that was made beside a fence; see {@link Reversal.foreign}. */
  readonly foreign?: ForeignReversal;
}

/** Takes back what an action did, or may have done, in a foreign store, idempotent by the step's operation. */
export type ForeignReversal = (claim: Claim, end: RecordedEnd | undefined) => Promise<void>;

/** A step that is to be undone. */
export interface Reversal {
  readonly key: StepKey;
  /** Absent: the action has no foreign store. Called whenever a claim stands, also an unfinished one. */
  readonly foreign?: ForeignReversal;
  /** The action has no undo: an unfinished claim is waited for, and an effect stays. */
  readonly isWithoutUndo?: true;
  /** The event that answers; made once, and published again as it is. */
  answer(effect: 'undone' | 'nothing'): CloudEvent;
}
