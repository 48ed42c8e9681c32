import {
  transactionAcknowledged,
  transactionBranchUndoFailed,
  transactionBranchUndone,
  transactionDecisionRequested,
  transactionVoted,
} from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonValue } from '@aura/contracts';
import { EVENTS_EXCHANGE, eventKey, participantSource, trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import type { BranchVote } from '../barrier/branch-passage';
import type { PlainEvent } from '../participant/action';
import type { BranchRequest } from './branch-request';

/** A branch, and who speaks for it and when (ms since 1970). */
export interface Speaking {
  readonly participant: string;
  readonly request: Pick<BranchRequest, 'transaction' | 'branch' | 'event'>;
  readonly nowMs: number;
}

/** The event that votes for a branch. */
export function votedEvent(speaking: Speaking, said: BranchVote): CloudEvent {
  const { vote, outcome, error, deadLetterId, held } = said;
  const resources = held.map(({ type, id }) => ({ type, id }));
  return branchEvent(speaking, transactionVoted.type, {
    vote,
    held: resources,
    ...incarnationOf(speaking),
    ...(outcome === undefined ? {} : { output: outcome.output }),
    ...(error === undefined ? {} : { error: refusalData(error) }),
    ...(deadLetterId === undefined ? {} : { deadLetterId }),
  });
}

function refusalData({ code, message, help }: NonNullable<BranchVote['error']>): JsonValue {
  const kind = code === 'HELD_BY' || code === 'GIVEN_UP' ? 'technical' : 'business';
  return { kind, code, message, ...(help === undefined ? {} : { help }) };
}

/** The event that says that a branch has released what it held. */
export function abortedEvent(speaking: Speaking): CloudEvent {
  return branchEvent(speaking, transactionAcknowledged.type, { decision: 'aborted' }, 'aborted');
}

/** The event that says that a branch has applied what it held. `output`: of its action, where that is known. */
export function committedEvent(speaking: Speaking, output: JsonValue | undefined): CloudEvent {
  const data = { decision: 'committed', ...(output === undefined ? {} : { output }) };
  return branchEvent(speaking, transactionAcknowledged.type, data, 'committed');
}

/** The event that asks for the decision, made from the vote; `n` counts the askings of one branch. */
export function decisionRequestedEvent(speaking: Speaking, n: number): CloudEvent {
  const { held } = speaking.request.event.data as { readonly held?: JsonValue };
  const data = { ...(held === undefined ? {} : { held }), ...incarnationOf(speaking) };
  return branchEvent(speaking, transactionDecisionRequested.type, data, String(n));
}

/** What the coordinator called its store when it asked for the vote. */
function incarnationOf({ request }: Speaking): { readonly incarnation?: string } {
  const { incarnation } = request.event.data as { readonly incarnation?: unknown };
  return typeof incarnation === 'string' ? { incarnation } : {};
}

/** The answer to an undo of a committed branch. */
export function branchUndoneEvent(speaking: Speaking, effect: 'undone' | 'nothing'): CloudEvent {
  return branchEvent(speaking, transactionBranchUndone.type, { effect }, epochOf(speaking));
}

/** The event that says that an undo failed for good in this epoch. */
export function branchUndoFailedEvent(
  speaking: Speaking,
  failure: { readonly error: ErrorRecord; readonly attempts: number; readonly deadLetterId: string },
): CloudEvent {
  const { kind, code, message, help } = failure.error;
  const error = { kind, code, message, ...(help === undefined ? {} : { help }) };
  const { attempts, deadLetterId } = failure;
  return branchEvent(
    speaking,
    transactionBranchUndoFailed.type,
    { error, attempts, deadLetterId },
    epochOf(speaking),
  );
}

/** A further event of a branch's action; `n` counts those of one action. Published once the transaction is committed. */
export function branchPlainEvent(speaking: Speaking, event: PlainEvent, n: number): CloudEvent {
  const { correlationid, auraplan, ...made } = branchEvent(speaking, event.type, {}, String(n));
  return {
    ...made,
    ...(correlationid === undefined ? {} : { correlationid }),
    ...(auraplan === undefined ? {} : { auraplan }),
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    data: event.data,
  };
}

function epochOf({ request }: Speaking): string {
  return String(request.event.auraepoch ?? 1);
}

function branchEvent(
  { participant, request, nowMs }: Speaking,
  type: string,
  data: { readonly [member: string]: JsonValue },
  ...more: readonly string[]
): CloudEvent {
  const { transaction, branch, event } = request;
  const { subject, correlationid, aurastep, aurarun, auraplan, aurapartition, traceparent, tracestate } =
    event;
  const kept = {
    subject,
    correlationid,
    aurastep,
    aurarun,
    auraplan,
    aurapartition,
    traceparent,
    tracestate,
  };
  return {
    specversion: '1.0',
    id: [transaction, branch, type, ...more].join('/'),
    source: participantSource(participant),
    type,
    time: new Date(nowMs).toISOString(),
    datacontenttype: 'application/json',
    causationid: event.id,
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    data: { transaction, branch, ...data },
  };
}

/** What a branch says goes to the partition of its saga. */
export function toTransaction(event: CloudEvent): OutboundMessage {
  return { event, to: [{ kind: 'queue', queue: trackerQueue(event.aurapartition ?? 0), batch: true }] };
}

/** The events of a committed branch: the acknowledgement, and what its action publishes. */
export function committedMessages(
  [ack, ...further]: readonly CloudEvent[],
  definition: string | undefined,
): readonly OutboundMessage[] {
  const key = ({ type }: CloudEvent): string =>
    definition === undefined ? type : eventKey(type, definition);
  return [
    ...(ack === undefined ? [] : [toTransaction(ack)]),
    ...further.map((event): OutboundMessage => ({
      event,
      to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: key(event) }],
    })),
  ];
}
