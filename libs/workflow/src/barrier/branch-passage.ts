import type { CloudEvent, JsonValue, TransactionVote } from '@aura/contracts';
import type { StepKey } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import type { ResourceClaim } from '../participant/action';
import type { AppliedClaim, Refusal } from './passage';
import type { Claim } from './step-rows';

/** What the action of a branch answers: its output, and what is published once the transaction is committed. */
export interface BranchOutcome {
  readonly output: JsonValue;
  readonly events: readonly CloudEvent[];
}

/** What a branch says to the question whether it can be applied. */
export interface BranchVote {
  readonly vote: TransactionVote;
  /** Of a yes, and of read-only. */
  readonly outcome?: BranchOutcome;
  /** Of a no. */
  readonly error?: Refusal;
  readonly deadLetterId?: string;
  readonly held: readonly ResourceClaim[];
}

/** The action's part in preparing a branch. */
export interface Preparation {
  readonly key: StepKey;
  readonly transaction: string;
  /** What others hold is waited for no longer: it is a no. */
  readonly isLastTry: boolean;
  /**
   * Nothing was asked, and nothing is presumed to stand; the claim's place proves it. The text, that nobody else gives, stands in
   * the claim, so that it is not taken for another's that wants the same.
   */
  readonly presumedAs?: string;
  /** Decides what the branch wants; asked only when no claim stands, or none is presumed to. A `BusinessError` is a no. */
  claim(): Promise<Claim>;
  /** What the action answers once the prepared changes are applied. A `BusinessError` is a no. */
  outcome(claim: Claim, changes: readonly AppliedClaim[]): BranchOutcome;
  /** The event that votes; made once, and published again as it is. */
  voted(vote: BranchVote): CloudEvent;
  /** What is published of a vote that asks for nothing more here, with its row where that can be. */
  messages(voted: CloudEvent): readonly OutboundMessage[];
  /** What must have come true before the call that votes; of a branch of one thing that is the one that claims. */
  beforeVote(): Promise<void>;
}

/** What a branch says once its transaction is committed. */
export interface BranchEnd {
  /** The acknowledgement, made once of what the vote said that the action answers. */
  ack(output: JsonValue | undefined): CloudEvent;
  /** What is published of the acknowledgement and what the action publishes, with their row where that can be. */
  messages(events: readonly CloudEvent[]): readonly OutboundMessage[];
}

/** What a branch's journal came to: its vote, with the acknowledgement of what it has applied; or the answer of a fence. */
export type Prepared =
  | {
      readonly kind: 'voted';
      readonly event: CloudEvent;
      readonly vote: TransactionVote;
      /** It was published in the commit of its row. */ readonly isTold?: true;
    }
  | { readonly kind: 'applied'; readonly event: CloudEvent | undefined; readonly answer: CloudEvent }
  | { readonly kind: 'fenced'; readonly answer: CloudEvent | undefined };
