import type { JsonValue } from '@aura/contracts';
import type { Chance } from '@aura/testing';

/** `foreign`: stateful in a store of its own; `pivot`: stateful without undo. */
export type Kind = 'pure' | 'reading' | 'stateful' | 'foreign' | 'pivot';
export type Join = 'all' | 'any' | 'ended';
/** `fallback`: a default output; `fallbackNode` and `fallbackStateful`: an action without and with effect. */
export type Policy = 'compensate' | 'continue' | 'fallback' | 'fallbackNode' | 'fallbackStateful' | 'suspend';

/** A condition on the saga's input, or on what a step upstream made. */
export interface Condition {
  /** Absent: on `input.n`. */
  readonly step?: string;
  readonly above: number;
}

/** A step as the generator made it: what the checks hold the saga against. */
export interface StepSpec {
  readonly id: string;
  readonly participant: string;
  readonly kind: Kind;
  readonly dependencies: readonly string[];
  readonly join: Join;
  readonly condition?: Condition;
  readonly salt: number;
  readonly refuseAt: number;
  readonly flaky: number;
  /** How often its undo fails, where it can. */
  readonly undoFails: number;
  readonly policy: Policy;
}

/** Whether a step changes something. */
export function hasEffect({ kind }: Pick<StepSpec, 'kind'>): boolean {
  return kind === 'stateful' || kind === 'foreign' || kind === 'pivot';
}

/** A definition as the generator made it. */
export interface DefinitionSpec {
  readonly id: string;
  readonly steps: readonly StepSpec[];
  /** After this long without an answer a step is asked again: so late that a loss shows, or so early that it happens. */
  readonly timeout: string;
  readonly sagaTimeout: string;
  /** Whether nobody who is merely slow makes it fail. */
  readonly isPatient: boolean;
  /** Started by foreign events of this type as well. */
  readonly trigger?: string;
}

const PARTICIPANTS = ['atelier', 'bureau', 'closet'];
/** What a fallback's name has behind that of its step. */
export const FALLBACK = '.fallback';
/** What a step that went wrong makes where its definition says so. */
export const DEFAULT_OUTPUT = { v: 1, got: {} };
/** Values of a saga's input. */
export const INPUTS = 12;

/** How long a saga and its steps may take: so long that a loss shows, or so short that they run out of time. */
const PATIENCE = [
  { saga: '48h', isPatient: true },
  { saga: '48h', isPatient: true },
  { saga: '48h', isPatient: true },
  { saga: '30m', isPatient: false },
  { saga: '25s', isPatient: false },
];

/** A random definition: 4 to 11 steps, joins of all kinds, conditions, every kind of action and failure policy. */
export function randomDefinition(chance: Chance, id: string, longest: string): DefinitionSpec {
  const count = chance.between(4, 10);
  const steps: StepSpec[] = [];
  for (let n = 0; n < count; n++) steps.push(randomStep(chance, n, steps));
  if (chance.hits(250)) steps.push(pivotBehind(chance, steps));
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

/** Nothing that can fail stands behind or beside a pivot. */
function pivotBehind(chance: Chance, before: readonly StepSpec[]): StepSpec {
  return {
    ...randomStep(chance, before.length, []),
    kind: 'pivot',
    dependencies: before.map(({ id }) => id),
    join: chance.pick(['all', 'ended']),
    policy: 'compensate',
  };
}

function randomStep(chance: Chance, n: number, before: readonly StepSpec[]): StepSpec {
  const dependencies = dependenciesOf(chance, before);
  const join: Join = dependencies.length < 2 ? 'all' : chance.pick(['all', 'all', 'any', 'ended']);
  const condition = chance.hits(250) ? conditionOf(chance, dependencies, join) : undefined;
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

function conditionOf(chance: Chance, dependencies: readonly string[], join: Join): Condition {
  if (join === 'all' && dependencies.length > 0 && chance.hits(500))
    return { step: chance.pick(dependencies), above: chance.between(100, 500) };
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
    input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
    retryPolicy: { maxAttempts: 3, initialDelay: '50ms', maxDelay: '500ms', maxEpochs: 3 },
    ...(trigger === undefined ? {} : { triggers: [{ on: trigger, input: { n: 'event.data.n' } }] }),
    steps: steps.map((step) => stepOf(step, timeout, isPatient ? timeout : '5s')),
  };
}

function stepOf(step: StepSpec, timeout: string, undoTimeout: string): JsonValue {
  const { id, condition, dependencies, join, kind, participant } = step;
  return {
    id,
    action: `${participant}-${kind}`,
    dependencies,
    join,
    ...(condition === undefined ? {} : { when: conditionText(condition) }),
    input: inputOf(step),
    timeout,
    failure: failureOf(step),
    ...(hasEffect(step) && kind !== 'pivot'
      ? { undo: { timeout: undoTimeout, retryPolicy: UNDO_RETRIES } }
      : {}),
  };
}

const UNDO_RETRIES = { maxAttempts: 2, initialDelay: '50ms', maxDelay: '500ms', maxEpochs: 2 };

function inputOf({ dependencies, flaky, refuseAt, salt, undoFails }: StepSpec): JsonValue {
  const got = Object.fromEntries(dependencies.map((id) => [id, `steps.${id}.output.v`]));
  return { n: 'input.n', salt, refuseAt, flaky, undoFails, got };
}

function failureOf(step: StepSpec): JsonValue {
  switch (step.policy) {
    case 'continue':
      return { policy: 'continue', output: DEFAULT_OUTPUT };
    case 'fallback':
      return { policy: 'fallback', output: DEFAULT_OUTPUT };
    case 'fallbackNode':
    case 'fallbackStateful': {
      const input = { ...(inputOf(step) as object), refuseAt: -1, flaky: 0 };
      const kind = step.policy === 'fallbackNode' ? 'pure' : 'stateful';
      return { policy: 'fallback', action: `${step.participant}-${kind}`, input };
    }
    default:
      return { policy: step.policy };
  }
}

function conditionText({ above, step }: Condition): string {
  return step === undefined ? `input.n > ${above}` : `steps.${step}.output.v > ${above}`;
}
