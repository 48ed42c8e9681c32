/**
 * `foreign`: stateful in a store of its own; `pivot`: stateful without undo; `transaction`: several at once; `wait`;
 * `saga`: another definition.
 */
export type Kind = 'pure' | 'reading' | 'stateful' | 'foreign' | 'pivot' | 'transaction' | 'wait' | 'saga';
export type Join = 'all' | 'any' | 'ended';
/** `fallback`: a default output; `fallbackNode` and `fallbackStateful`: an action without and with effect. */
export type Policy = 'compensate' | 'continue' | 'fallback' | 'fallbackNode' | 'fallbackStateful' | 'suspend';

/** A condition on the saga's input, or on what a step upstream made. */
export interface Condition {
  /** Absent: on `input.n`. */
  readonly step?: string;
  readonly above: number;
}

/**
 * What a branch does: `stateful` moves money between purses, that are counted; `locking` between vaults, that are locked
 * whole; `looking` changes nothing and votes read-only; `pivot` moves money and cannot be undone.
 */
export type BranchKind = 'stateful' | 'locking' | 'looking' | 'pivot';

/** A branch as the generator made it. */
export interface BranchSpec {
  readonly id: string;
  readonly participant: string;
  readonly kind: BranchKind;
  readonly salt: number;
  readonly refuseAt: number;
  readonly flaky: number;
}

/** What a step of type transaction is made of. */
export interface TransactionSpec {
  readonly prepareTimeout: string;
  readonly branches: readonly BranchSpec[];
}

/** What a step of type wait waits for: a span of time, or an event that names the saga or has its key. */
export type WaitSpec = { readonly for: string } | { readonly on: string; readonly byKey: boolean };

/** When a repeated sub-saga is enough: its number is above a bound, or what it read can be divided by three. */
export type UntilSpec = { readonly above: number } | 'lucky';

/** What a step of type saga runs, once or until it is enough. */
export interface SubSagaSpec {
  readonly of: DefinitionSpec;
  readonly repeat?: { readonly until: UntilSpec; readonly max: number };
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
  /** Of a transaction. */
  readonly transaction?: TransactionSpec;
  /** Of a wait. */
  readonly wait?: WaitSpec;
  /** Of a sub-saga. */
  readonly saga?: SubSagaSpec;
}

/** Whether a step changes something. */
export function hasEffect({ kind }: Pick<StepSpec, 'kind'>): boolean {
  return kind !== 'pure' && kind !== 'reading' && kind !== 'wait';
}

/** Whether a step that changes something cannot be undone. */
export function isPivot({
  kind,
  saga,
  transaction,
}: Pick<StepSpec, 'kind' | 'saga' | 'transaction'>): boolean {
  if (saga !== undefined) return hasPivot(saga.of);
  return kind === 'pivot' || transaction?.branches.some((branch) => branch.kind === 'pivot') === true;
}

/** Whether a saga of this definition cannot be undone once it has completed. */
export function hasPivot({ steps }: Pick<DefinitionSpec, 'steps'>): boolean {
  return steps.some(isPivot);
}

/** Whether a step stands somewhere behind another one. */
export function isBehind(steps: readonly StepSpec[], { dependencies }: StepSpec, id: string): boolean {
  return dependencies.some((one) => {
    const step = steps.find((known) => known.id === one);
    return one === id || (step !== undefined && isBehind(steps, step, id));
  });
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

/** What a saga is started with. `key`: by which events find it when it waits for them. */
export type SagaInput = { readonly n: number; readonly key: string };

/** Everybody who offers actions. */
export const PARTICIPANTS: readonly string[] = ['atelier', 'bureau', 'closet'];
/** What a fallback's name has behind that of its step. */
export const FALLBACK = '.fallback';
/** What a step that went wrong makes where its definition says so. */
export const DEFAULT_OUTPUT = { v: 1, got: {} };
/** Values of a saga's input. */
export const INPUTS = 12;
