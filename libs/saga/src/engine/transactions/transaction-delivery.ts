import {
  stepEndRequested,
  stepUndoRequested,
  transactionAcknowledged,
  transactionBeginRequested,
  transactionBranchUndone,
  transactionBranchUndoFailed,
  transactionDecisionRequested,
  transactionTimerDue,
  transactionVoted,
} from '@aura/contracts';
import type { CloudEvent, EventData, EventDefinition } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';
import { present } from '../../machine/present';
import type { TransactionInput } from '../../transaction/transaction-input';

/** What an event says to a transaction that it names. */
type NamedInput = Exclude<TransactionInput, { readonly kind: 'begin' | 'fence' | 'decide' | 'forget' }>;

/** What a delivery is about: a transaction that it names, the beginning of one, or a step whatever its transaction is. */
export type TransactionDelivery =
  | { readonly kind: 'named'; readonly transaction: string; readonly input: NamedInput }
  | {
      readonly kind: 'begin';
      readonly transaction: string;
      readonly branches: EventData<typeof transactionBeginRequested>['branches'];
    }
  | {
      readonly kind: 'fence';
      readonly mode: 'undo' | 'ask';
      readonly error: EventData<typeof stepUndoRequested>['error'];
    };

const PREFIX = 'ai.aura.transaction.';

/** Whether a delivery of a tracker's queue is about a transaction: the coordinator asks participants for steps elsewhere. */
export function isAboutTransaction({ type }: CloudEvent): boolean {
  return type.startsWith(PREFIX) || type === stepUndoRequested.type || type === stepEndRequested.type;
}

/** Reads what a delivery says; undefined for what nobody waits for. Errors: `TerminalError` when its data is not what it should be. */
export function transactionDelivery(event: CloudEvent): TransactionDelivery | undefined {
  switch (event.type) {
    case transactionBeginRequested.type:
      return { kind: 'begin', ...read(transactionBeginRequested, event) };
    case stepUndoRequested.type:
      return { kind: 'fence', mode: 'undo', ...read(stepUndoRequested, event) };
    case stepEndRequested.type:
      return { kind: 'fence', mode: 'ask', ...read(stepEndRequested, event) };
    default:
      return namedDelivery(event);
  }
}

function namedDelivery(event: CloudEvent): TransactionDelivery | undefined {
  switch (event.type) {
    case transactionVoted.type: {
      const { transaction, branch, vote, held, ...told } = read(transactionVoted, event);
      return { kind: 'named', transaction, input: { kind: 'vote', branch, vote, held, ...present(told) } };
    }
    case transactionAcknowledged.type: {
      const { transaction, branch, decision, output } = read(transactionAcknowledged, event);
      const input = { kind: 'acknowledge', branch, decision, ...present({ output }) } as const;
      return { kind: 'named', transaction, input };
    }
    case transactionDecisionRequested.type: {
      const { transaction, branch, held, incarnation } = read(transactionDecisionRequested, event);
      const input = { kind: 'ask', branch, participant: speakerOf(event), held } as const;
      return { kind: 'named', transaction, input: { ...input, ...present({ incarnation }) } };
    }
    case transactionTimerDue.type:
      return {
        kind: 'named',
        transaction: read(transactionTimerDue, event).transaction,
        input: { kind: 'timer' },
      };
    default:
      return undoDelivery(event);
  }
}

function undoDelivery(event: CloudEvent): TransactionDelivery | undefined {
  const { auraepoch: epoch = 1, id } = event;
  // The epoch of an answer is the last part of its id: the attribute is that of the asking.
  const asked = Number(id.slice(id.lastIndexOf('/') + 1)) || epoch;
  if (event.type === transactionBranchUndone.type) {
    const { transaction, branch, effect } = read(transactionBranchUndone, event);
    return { kind: 'named', transaction, input: { kind: 'undone', branch, epoch: asked, answer: effect } };
  }
  if (event.type !== transactionBranchUndoFailed.type) return undefined;
  const { transaction, branch, error, deadLetterId } = read(transactionBranchUndoFailed, event);
  const failed = { answer: 'failed', error, ...present({ deadLetterId }) } as const;
  return { kind: 'named', transaction, input: { kind: 'undone', branch, epoch: asked, ...failed } };
}

/** The participant that says an event. */
function speakerOf({ source }: CloudEvent): string {
  return source.slice(source.lastIndexOf('/') + 1);
}

function read<E extends EventDefinition>(definition: E, event: CloudEvent): EventData<E> {
  const parsed = definition.data.safeParse(event.data);
  if (parsed.success) return parsed.data as EventData<E>;
  throw new TerminalError(
    `the data of ${event.type} ${event.id} is not what it should be: ${parsed.error.message}`,
    {
      code: 'INVALID_EVENT_DATA',
      help: 'Let the participant run the same version of Aura as the coordinator.',
    },
  );
}
