import type { JsonValue } from '@aura/contracts';
import type { Chance } from '@aura/testing';
import { hasEffect, INPUTS, isPivot, PARTICIPANTS } from './definition-spec';
import type { Condition, DefinitionSpec, Join, Kind, Policy, StepSpec } from './definition-spec';
import { defaultOutput, valuePath } from './step-output';
import { outputMember, randomFinalSaga, randomSubSaga, sagaMember } from './saga-step';
import { isTimer, randomWait, waitMember } from './wait-step';
import { randomTransaction, transactionMember } from './transaction-step';

/** How long a saga and its steps may take: so long that a loss shows, or so short that they run out of time. */
const PATIENCE = [
  { saga: '48h', isPatient: true },
  { saga: '48h', isPatient: true },
  { saga: '48h', isPatient: true },
  { saga: '30m', isPatient: false },
  { saga: '25s', isPatient: false },
];

/** What a definition is made for. */
export interface DefinitionPlace {
  readonly id: string;
  /** How long a step may take where nobody is in a hurry. */
  readonly longest: string;
  /** Definitions that its steps may run as sub-sagas. */
  readonly below: readonly DefinitionSpec[];
}

/**
 * A random definition: 4 to 11 steps, joins of all kinds, conditions, transactions, sub-sagas, every kind of action and
 * failure policy.
 */
export function randomDefinition(chance: Chance, place: DefinitionPlace): DefinitionSpec {
  const { id, longest } = place;
  const count = chance.between(4, 10);
  const steps: StepSpec[] = [];
  for (let n = 0; n < count; n++) steps.push(randomStep(chance, { ...place, n }, steps));
  if (chance.hits(250)) steps.push(pivotBehind(chance, steps, place));
  const { isPatient, saga } = chance.pick(PATIENCE);
  return {
    id,
    steps,
    isPatient,
    timeout: isPatient ? longest : '8s',
    sagaTimeout: saga,
    ...(chance.hits(300) ? { trigger: `foreign.${id}.wanted.v1` } : {}),
  };
}

/** Nothing that can fail stands behind or beside a pivot. A transaction is one when a branch of it is, a sub-saga when a step. */
function pivotBehind(
  chance: Chance,
  before: readonly StepSpec[],
  { below }: Pick<DefinitionPlace, 'below'>,
): StepSpec {
  const step = randomCommand(chance, before.length, []);
  return {
    ...step,
    ...finalDoing(chance, step, below),
    dependencies: before.map(({ id }) => id),
    join: chance.pick(['all', 'ended']),
    policy: 'compensate',
  };
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

/** As good as for ever. */
const LONGEST = '24h';

/**
 * One step in twelve is a transaction, so that a third of all definitions has one; one in forty waits; about one in ten is a
 * sub-saga, as the first definition has none to run.
 */
function randomStep(
  chance: Chance,
  { below, id, n }: DefinitionPlace & { readonly n: number },
  before: readonly StepSpec[],
): StepSpec {
  const step = randomCommand(chance, n, before);
  const roll = chance.below(1000);
  if (roll < 80) return { ...transactional(step), transaction: randomTransaction(chance) };
  if (roll < 105)
    return { ...withoutAction(step), kind: 'wait', wait: randomWait(chance, `${id}.${step.id}`) };
  const saga = roll < 250 ? randomSubSaga(chance, below) : undefined;
  return saga === undefined ? step : { ...ofSaga(step), saga };
}

/** A person is asked about every third sub-saga that fails: he may have it tried again while it still goes on. */
function ofSaga(step: StepSpec): StepSpec {
  const own = withoutAction(step);
  return { ...own, kind: 'saga', policy: step.salt % 3 === 0 ? 'suspend' : own.policy };
}

/** What goes wrong in a transaction goes wrong in its branches. */
function transactional(step: StepSpec): StepSpec {
  return { ...withoutAction(step), kind: 'transaction' };
}

function withoutAction(step: StepSpec): StepSpec {
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

function randomCommand(chance: Chance, n: number, before: readonly StepSpec[]): StepSpec {
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

/** The definition as an author would write it. */
export function definitionOf({
  id,
  isPatient,
  sagaTimeout,
  steps,
  timeout,
  trigger,
}: DefinitionSpec): JsonValue {
  return {
    id,
    name: id,
    version: '1.0.0',
    timeout: sagaTimeout,
    input: {
      type: 'object',
      properties: { n: { type: 'number' }, key: { type: 'string' } },
      required: ['n', 'key'],
    },
    output: outputMember({ steps }),
    retryPolicy: { maxAttempts: 3, initialDelay: '50ms', maxDelay: '500ms', maxEpochs: 3 },
    ...(trigger === undefined
      ? {}
      : { triggers: [{ on: trigger, input: { n: 'event.data.n', key: 'event.data.key' } }] }),
    steps: steps.map((step) => stepOf(step, steps, { isPatient, timeout })),
  };
}

function stepOf(
  step: StepSpec,
  steps: readonly StepSpec[],
  { isPatient, timeout }: Pick<DefinitionSpec, 'isPatient' | 'timeout'>,
): JsonValue {
  const { id, condition, dependencies, join } = step;
  return {
    id,
    dependencies,
    join,
    ...(condition === undefined ? {} : { when: conditionText(condition, steps) }),
    ...doing(step, gotOf(step, steps)),
    timeout: timeoutOf(step, { isPatient, timeout }),
    failure: failureOf(step, gotOf(step, steps)),
    ...(hasEffect(step) && !isPivot(step)
      ? { undo: { timeout: isPatient ? timeout : '5s', retryPolicy: UNDO_RETRIES } }
      : {}),
  };
}

/**
 * What the coordinator does itself is not asked for again: clocks that are an hour apart must not fail it. Where there is a
 * hurry, a person is asked before most sub-sagas that he could try again have ended.
 */
function timeoutOf(
  step: StepSpec,
  { isPatient, timeout }: Pick<DefinitionSpec, 'isPatient' | 'timeout'>,
): string {
  if (isPatient) return isBuiltIn(step) ? LONGEST : timeout;
  return step.kind === 'saga' && step.policy === 'suspend' ? '1s' : timeout;
}

const UNDO_RETRIES = { maxAttempts: 2, initialDelay: '50ms', maxDelay: '500ms', maxEpochs: 2 };

function isBuiltIn({ kind }: StepSpec): boolean {
  return kind === 'transaction' || kind === 'wait' || kind === 'saga';
}

/** What a step calls. */
function doing(step: StepSpec, got: JsonValue): { readonly [member: string]: JsonValue } {
  const { kind, participant, saga, transaction, wait } = step;
  if (saga !== undefined) return { type: 'saga', saga: sagaMember(saga) };
  if (wait !== undefined) return { type: 'wait', wait: waitMember(wait) };
  if (transaction !== undefined)
    return { type: 'transaction', transaction: transactionMember(transaction, got) };
  return { action: `${participant}-${kind}`, input: inputOf(step, got) };
}

/** What a step is told of those in front of it. */
function gotOf({ dependencies }: StepSpec, steps: readonly StepSpec[]): { readonly [id: string]: JsonValue } {
  const told = steps.filter((step) => dependencies.includes(step.id) && !isTimer(step));
  return Object.fromEntries(told.map((step) => [step.id, valuePath(step)]));
}

function inputOf(
  { flaky, refuseAt, salt, undoFails }: StepSpec,
  got: JsonValue,
): { readonly [member: string]: JsonValue } {
  return { n: 'input.n', salt, refuseAt, flaky, undoFails, got };
}

function failureOf(step: StepSpec, got: JsonValue): JsonValue {
  switch (step.policy) {
    case 'continue':
      return { policy: 'continue', output: defaultOutput(step) };
    case 'fallback':
      return { policy: 'fallback', output: defaultOutput(step) };
    case 'fallbackNode':
    case 'fallbackStateful': {
      const input = { ...inputOf(step, got), refuseAt: -1, flaky: 0 };
      const kind = step.policy === 'fallbackNode' ? 'pure' : 'stateful';
      return { policy: 'fallback', action: `${step.participant}-${kind}`, input };
    }
    default:
      return { policy: step.policy };
  }
}

function conditionText({ above, step }: Condition, steps: readonly StepSpec[]): string {
  const read = steps.find(({ id }) => id === step);
  return read === undefined ? `input.n > ${above}` : `${valuePath(read)} > ${above}`;
}
