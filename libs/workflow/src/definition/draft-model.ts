import type { ActionDescription } from '@aura/contracts';
import { compileExpression } from '../expression/expression';
import type { Expression } from '../expression/expression';
import type { Mapping } from '../plan/plan';
import { availabilityOf } from './availability';
import type { Availability } from './availability';
import { compileMapping } from './compile-mapping';
import { buildGraph } from './graph';
import type { Graph } from './graph';
import { asSchema, inlineRefs } from './inline-refs';
import type { Schema } from './inline-refs';
import type { Draft, DraftStep } from './parse-definition';
import type { Place, Problems } from './problems';

/** An action as somebody offers it. */
export type OfferedAction = ActionDescription & { readonly participant: string };

/** Every action that is offered, by name. */
export type ActionCatalogue = ReadonlyMap<string, OfferedAction>;

/** A step with everything in it compiled, as far as it could be. */
export interface ModelStep {
  readonly draft: DraftStep;
  readonly place: Place;
  /** Absent: nobody offers it (told elsewhere). */
  readonly action?: OfferedAction;
  readonly input: Mapping;
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
    private readonly catalogue: ActionCatalogue,
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
    const action = this.catalogue.get(draft.action);
    const when =
      draft.when === undefined
        ? undefined
        : this.expression(draft.when, ['input', 'steps'], [...place, 'when']);
    const fallback = this.fallback(draft, place);
    return {
      draft,
      place,
      input: this.mapping(draft.input, [...place, 'input']),
      cacheKey: (draft.cache?.key ?? []).map((part, at) =>
        this.mapping(part, [...place, 'cache', 'key', at]),
      ),
      ...(action === undefined ? {} : { action }),
      ...(when === undefined ? {} : { when }),
      ...(fallback === undefined ? {} : { fallback }),
    };
  }

  private fallback(draft: DraftStep, place: Place): ModelStep['fallback'] {
    if (draft.failure.policy !== 'fallback' || draft.failure.action === undefined) return undefined;
    const action = this.catalogue.get(draft.failure.action);
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

  private mapping(value: DraftStep['input'], place: Place): Mapping {
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
export function buildModel(draft: Draft, catalogue: ActionCatalogue, problems: Problems): Model {
  return new ModelBuilder(draft, catalogue, problems).build();
}
