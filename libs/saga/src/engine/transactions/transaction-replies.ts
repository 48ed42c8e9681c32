import { transactionDecisionTold } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { EVENTS_EXCHANGE, participantKey } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import {
  completedMessage,
  decisionAnswer,
  failedMessage,
  fenceAnswerMessage,
  TRANSACTIONS_SOURCE,
} from '../../transaction/transaction-messages';
import type { TurnClock } from '../../machine/turn';
import { answerId } from '../../transaction/answer-id';
import type { TransactionInput } from '../../transaction/transaction-input';
import { decisionOf, isBegun } from '../../transaction/transaction-state';
import type { TransactionState } from '../../transaction/transaction-state';
import { voteUntil } from '../../transaction/transaction-timers';
import type { BookedTransaction } from './transaction-book';
import type { TransactionDelivery } from './transaction-delivery';

/** Every asking is answered, whether it was news or not. */
export function transactionReplies(
  { state, unpublished }: BookedTransaction,
  delivery: TransactionDelivery,
  event: CloudEvent,
  clock: TurnClock,
): readonly OutboundMessage[] {
  if (delivery.kind === 'named')
    return delivery.input.kind === 'ask' ? [decisionFor(state, delivery.input, event, clock)] : [];
  if (unpublished.length > 0) return [];
  const answer = fenceAnswerMessage(state);
  if (delivery.kind === 'fence' && answer !== undefined) return [answer];
  return endedStep(state);
}

/** How the step ended, as far as it has. What nobody had begun is aborted for whoever begins it now. */
function endedStep(state: TransactionState): readonly OutboundMessage[] {
  if (state.status === 'committed' && !isBegun(state)) return [];
  switch (state.status) {
    case 'committed':
      return [completedMessage(state)];
    case 'aborting':
    case 'aborted':
      return state.isFollowed === true || state.fence !== undefined ? [] : [failedMessage(state)];
    default:
      return [];
  }
}

function decisionFor(
  state: TransactionState,
  { branch, participant }: Extract<TransactionInput, { readonly kind: 'ask' }>,
  event: CloudEvent,
  { now: nowMs, gapSince }: TurnClock,
): OutboundMessage {
  if (decisionOf(state) !== undefined)
    return decisionAnswer(state, { id: event.id, branch, participant, nowMs });
  const { type } = transactionDecisionTold;
  const told =
    state.status === 'unknown'
      ? ({ decision: 'unknown' } as const)
      : ({ decision: 'undecided', until: new Date(voteUntil(state, gapSince)).toISOString() } as const);
  return {
    event: {
      specversion: '1.0',
      id: answerId(event.id, told.decision === 'undecided' ? `undecided/${told.until}` : told.decision),
      source: TRANSACTIONS_SOURCE,
      type,
      time: new Date(nowMs).toISOString(),
      datacontenttype: 'application/json',
      correlationid: state.saga,
      causationid: event.id,
      auraplan: state.digest,
      data: { transaction: state.transaction, branch, ...told },
    },
    to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: participantKey(type, participant) }],
  };
}
