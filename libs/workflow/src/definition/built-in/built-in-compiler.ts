import type { JsonValue } from '@aura/contracts';
import type { BuiltIn } from '../../plan/built-in';
import type { Plan } from '../../plan/plan';
import type { ActionCatalogue, OfferedAction } from '../offered-action';
import type { DraftStep } from '../parse-definition';
import type { Place, Problems } from '../problems';

/** What compiling a built-in step comes to; the rest of the compiler sees a step with an action. */
export interface CompiledBuiltIn {
  readonly builtIn: BuiltIn;
  /** What its input must be, what its output will be, and whether it is undone; its name is the step's type. */
  readonly action: OfferedAction;
  /** The step's input as it is written, not compiled yet, and where it stands. */
  readonly input: JsonValue;
  readonly inputPlace: Place;
}

/** A definition's step of one built-in kind. */
export interface BuiltInSource {
  readonly draft: DraftStep;
  readonly place: Place;
  readonly problems: Problems;
  /** Every action that is offered. */
  readonly catalogue: ActionCatalogue;
  /** Id of the definition. */
  readonly definition: string;
  /** Plans of the definitions that a saga may be started of. */
  readonly plans: readonly Plan[];
}

/** Reads the built-in steps of one type: one file per type. Undefined: it cannot be read, and the problems say why. */
export type BuiltInCompiler = (source: BuiltInSource) => CompiledBuiltIn | undefined;
