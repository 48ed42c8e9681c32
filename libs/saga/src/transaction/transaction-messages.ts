import {
  stepFailed,
  stepNothingToUndo,
  stepUndoFailed,
  stepUndone,
  transactionAborted,
  transactionAbortRequested,
  transactionBeginRequested,
  transactionCommitRequested,
  transactionCommitted,
  transactionInDoubt,
  transactionPrepareRequested,
  transactionSettledByHand,
  transactionUndoRequested,
  transactionUnknown,
} from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonObject } from '@aura/contracts';
import { decisionId, transactionId, transactionStream } from '@aura/kernel';
import { EVENTS_EXCHANGE, eventKey, participantKey, trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { present } from '../machine/present';
import { answerId } from './answer-id';
import type { AbortReason } from './transaction-errors';
import type { PaidTransactionEntry, TransactionEntry } from './transaction-entry';
import { decisionOf, isBegun, unfinished } from './transaction-state';
import type { BranchState, TransactionState } from './transaction-state';

/** CloudEvents source of what transactions decide: they perform their steps, as participants do theirs. */
export const TRANSACTIONS_SOURCE = '/aura/coordinator/transactions';

/** Reminders after which a transaction is told to be in doubt. */
const REMINDERS_BEFORE_DOUBT = 2;

const UNTOLD: ErrorRecord = { kind: 'technical', code: 'ABORTED', message: 'the transaction was aborted' };

/** Where an entry stands: the state behind its row, the row's time (ms since 1970), and its position there. */
interface EntryPlace {
  readonly state: TransactionState;
  readonly at: number;
  readonly n: number;
}

/**
 * What a row of a transaction says to the world, made from the row and the state behind it alone: whoever publishes it, and
 * however often, publishes the same events with the same ids.
 */
export function transactionMessages(
  state: TransactionState,
  row: { readonly entries: readonly PaidTransactionEntry[]; readonly at: number },
): readonly OutboundMessage[] {
  return row.entries.flatMap(({ entry }, n) => messagesOfEntry(entry, { state, at: row.at, n }));
}

function messagesOfEntry(entry: TransactionEntry, place: EntryPlace): readonly OutboundMessage[] {
  const { state } = place;
  switch (entry.kind) {
    case 'opened':
      return prepares(place, state.incarnation);
    case 'committed':
      return [news(place, transactionCommitted.type, {}), ...requests(place, 'committed')];
    case 'aborted':
      return abortedMessages(entry, place);
    case 'finished':
      return decisionOf(state) === 'aborted' ? [] : completions(place);
    case 'reminded':
      return [...requests(place, decisionOf(state)), ...doubt(place)];
    default:
      return messagesOfRare(entry, place);
  }
}

function messagesOfRare(entry: TransactionEntry, place: EntryPlace): readonly OutboundMessage[] {
  switch (entry.kind) {
    case 'settled': {
      const { decision, actor, note } = entry;
      return [news(place, transactionSettledByHand.type, { decision, by: actor.subject, note })];
    }
    case 'undoAsked':
      return place.state.branches
        .filter(({ id }) => id === entry.branch)
        .map((branch) => undo(place, branch, entry.epoch));
    case 'answered':
      return [fenceAnswer(place, entry)];
    case 'unknown': {
      const { incarnation } = entry;
      return [news(place, transactionUnknown.type, { incarnation }), ...prepares(place, incarnation)];
    }
    case 'begun':
      return begunLater(place);
    default:
      return [];
  }
}

/** Whoever has voted, or done what was decided, says that again; what nobody has begun is asked of nobody. */
function prepares(place: EntryPlace, incarnation: string | undefined): readonly OutboundMessage[] {
  const { state } = place;
  if (decisionOf(state) === 'aborted' || !isBegun(state)) return [];
  const waitMs = state.terms.prepareMs;
  return state.branches.map((branch) => {
    const { action, input } = branch;
    const data = { action, input, waitMs, ...present({ incarnation }) };
    return request(place, branch, { type: transactionPrepareRequested.type, data });
  });
}

/** A person may have committed it before its step was reached. */
function begunLater(place: EntryPlace): readonly OutboundMessage[] {
  const { state } = place;
  if (decisionOf(state) === undefined) return prepares(place, state.incarnation);
  return state.status === 'committed' ? completions(place) : requests(place, decisionOf(state));
}

function completions(place: EntryPlace): readonly OutboundMessage[] {
  return isBegun(place.state) ? [completed(place)] : [];
}

/** Those that have not done what was decided are asked for it; before they can have, that is all but the willing to do nothing. */
function requests(
  place: EntryPlace,
  decision: 'committed' | 'aborted' | undefined,
): readonly OutboundMessage[] {
  const { type } = decision === 'committed' ? transactionCommitRequested : transactionAbortRequested;
  return unfinished(place.state).map((branch) => request(place, branch, { type, data: {} }));
}

function abortedMessages(
  entry: Extract<TransactionEntry, { readonly kind: 'aborted' }>,
  place: EntryPlace,
): readonly OutboundMessage[] {
  const { state } = place;
  if (state.branches.length === 0) return [];
  const error = { ...entry.error };
  const all = [news(place, transactionAborted.type, { error }), ...requests(place, 'aborted')];
  if (entry.isFollowed === true) return [...all, next(place)];
  return state.fence === undefined && isBegun(state) ? [...all, failed(place, entry)] : all;
}

/** The step's next transaction: it may begin, because `aborted` stands. */
function next(place: EntryPlace): OutboundMessage {
  const { state } = place;
  const branches = state.branches.map(({ id, participant, action, input }) => ({
    id,
    participant,
    action,
    input,
  }));
  const transaction = transactionId(state, state.n + 1);
  const event = ofTransaction(place, transactionBeginRequested.type, { transaction, branches });
  return toPartition(state, { ...event, auraepoch: state.epoch });
}

function doubt(place: EntryPlace): readonly OutboundMessage[] {
  const { state } = place;
  if (state.reminders !== REMINDERS_BEFORE_DOUBT) return [];
  return [news(place, transactionInDoubt.type, { waitsFor: unfinished(state).map(({ id }) => id) })];
}

function undo(place: EntryPlace, branch: BranchState, epoch: number): OutboundMessage {
  const error = { ...(place.state.fence?.error ?? UNTOLD) };
  const type = transactionUndoRequested.type;
  const { event, to } = request(place, branch, { type, data: { error } });
  return { event: { ...event, auraepoch: epoch }, to };
}

function request(
  place: EntryPlace,
  { id, participant }: BranchState,
  { type, data }: { readonly type: string; readonly data: JsonObject },
): OutboundMessage {
  const { transaction } = place.state;
  const event = ofTransaction(place, type, { transaction, branch: id, ...data });
  return {
    event: { ...event, id: `${event.id}/${id}` },
    to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: participantKey(type, participant) }],
  };
}

/** What a branch is answered that asks for the decision: the decision, as a request of its own. `id`: from the asking. */
export function decisionAnswer(
  state: TransactionState,
  asked: {
    readonly id: string;
    readonly branch: string;
    readonly participant: string;
    readonly nowMs: number;
  },
): OutboundMessage {
  const decision = decisionOf(state) ?? 'aborted';
  const { type } = decision === 'committed' ? transactionCommitRequested : transactionAbortRequested;
  const place = { state, at: asked.nowMs, n: 0 };
  const data = { transaction: state.transaction, branch: asked.branch };
  return {
    event: { ...ofTransaction(place, type, data), id: answerId(asked.id, decision) },
    to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: participantKey(type, asked.participant) }],
  };
}

/** The step has completed: told to its saga. Made again, it is the same event. */
export function completedMessage(state: TransactionState): OutboundMessage {
  return completed({ state, at: state.endedAt ?? state.startedAt, n: 0 });
}

function completed(place: EntryPlace): OutboundMessage {
  const { state } = place;
  const outputs = state.branches.map(({ id, output = null }) => [id, output] as const);
  const data = { output: Object.fromEntries(outputs) };
  return toStep(place, { type: state.terms.emits, what: 'completed', data });
}

/** The step has failed: told to its saga. Made again, it is the same event. */
export function failedMessage(state: TransactionState): OutboundMessage {
  return failed({ state, at: state.decidedAt ?? state.startedAt, n: 0 }, state);
}

function failed(place: EntryPlace, { error = UNTOLD, deadLetterId }: Partial<AbortReason>): OutboundMessage {
  const data = { error: { ...error }, attempts: place.state.n, ...present({ deadLetterId }) };
  return toStep(place, { type: stepFailed.type, what: 'failed', data });
}

/** The answer to an undo, or to the question how the step ended, once more. */
export function fenceAnswerMessage(state: TransactionState): OutboundMessage | undefined {
  const { answer, failure: error, deadLetterId } = state.fence ?? {};
  const place = { state, at: state.decidedAt ?? state.startedAt, n: 0 };
  return answer && fenceAnswer(place, { answer, ...present({ error, deadLetterId }) });
}

function fenceAnswer(
  place: EntryPlace,
  told: Partial<AbortReason> & { readonly answer: 'undone' | 'nothing' | 'failed' },
): OutboundMessage {
  const { state } = place;
  const { answer, error = UNTOLD, deadLetterId } = told;
  const epoch = state.fence?.epoch ?? 1;
  const what = `${answer}/${epoch}`;
  switch (answer) {
    case 'undone':
      return toStep(place, { type: stepUndone.type, what, epoch, data: { undo: 'transaction' } });
    case 'nothing': {
      const reason = `transaction ${state.transaction} is aborted, and will not be committed`;
      return toStep(place, { type: stepNothingToUndo.type, what, epoch, data: { reason } });
    }
    case 'failed':
      return toStep(place, {
        type: stepUndoFailed.type,
        what,
        epoch,
        data: { error: { ...error }, attempts: 1, ...present({ deadLetterId }) },
      });
  }
}

function toStep(
  place: EntryPlace,
  told: { readonly type: string; readonly what: string; readonly epoch?: number; readonly data: JsonObject },
): OutboundMessage {
  const { state } = place;
  const event: CloudEvent = {
    ...ofTransaction(place, told.type, told.data),
    id: `${transactionStream(state.transaction)}/${told.what}`,
    auraepoch: told.epoch ?? state.epoch,
  };
  return toPartition(state, event);
}

function toPartition({ partition }: TransactionState, event: CloudEvent): OutboundMessage {
  return { event, to: [{ kind: 'queue', queue: trackerQueue(partition), batch: true }] };
}

/** News for the public face. */
function news(place: EntryPlace, type: string, data: JsonObject): OutboundMessage {
  const { transaction, definition, step, branches } = place.state;
  const names = branches.map(({ id }) => id);
  const event = ofTransaction(place, type, { transaction, definition, step, branches: names, ...data });
  return {
    event,
    to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: eventKey(type, definition) }],
  };
}

function ofTransaction({ state, at, n }: EntryPlace, type: string, data: JsonObject): CloudEvent {
  return {
    specversion: '1.0',
    id: `${decisionId(transactionStream(state.transaction), state.seq, n)}/${type}`,
    source: TRANSACTIONS_SOURCE,
    type,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    correlationid: state.saga,
    aurastep: state.step,
    aurarun: state.run,
    auraepoch: 1,
    auraplan: state.digest,
    aurapartition: state.partition,
    ...present({ subject: state.userId, traceparent: state.traceparent }),
    data,
  };
}
