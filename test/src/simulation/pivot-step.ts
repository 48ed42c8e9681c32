import type { Chance } from '@aura/testing';
import { randomCommand, transactional, withoutAction } from './command-step';
import type { DefinitionSpec, StepSpec } from './definition-spec';
import { randomFinalSaga } from './saga-step';
import { randomTransaction } from './transaction-step';

/**
 * A pivot behind all that can fail: a transaction is one when a branch of it is, a sub-saga when a step. Beside it, in half of them, a
 * step that changes something and without which the saga goes on; behind it, in half, a wait.
 */
export function randomPivot(
  chance: Chance,
  before: readonly StepSpec[],
  below: readonly DefinitionSpec[],
): readonly StepSpec[] {
  const pivot = pivotBehind(chance, before, below);
  const steps = [pivot];
  if (chance.hits(500)) steps.push(waitBehind(chance, before.length + steps.length, pivot));
  if (chance.hits(500)) steps.push(besidePivot(chance, before, before.length + steps.length));
  return steps;
}

function pivotBehind(
  chance: Chance,
  before: readonly StepSpec[],
  below: readonly DefinitionSpec[],
): StepSpec {
  const step = randomCommand(chance, before.length, []);
  return {
    ...step,
    flaky: chance.hits(400) ? chance.pick([1, 1, 2]) : step.flaky,
    ...finalDoing(chance, step, below),
    dependencies: before.map(({ id }) => id),
    join: chance.pick(['all', 'ended']),
    policy: 'compensate',
  };
}

function waitBehind(chance: Chance, n: number, pivot: StepSpec): StepSpec {
  const { id, participant, salt } = randomCommand(chance, n, []);
  const wait = { for: chance.pick(['2s', '6s']) };
  const place = { id, participant, dependencies: [pivot.id], join: 'all' } as const;
  return { ...place, kind: 'wait', wait, salt, refuseAt: -1, flaky: 0, undoFails: 0, policy: 'continue' };
}

function besidePivot(chance: Chance, before: readonly StepSpec[], n: number): StepSpec {
  return { ...randomCommand(chance, n, before), kind: 'stateful', policy: 'continue' };
}

function finalDoing(
  chance: Chance,
  step: StepSpec,
  below: readonly DefinitionSpec[],
): Pick<StepSpec, 'kind'> & Partial<StepSpec> {
  const { branches, ...rest } = randomTransaction(chance);
  const [first, ...others] = branches;
  const roll = chance.below(1000);
  if (first !== undefined && roll < 300) {
    const transaction = { ...rest, branches: [{ ...first, kind: 'pivot' as const }, ...others] };
    return { ...transactional(step), transaction };
  }
  const saga = roll < 600 ? randomFinalSaga(chance, below) : undefined;
  return saga === undefined ? { kind: 'pivot' } : { ...withoutAction(step), kind: 'saga', saga };
}
