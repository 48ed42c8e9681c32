import type { Chance } from '@aura/testing';
import { INPUTS, PARTICIPANTS } from './definition-spec';
import type { Condition, Join, Kind, Policy, StepSpec } from './definition-spec';
import { isTimer } from './wait-step';

/** What goes wrong in a transaction goes wrong in its branches. */
export function transactional(step: StepSpec): StepSpec {
  return { ...withoutAction(step), kind: 'transaction' };
}

/** A step of the same place that calls no action. */
export function withoutAction(step: StepSpec): StepSpec {
  return { ...step, refuseAt: -1, flaky: 0, undoFails: 0, policy: WITHOUT_ACTION[step.policy] };
}

/** A transaction, a sub-saga, or what a wait brings, is replaced by what it would have made: no action makes the same. */
const WITHOUT_ACTION: Readonly<Record<Policy, Policy>> = {
  compensate: 'compensate',
  continue: 'continue',
  fallback: 'fallback',
  fallbackNode: 'fallback',
  fallbackStateful: 'continue',
  suspend: 'suspend',
};

/** A step that calls an action, behind some of those before it. */
export function randomCommand(chance: Chance, n: number, before: readonly StepSpec[]): StepSpec {
  const dependencies = dependenciesOf(chance, before);
  const join: Join = dependencies.length < 2 ? 'all' : chance.pick(['all', 'all', 'any', 'ended']);
  const telling = before.filter((step) => dependencies.includes(step.id) && !isTimer(step));
  const condition = chance.hits(250) ? conditionOf(chance, telling, join) : undefined;
  return {
    id: `s${n}`,
    participant: chance.pick(PARTICIPANTS),
    kind: chance.pick<Kind>(['pure', 'pure', 'pure', 'reading', 'stateful', 'stateful', 'foreign']),
    dependencies,
    join,
    ...(condition === undefined ? {} : { condition }),
    salt: chance.between(1, 900),
    refuseAt: chance.hits(300) ? chance.below(INPUTS) : -1,
    flaky: chance.hits(120) ? chance.pick([1, 1, 2, 9]) : 0,
    undoFails: chance.hits(300) ? chance.pick([1, 2, 4, 7, 99]) : 0,
    policy: policyOf(chance),
  };
}

function dependenciesOf(chance: Chance, before: readonly StepSpec[]): readonly string[] {
  if (before.length === 0 || chance.hits(80)) return [];
  const wanted = chance.pick([1, 1, 2, 2, 3]);
  const found = new Set<string>();
  // Mostly what is near, so that chains are long.
  for (let n = 0; n < wanted; n++) {
    const near = chance.hits(600) ? before.slice(-3) : before;
    found.add(chance.pick(near).id);
  }
  return [...found].sort();
}

function conditionOf(chance: Chance, telling: readonly StepSpec[], join: Join): Condition {
  if (join === 'all' && telling.length > 0 && chance.hits(500))
    return { step: chance.pick(telling).id, above: chance.between(100, 500) };
  return { above: chance.below(INPUTS - 4) };
}

function policyOf(chance: Chance): Policy {
  const roll = chance.below(100);
  if (roll < 55) return 'compensate';
  if (roll < 70) return 'continue';
  if (roll < 80) return 'fallback';
  if (roll < 87) return 'fallbackNode';
  if (roll < 93) return 'fallbackStateful';
  return 'suspend';
}
