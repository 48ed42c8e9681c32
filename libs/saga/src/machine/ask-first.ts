import type { ErrorRecord } from '@aura/contracts';
import { undoPolicyOf } from '@aura/workflow';
import type { PlanStep } from '@aura/workflow';
import { isFenced, mayStand } from './applied';
import { giveUp } from './give-up';
import { timeoutError } from './saga-errors';
import { stepOf } from './state';
import type { Asking, SagaState } from './state';
import { answerUntil } from './timers';
import type { TurnBuilder } from './turn';

/** Whether the saga goes on when a stateful step has failed. */
function isGoingOnWithout({ kind, failure }: PlanStep): boolean {
  return kind === 'stateful' && (failure.policy === 'continue' || failure.policy === 'fallback');
}

/** Whether nobody knows yet that a failed step had no effect: its participant is asked before the saga goes on without it. */
export function mustAsk(state: SagaState, step: PlanStep): boolean {
  const own = stepOf(state, step.id);
  return isGoingOnWithout(step) && mayStand(own) && !isFenced(own);
}

const NEVER_ASKED: Asking = { epoch: 0, tries: 0 };

/**
 * Asks how a step ended, or asks again; an answer that says neither "applied" nor "refused", and no answer in the end,
 * give the saga up.
 */
export function askEnd(turn: TurnBuilder, step: PlanStep): void {
  const { asking = NEVER_ASKED } = stepOf(turn.state, step.id);
  const { maxEpochs } = undoPolicyOf(step).retry;
  if (asking.answer !== 'failed' && !isOverdue(turn, step, asking)) return;
  if (asking.answer !== 'failed' && asking.tries < maxEpochs)
    return turn.add({ kind: 'endAsked', step: step.id, epoch: asking.epoch + 1 });
  giveUp(turn, { error: asking.error ?? endUnknown(step, asking), failedStep: step.id });
}

function endUnknown({ id, action, participant, ...step }: PlanStep, { tries }: Asking): ErrorRecord {
  const { timeoutMs } = undoPolicyOf(step);
  const message = `nobody said how step ${id} (${action} at ${participant}) ended within ${timeoutMs} ms, asked ${tries} times`;
  return timeoutError(message, 'END_UNKNOWN');
}

function isOverdue({ clock }: TurnBuilder, step: PlanStep, { askedAt }: Asking): boolean {
  return askedAt === undefined || answerUntil(step, askedAt, clock.gapSince) <= clock.now;
}
