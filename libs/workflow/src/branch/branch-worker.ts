import {
  transactionAbortRequested,
  transactionCommitRequested,
  transactionDecisionTold,
  transactionPrepareRequested,
  transactionUndoRequested,
} from '@aura/contracts';
import type { CloudEvent, ErrorRecord } from '@aura/contracts';
import { StoreUnavailableError, TerminalError } from '@aura/kernel';
import { DONE, errorRecordOf, heldByStore, withData } from '@aura/messaging';
import type { DeliveryContext, OutboundMessage, Outcome } from '@aura/messaging';
import type { Prepared } from '../barrier/branch-passage';
import { contention, HeldError } from '../barrier/held-error';
import { UNDO_DEFAULTS } from '../plan/undo-policy';
import {
  abortedEvent,
  branchUndoFailedEvent,
  branchUndoneEvent,
  committedEvent,
  committedMessages,
  toTransaction,
} from './branch-messages';
import type { Speaking } from './branch-messages';
import type { BranchPorts } from './branch-ports';
import { preparationOf } from './branch-preparation';
import type { BranchPreparation } from './branch-preparation';
import { heldWaitMs } from './held-wait';
import { branchRequestOf } from './branch-request';
import type { BranchRequest } from './branch-request';

/** How a technical failure to prepare is tried again before it is a no. */
const PREPARE_RETRY = { maxAttempts: 4, initialDelayMs: 100, multiplier: 2, maxDelayMs: 1000 };

/**
 * A participant's part in two-phase commit: prepares branches and votes, applies or releases what is held as the
 * coordinator decides, undoes what was committed. Everything stands in the branch's journal before it is said, and
 * is said again as it stands.
 */
export class BranchWorker {
  constructor(private readonly ports: BranchPorts) {}

  /** Handles a delivery of one of {@link BRANCH_REQUESTS}. */
  async handle(context: DeliveryContext): Promise<Outcome> {
    // What a branch is to do may travel by reference.
    const request = branchRequestOf(await withData(context.event, this.ports.claims));
    switch (context.event.type) {
      case transactionPrepareRequested.type:
        return this.prepare(request, context);
      case transactionCommitRequested.type:
        return this.commit(request);
      case transactionAbortRequested.type:
        return this.abort(request);
      case transactionUndoRequested.type:
        return this.undo(request);
      default:
        return this.waitOn(request);
    }
  }

  private async prepare(request: BranchRequest, context: DeliveryContext): Promise<Outcome> {
    const preparation = preparationOf(this.ports, request, context);
    try {
      const [prepared] = await Promise.all([
        this.ports.branches.prepare(preparation),
        preparation.beforeVote(),
      ]);
      return { kind: 'done', publish: said(prepared) };
    } catch (error) {
      return this.notPrepared(preparation, error);
    }
  }

  private notPrepared(preparation: BranchPreparation, cause: unknown): Outcome {
    if (cause instanceof StoreUnavailableError) return heldByStore(cause, []);
    if (cause instanceof HeldError) {
      const delayMs = heldWaitMs(preparation, this.ports.world.randomness.fraction());
      return { kind: 'held', reason: cause.message, delayMs };
    }
    const error = errorRecordOf(cause, 'technical');
    const onDead = async (deadLetterId: string): Promise<readonly OutboundMessage[]> =>
      said(await this.ports.branches.refuse(preparation, { error, deadLetterId }));
    if (cause instanceof TerminalError) return { kind: 'dead', error, targets: [], onDead };
    return { kind: 'retry', error, targets: [], schedule: PREPARE_RETRY, onDead };
  }

  private async commit(request: BranchRequest): Promise<Outcome> {
    const { branches, undecided, definitionOf } = this.ports;
    const messages = (events: readonly CloudEvent[]): readonly OutboundMessage[] =>
      committedMessages(events, definitionOf(request.event.auraplan ?? ''));
    const { events, isTold } = await branches.commit(request.key, {
      ack: (output) => committedEvent(this.speaking(request), output),
      messages,
    });
    undecided.forget(request.key);
    return { kind: 'done', publish: isTold === true ? [] : messages(events) };
  }

  private async abort(request: BranchRequest): Promise<Outcome> {
    const { branches, undecided } = this.ports;
    const event = await branches.abort({
      key: request.key,
      answer: () => abortedEvent(this.speaking(request)),
    });
    undecided.forget(request.key);
    return { kind: 'done', publish: [toTransaction(event)] };
  }

  private async undo(request: BranchRequest): Promise<Outcome> {
    try {
      const event = await this.ports.branches.undo({
        key: request.key,
        answer: (effect) => branchUndoneEvent(this.speaking(request), effect),
      });
      return { kind: 'done', publish: [toTransaction(event)] };
    } catch (cause) {
      return this.notUndone(request, cause);
    }
  }

  private notUndone(request: BranchRequest, cause: unknown): Outcome {
    if (cause instanceof StoreUnavailableError) return heldByStore(cause, []);
    const error: ErrorRecord = errorRecordOf(cause, 'technical');
    const onDead = (deadLetterId: string, attempts: number): Promise<readonly OutboundMessage[]> => {
      const failure = { error, attempts, deadLetterId };
      return Promise.resolve([toTransaction(branchUndoFailedEvent(this.speaking(request), failure))]);
    };
    if (cause instanceof TerminalError) return { kind: 'dead', error, targets: [], onDead };
    return { kind: 'retry', error, targets: [], schedule: UNDO_DEFAULTS.retry, onDead, ...contention(cause) };
  }

  private async waitOn({ key, event }: BranchRequest): Promise<Outcome> {
    const told = transactionDecisionTold.data.safeParse(event.data);
    // Without a time nothing is to be expected: it asks as rarely as it does when nobody answers.
    if (told.success && told.data.until !== undefined)
      await this.ports.undecided.wait(key, Date.parse(told.data.until));
    return DONE;
  }

  private speaking(request: BranchRequest): Speaking {
    return { participant: this.ports.participant, request, nowMs: this.ports.world.clock.now() };
  }
}

/**
 * A vote as it stands, unless it was published with its row; behind it what was decided is acknowledged again, whose asker
 * may have lost both; behind a fence its answer, when it is there: until then whoever fences says it.
 */
function said(prepared: Prepared): readonly OutboundMessage[] {
  if (prepared.kind === 'voted' && prepared.isTold === true) return [];
  const vote = prepared.kind === 'fenced' ? undefined : prepared.event;
  const answer = prepared.kind === 'voted' ? undefined : prepared.answer;
  return [vote, answer].flatMap((event) => (event ? [toTransaction(event)] : []));
}
