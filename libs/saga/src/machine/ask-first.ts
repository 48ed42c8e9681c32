import type { ErrorRecord } from '@aura/contracts';
import { undoPolicyOf } from '@aura/workflow';
import type { PlanStep } from '@aura/workflow';
import { goesOnWithout, isFenced, isLastWord, mayStand } from './applied';
import { giveUp } from './give-up';
import { leaveBehind } from './leave-behind';
import { timeoutError } from './saga-errors';
import { stepOf } from './state';
import type { Asking, SagaState } from './state';
import { answerLimitOf, endUntil } from './timers';
import type { TurnBuilder } from './turn';

/**
 * Whether nobody knows yet how a failed step ends: its participant is asked before the saga goes on without it. A stateful one
 * may have had an effect; of any other only the failure that its participant recorded is the last word, and not what the
 * coordinator said in its place.
 */
export function mustAsk(state: SagaState, step: PlanStep): boolean {
  const own = stepOf(state, step.id);
  if (own.end !== 'failed' || !goesOnWithout(step)) return false;
  return step.kind === 'stateful' ? mayStand(own) && !isFenced(own) : !isLastWord(step, own);
}

const NEVER_ASKED: Asking = { epoch: 0, tries: 0 };

/**
 * Asks how a step ended, or asks again. Where the answer says neither "applied" nor "refused", or nobody answers in the end, a
 * saga that may have changed something by it is given up; any other goes on without it, in a run that its late word does not reach.
 */
export function askEnd(turn: TurnBuilder, step: PlanStep): void {
  const { asking = NEVER_ASKED } = stepOf(turn.state, step.id);
  if (asking.answer === 'failed') return goOn(turn, step, asking);
  if (!isOverdue(turn, step, asking)) return;
  if (asking.tries < mostAsks(step)) askAgain(turn, step, asking);
  else goOn(turn, step, asking);
}

/** What can be left behind whatever it answers is asked once. */
function mostAsks(step: PlanStep): number {
  return step.kind === 'stateful' ? undoPolicyOf(step).retry.maxEpochs : 1;
}

function askAgain(turn: TurnBuilder, { id }: PlanStep, { epoch }: Asking): void {
  turn.add({ kind: 'endAsked', step: id, epoch: epoch + 1 });
}

/** Where somebody behind it has seen its end, that end is at its participant, and is waited for: it is asked for ever more rarely. */
function goOn(turn: TurnBuilder, step: PlanStep, asking: Asking): void {
  if (step.kind !== 'stateful' && leaveBehind(turn, step, unknownSteps(turn))) return;
  if (step.kind !== 'stateful' && asking.answer !== 'failed') return askAgain(turn, step, asking);
  giveUp(turn, { error: asking.error ?? endUnknown(step, asking), failedStep: step.id });
}

function unknownSteps({ compiled, state }: TurnBuilder): readonly PlanStep[] {
  return compiled.plan.steps.filter((step) => step.kind !== 'stateful' && mustAsk(state, step));
}

function endUnknown(step: PlanStep, { tries }: Asking): ErrorRecord {
  const { id, action, participant } = step;
  const message = `nobody said how step ${id} (${action} at ${participant}) ended within ${answerLimitOf(step)} ms, asked ${tries} times`;
  return timeoutError(message, 'END_UNKNOWN');
}

function isOverdue({ clock }: TurnBuilder, step: PlanStep, { askedAt, tries }: Asking): boolean {
  return askedAt === undefined || endUntil(step, { askedAt, tries }, clock.gapSince) <= clock.now;
}
