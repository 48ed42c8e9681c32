import { stepEndRequested, stepNothingToUndo, stepUndone, stepUndoRequested } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { BusinessError, StoreUnavailableError, TerminalError } from '@aura/kernel';
import {
  DONE,
  errorRecordOf,
  EVENTS_EXCHANGE,
  heldByStore,
  participantKey,
  participantQueue,
} from '@aura/messaging';
import type { Binding, DeliveryContext, OutboundMessage, Outcome } from '@aura/messaging';
import { contention } from '../barrier/held-error';
import type { Reversal } from '../barrier/passage';
import type { CompiledPlan } from '../plan/compiled-plan';
import type { Plan, PlanStep } from '../plan/plan';
import { undoPolicyOf } from '../plan/undo-policy';
import type { Action } from './action';
import { foreignReversal } from './foreign-reversal';
import { unknownHere } from './reactor';
import type { ReactorPorts } from './reactor';
import { answerMessage, endMessages, undoFailedEvent, undoneEvent } from './step-messages';
import type { PlacedStep } from './step-task';

/** Wait before an end that is not recorded yet is looked for again, ms. */
const OPEN_WAIT_MS = 500;

/** What the coordinator asks participants for by the key `<type>.<participant>`. */
export const UNDO_REQUESTS: readonly string[] = [stepUndoRequested.type, stepEndRequested.type];

const ANSWERS: readonly string[] = [stepUndone.type, stepNothingToUndo.type];

/** What a participant's queue is bound to for what the coordinator asks it. */
export function undoBindings(participant: string): readonly Binding[] {
  return UNDO_REQUESTS.map((type) => ({
    kind: 'queue',
    queue: participantQueue(participant),
    exchange: EVENTS_EXCHANGE,
    key: participantKey(type, participant),
  }));
}

/**
 * Answers the coordinator when a saga is given up or goes on without a step: from the barrier, once in effect, whatever
 * has become of the action. An undo that fails climbs a ladder of its own; its end is a dead letter and
 * `step.undo-failed`, and takes no key.
 */
export class Undoer {
  constructor(private readonly ports: ReactorPorts) {}

  /** Handles a delivery of one of {@link UNDO_REQUESTS}. */
  async handle(context: DeliveryContext): Promise<Outcome> {
    const { auraplan: digest, aurastep, correlationid: saga } = context.event;
    if (digest === undefined || saga === undefined) return DONE;
    const compiled = await this.ports.shelf.find(digest);
    if (compiled === undefined) return unknownHere(`plan ${digest}`);
    const step = this.ownStep(compiled, aurastep);
    if (step === undefined) return DONE;
    const action = this.ports.actions.get(step.action);
    if (action === undefined) return unknownHere(`action ${step.action}`);
    if (!isAskable(context.event, step, action)) throw withoutEffect(action.name);
    const task = placed(context, { plan: compiled.plan, step, saga });
    return this.ports.observer.undoing(context, task, (seen) =>
      this.answer(seen, this.reversal(seen, action)),
    );
  }

  private ownStep({ nodes }: CompiledPlan, id = ''): PlanStep | undefined {
    const step = nodes.get(id);
    return step?.participant === this.ports.participant ? step : undefined;
  }

  /** What changes nothing has only its end to be asked for, and fenced. */
  private reversal(task: PlacedStep, action: Action): Reversal {
    const nowMs = this.ports.world.clock.now();
    const answer: Reversal['answer'] = (effect) => undoneEvent(task, effect, nowMs);
    if (action.kind !== 'stateful') return { key: task.key, answer };
    const limitMs = undoPolicyOf(task.step).timeoutMs;
    const foreign = foreignReversal(this.ports, { ...task, limitMs }, action);
    return {
      key: task.key,
      answer,
      ...(foreign && { foreign }),
      ...('run' in action && action.undo === undefined ? { isWithoutUndo: true } : {}),
    };
  }

  private async answer(task: PlacedStep, reversal: Reversal): Promise<Outcome> {
    const { barrier } = this.ports;
    try {
      if (task.trigger.type === stepUndoRequested.type)
        return { kind: 'done', publish: [answerMessage(task, await barrier.undo(reversal))] };
      const events = await barrier.settle(reversal);
      if (events !== 'open') return { kind: 'done', publish: settled(task, events) };
      const reason = `step ${task.step.id} has begun and has no undo: its end is waited for`;
      return { kind: 'held', reason, delayMs: OPEN_WAIT_MS };
    } catch (error) {
      return this.failed(task, error);
    }
  }

  private failed(task: PlacedStep, cause: unknown): Outcome {
    const targets = [task.key.step];
    if (cause instanceof StoreUnavailableError) return heldByStore(cause, targets);
    const isRefusal = cause instanceof BusinessError;
    const error = errorRecordOf(cause, isRefusal ? 'business' : 'technical');
    const onDead = (deadLetterId: string, attempts: number): Promise<readonly OutboundMessage[]> => {
      const event = undoFailedEvent(task, { error, attempts, deadLetterId }, this.ports.world.clock.now());
      return Promise.resolve([answerMessage(task, event)]);
    };
    if (isRefusal || cause instanceof TerminalError) return { kind: 'dead', error, targets, onDead };
    const schedule = undoPolicyOf(task.step).retry;
    return { kind: 'retry', error, targets, schedule, onDead, ...contention(cause) };
  }
}

function placed(
  { event, attempt }: DeliveryContext,
  { plan, step, saga }: { readonly plan: Plan; readonly step: PlanStep; readonly saga: string },
): PlacedStep {
  const key = { saga, run: event.aurarun ?? 1, step: step.id };
  return { plan, step, key, epoch: event.auraepoch ?? 1, attempt, trigger: event };
}

/** A recorded end is published again as the end it is; a refusal as the answer to an undo. */
function settled(task: PlacedStep, events: readonly CloudEvent[]): readonly OutboundMessage[] {
  const isEnd = events.some(({ type }) => !ANSWERS.includes(type));
  return isEnd ? endMessages(task, events) : events.map((event) => answerMessage(task, event));
}

/** An undo is for what has an effect; how it ended every step can be asked that records its end. */
function isAskable({ type }: CloudEvent, { recordsEnd }: PlanStep, { kind }: Action): boolean {
  return kind === 'stateful' || (type === stepEndRequested.type && recordsEnd);
}

function withoutEffect(name: string): TerminalError {
  return new TerminalError(`an undo was asked for of ${name}, which is not stateful`, {
    code: 'NOTHING_TO_UNDO',
    help: 'Publish the definition again: the kind of the action has changed since.',
  });
}
