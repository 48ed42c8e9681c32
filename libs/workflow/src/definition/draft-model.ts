import type { JsonValue } from '@aura/contracts';
import { compileExpression } from '../expression/expression';
import type { Expression } from '../expression/expression';
import type { BuiltIn } from '../plan/built-in';
import type { Mapping, Plan } from '../plan/plan';
import { availabilityOf } from './availability';
import type { Availability } from './availability';
import { builtInCompilerOf } from './built-in/built-ins';
import { compileMapping } from './compile-mapping';
import { buildGraph } from './graph';
import type { Graph } from './graph';
import { asSchema, inlineRefs } from './inline-refs';
import type { Schema } from './inline-refs';
import type { ActionCatalogue, OfferedAction } from './offered-action';
import type { Draft, DraftStep } from './parse-definition';
import type { Place, Problems } from './problems';

/** What a definition can build on. */
export interface Offers {
  readonly catalogue: ActionCatalogue;
  /** Plans of the definitions that a saga may be started of. */
  readonly plans: readonly Plan[];
}

/** A step with everything in it compiled, as far as it could be. */
export interface ModelStep {
  readonly draft: DraftStep;
  readonly place: Place;
  /** Absent: nobody offers it (told elsewhere). */
  readonly action?: OfferedAction;
  /** Of a step that lives in the coordinator. */
  readonly builtIn?: BuiltIn;
  readonly input: Mapping;
  /** Where the input stands. */
  readonly inputPlace: Place;
  readonly when?: Expression;
  readonly cacheKey: readonly Mapping[];
  readonly fallback?: { readonly name: string; readonly action?: OfferedAction; readonly input: Mapping };
}

/** A definition on its way to a plan: what the checks look at and what the plan is made from. */
export interface Model {
  readonly draft: Draft;
  /** First step of each id. */
  readonly steps: ReadonlyMap<string, ModelStep>;
  readonly graph: Graph;
  readonly availability: ReadonlyMap<string, Availability>;
  readonly input: Schema;
  readonly output: Mapping;
  readonly criteria: readonly Expression[];
  readonly triggers: readonly {
    readonly on: string;
    readonly when?: Expression;
    readonly correlate?: Expression;
    readonly input: Mapping;
    readonly place: Place;
  }[];
}

/** Compiles the parts of a definition, telling what does not compile. */
class ModelBuilder {
  constructor(
    private readonly draft: Draft,
    private readonly offers: Offers,
    private readonly problems: Problems,
  ) {}

  build(): Model {
    const steps = this.steps();
    const joined = [...steps.values()].map(({ draft }) => draft);
    const graph = buildGraph(joined);
    return {
      draft: this.draft,
      steps,
      graph,
      availability: availabilityOf(joined, graph),
      input: inlineRefs(asSchema(this.draft.header.input)),
      output: this.output(joined, graph),
      criteria: this.draft.header.successCriteria.flatMap(
        (source, at) => this.expression(source, ['input', 'steps'], ['successCriteria', at]) ?? [],
      ),
      triggers: this.triggers(),
    };
  }

  private steps(): ReadonlyMap<string, ModelStep> {
    const steps = new Map<string, ModelStep>();
    for (const draft of this.draft.steps) {
      if (!steps.has(draft.id)) steps.set(draft.id, this.step(draft));
    }
    return steps;
  }

  private step(draft: DraftStep): ModelStep {
    const place: Place = ['steps', draft.index];
    const when =
      draft.when === undefined
        ? undefined
        : this.expression(draft.when, ['input', 'steps'], [...place, 'when']);
    const fallback = this.fallback(draft, place);
    return {
      draft,
      place,
      ...this.work(draft, place),
      cacheKey: (draft.cache?.key ?? []).map((part, at) =>
        this.mapping(part, [...place, 'cache', 'key', at]),
      ),
      ...(when === undefined ? {} : { when }),
      ...(fallback === undefined ? {} : { fallback }),
    };
  }

  /** What does the step: an action that somebody offers, or the coordinator. */
  private work(
    draft: DraftStep,
    place: Place,
  ): Pick<ModelStep, 'action' | 'builtIn' | 'input' | 'inputPlace'> {
    const compile = builtInCompilerOf(draft);
    const { id: definition } = this.draft.header;
    const built = compile?.({ draft, place, problems: this.problems, definition, ...this.offers });
    if (built !== undefined) return { ...built, input: this.mapping(built.input, built.inputPlace) };
    const inputPlace = [...place, 'input'];
    const made = { input: this.mapping(draft.input, inputPlace), inputPlace };
    const action = compile === undefined ? this.offers.catalogue.get(draft.action) : undefined;
    return action === undefined ? made : { ...made, action };
  }

  private fallback(draft: DraftStep, place: Place): ModelStep['fallback'] {
    if (draft.failure.policy !== 'fallback' || draft.failure.action === undefined) return undefined;
    const action = this.offers.catalogue.get(draft.failure.action);
    const { input = draft.input } = draft.failure;
    return {
      name: draft.failure.action,
      input: this.mapping(input, [...place, 'failure', 'input']),
      ...(action === undefined ? {} : { action }),
    };
  }

  /** What was not written: the output of every step that nothing depends on, by step. */
  private output(steps: readonly DraftStep[], graph: Graph): Mapping {
    const { output } = this.draft.header;
    if (output !== undefined) return this.mapping(output, ['output']);
    const last = steps.filter(({ id }) => graph.descendants.get(id)?.size === 0);
    const members = last.map(({ id }) => [id, { kind: 'step', step: id, path: [] }] as const);
    return { kind: 'object', members: Object.fromEntries(members) };
  }

  private triggers(): Model['triggers'] {
    return this.draft.header.triggers.map((trigger, at) => {
      const place: Place = ['triggers', at];
      const when = this.eventExpression(trigger.when, [...place, 'when']);
      const correlate = this.eventExpression(trigger.correlate, [...place, 'correlate']);
      const input = compileMapping(trigger.input, 'event', [...place, 'input'], this.malformed);
      return {
        on: trigger.on,
        place,
        input,
        ...(when === undefined ? {} : { when }),
        ...(correlate === undefined ? {} : { correlate }),
      };
    });
  }

  private eventExpression(source: string | undefined, place: Place): Expression | undefined {
    return source === undefined ? undefined : this.expression(source, ['event'], place);
  }

  private mapping(value: JsonValue, place: Place): Mapping {
    return compileMapping(value, 'saga', place, this.malformed);
  }

  private expression(source: string, roots: readonly string[], place: Place): Expression | undefined {
    const result = compileExpression(source, { roots });
    if (result.ok) return result.value;
    this.problems.add('INVALID_EXPRESSION', place, `CEL ${result.error.message}`);
    return undefined;
  }

  private readonly malformed = (place: Place, message: string): void => {
    this.problems.add('MALFORMED_PATH', place, message);
  };
}

/** Compiles the parts of a definition; what does not compile is among the problems. */
export function buildModel(draft: Draft, offers: Offers, problems: Problems): Model {
  return new ModelBuilder(draft, offers, problems).build();
}
