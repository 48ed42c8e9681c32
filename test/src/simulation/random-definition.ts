import type { JsonValue } from '@aura/contracts';
import type { Chance } from '@aura/testing';
import { randomCommand, transactional, withoutAction } from './command-step';
import { hasEffect, isPivot } from './definition-spec';
import type { Condition, DefinitionSpec, StepSpec } from './definition-spec';
import { randomPivot } from './pivot-step';
import { defaultOutput, valuePath } from './step-output';
import { outputMember, randomSubSaga, sagaMember } from './saga-step';
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
 * A random definition: 4 to 13 steps, joins of all kinds, conditions, transactions, sub-sagas, every kind of action and
 * failure policy.
 */
export function randomDefinition(chance: Chance, place: DefinitionPlace): DefinitionSpec {
  const { id, longest } = place;
  const count = chance.between(4, 10);
  const steps: StepSpec[] = [];
  for (let n = 0; n < count; n++) steps.push(randomStep(chance, { ...place, n }, steps));
  if (chance.hits(250)) steps.push(...randomPivot(chance, steps, place.below));
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
 * hurry, a saga goes on without most of its sub-sagas, or asks a person, before they have ended.
 */
function timeoutOf(
  step: StepSpec,
  { isPatient, timeout }: Pick<DefinitionSpec, 'isPatient' | 'timeout'>,
): string {
  if (isPatient) return isBuiltIn(step) ? LONGEST : timeout;
  return step.kind === 'saga' && step.policy !== 'compensate' ? '1s' : timeout;
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
