import type { JsonObject, JsonValue } from '@aura/contracts';
import type { PlanStep } from '@aura/workflow';
import { timeoutError } from '../saga-errors';
import type { GapSince } from '../gap-since';
import type { BuiltInKind } from './built-in-kind';
import type { Begun, TransactionStepState } from './built-in-state';

/**
 * A step whose branches are applied together or not at all. The saga only asks for it: the transaction has a journal of
 * its own, and ends the step, or answers its undo, as a participant does.
 */
export const transactionKind: BuiltInKind = {
  begin(turn, step, input) {
    if (step.builtIn?.type !== 'transaction') return;
    const branches = step.builtIn.branches.map((branch) => ({
      ...branch,
      input: memberOf(input, branch.id),
    }));
    const builtIn: TransactionStepState = { type: 'transaction', branches };
    turn.add({ kind: 'stepBegun', step: step.id, builtIn });
  },
  timers: (step, begun, gapSince) => [
    { id: `transaction/${step.id}/${begun.epoch}`, until: untilOf(step, begun, gapSince) },
  ],
  onTimer(turn, step) {
    const message = `the transaction of step ${step.id} did not end within ${step.timeoutMs} ms`;
    turn.fail(step, timeoutError(message, 'STEP_TIMEOUT'));
  },
  waitsFor: (step, { builtIn }) => {
    const branches = builtIn.type === 'transaction' ? builtIn.branches : [];
    const names = branches.map(({ id, participant }) => `${id} at ${participant}`);
    return `the transaction of step ${step.id} (${names.join(', ')})`;
  },
};

function memberOf(input: JsonValue, id: string): JsonValue {
  return (input as JsonObject)[id] ?? {};
}

function untilOf({ timeoutMs }: PlanStep, { at }: Begun, gapSince: GapSince): number {
  return at + gapSince(at) + timeoutMs;
}
