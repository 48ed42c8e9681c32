import {
  transactionAbortRequested,
  transactionCommitRequested,
  transactionDecisionTold,
  transactionPrepareRequested,
  transactionUndoRequested,
} from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { branchKey, TerminalError, transactionKey } from '@aura/kernel';
import type { StepKey } from '@aura/kernel';
import { EVENTS_EXCHANGE, participantKey, participantQueue } from '@aura/messaging';
import type { Binding } from '@aura/messaging';

/** What the coordinator asks participants for about branches, by the key `<type>.<participant>`. */
export const BRANCH_REQUESTS: readonly string[] = [
  transactionPrepareRequested,
  transactionCommitRequested,
  transactionAbortRequested,
  transactionUndoRequested,
  transactionDecisionTold,
].map(({ type }) => type);

/** What a participant's queue is bound to for what is asked about branches. */
export function branchBindings(participant: string): readonly Binding[] {
  return BRANCH_REQUESTS.map((type) => ({
    kind: 'queue',
    queue: participantQueue(participant),
    exchange: EVENTS_EXCHANGE,
    key: participantKey(type, participant),
  }));
}

/** Which branch a request is about, and the event that asks. */
export interface BranchRequest {
  readonly transaction: string;
  readonly branch: string;
  /** Place of the branch's barrier. */
  readonly key: StepKey;
  readonly event: CloudEvent;
}

/** Reads a request. Errors: `TerminalError` when it names no branch of a transaction. */
export function branchRequestOf(event: CloudEvent): BranchRequest {
  const { transaction, branch } = (event.data ?? {}) as {
    readonly transaction?: unknown;
    readonly branch?: unknown;
  };
  const place = typeof transaction === 'string' ? transactionKey(transaction) : undefined;
  if (place === undefined || typeof transaction !== 'string' || typeof branch !== 'string')
    throw new TerminalError(
      `${event.type} ${event.id} names no branch of a transaction: ${JSON.stringify(event.data) ?? 'no data'}`,
      {
        code: 'INVALID_EVENT_DATA',
        help: 'Let the participant run the same version of Aura as the coordinator.',
      },
    );
  return { transaction, branch, event, key: branchKey(place.key, place.n, branch) };
}
