import type { JsonValue } from '@aura/contracts';
import type { Chance } from '@aura/testing';

export type Kind = 'pure' | 'reading' | 'stateful';
export type Join = 'all' | 'any' | 'ended';
export type Policy = 'compensate' | 'continue' | 'fallback' | 'fallbackNode' | 'suspend';

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
  readonly policy: Policy;
}

/** A definition as the generator made it. */
export interface DefinitionSpec {
  readonly id: string;
  readonly steps: readonly StepSpec[];
  /** After this long without an answer a step is asked again: so late that a loss shows, or so early that it happens. */
  readonly timeout: string;
  /** Whether nobody who is merely slow makes it fail. */
  readonly isPatient: boolean;
  /** Started by foreign events of this type as well. */
  readonly trigger?: string;
}

const PARTICIPANTS = ['atelier', 'bureau', 'closet'];
/** What a step that went wrong makes where its definition says so. */
export const DEFAULT_OUTPUT = { v: 1, got: {} };
/** Values of a saga's input. */
export const INPUTS = 12;

/** A random definition: 4 to 10 steps, joins of all kinds, conditions, every kind of action and failure policy. */
export function randomDefinition(chance: Chance, id: string, longest: string): DefinitionSpec {
  const count = chance.between(4, 10);
  const steps: StepSpec[] = [];
  for (let n = 0; n < count; n++) steps.push(randomStep(chance, n, steps));
  const isPatient = !chance.hits(200);
  return {
    id,
    // Who is merely late and who goes on in his place may both be heard, until a step is asked before it is given up.
    steps: isPatient ? steps : steps.map((step) => ({ ...step, policy: 'compensate' })),
    isPatient,
    timeout: isPatient ? longest : '8s',
    ...(chance.hits(300) ? { trigger: `foreign.${id}.wanted.v1` } : {}),
  };
}

function randomStep(chance: Chance, n: number, before: readonly StepSpec[]): StepSpec {
  const dependencies = dependenciesOf(chance, before);
  const join: Join = dependencies.length < 2 ? 'all' : chance.pick(['all', 'all', 'any', 'ended']);
  const condition = chance.hits(250) ? conditionOf(chance, dependencies, join) : undefined;
  const step: StepSpec = {
    id: `s${n}`,
    participant: chance.pick(PARTICIPANTS),
    kind: chance.pick<Kind>(['pure', 'pure', 'pure', 'reading', 'stateful', 'stateful']),
    dependencies,
    join,
    ...(condition === undefined ? {} : { condition }),
    salt: chance.between(1, 900),
    refuseAt: chance.hits(300) ? chance.below(INPUTS) : -1,
    flaky: chance.hits(120) ? chance.pick([1, 1, 2, 9]) : 0,
    policy: policyOf(chance),
  };
  return isReplaced(step) ? { ...step, flaky: 0 } : step;
}

/** A stateful step whose triggers fail apart may be replaced by its default and applied as well, until it is asked first. */
function isReplaced({ kind, policy }: StepSpec): boolean {
  return kind === 'stateful' && policy !== 'compensate' && policy !== 'suspend';
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
  if (roll < 95) return 'fallbackNode';
  return 'suspend';
}

/** The definition as an author would write it. */
export function definitionOf({ id, steps, isPatient, timeout, trigger }: DefinitionSpec): JsonValue {
  return {
    id,
    name: id,
    version: '1.0.0',
    timeout: isPatient ? '48h' : '30m',
    input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
    retryPolicy: { maxAttempts: 3, initialDelay: '50ms', maxDelay: '500ms', maxEpochs: 3 },
    ...(trigger === undefined ? {} : { triggers: [{ on: trigger, input: { n: 'event.data.n' } }] }),
    steps: steps.map((step) => stepOf(step, timeout)),
  };
}

function stepOf(step: StepSpec, timeout: string): JsonValue {
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
  };
}

function inputOf({ dependencies, flaky, refuseAt, salt }: StepSpec): JsonValue {
  const got = Object.fromEntries(dependencies.map((id) => [id, `steps.${id}.output.v`]));
  return { n: 'input.n', salt, refuseAt, flaky, got };
}

function failureOf(step: StepSpec): JsonValue {
  switch (step.policy) {
    case 'continue':
      return { policy: 'continue', output: DEFAULT_OUTPUT };
    case 'fallback':
      return { policy: 'fallback', output: DEFAULT_OUTPUT };
    case 'fallbackNode': {
      const input = { ...(inputOf(step) as object), refuseAt: -1, flaky: 0 };
      return { policy: 'fallback', action: `${step.participant}-pure`, input };
    }
    default:
      return { policy: step.policy };
  }
}

function conditionText({ above, step }: Condition): string {
  return step === undefined ? `input.n > ${above}` : `steps.${step}.output.v > ${above}`;
}
