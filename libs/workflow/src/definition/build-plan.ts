import type { JsonObject, JsonValue } from '@aura/contracts';
import { mappingReads } from '../plan/mapping';
import { carriesOf, needsOf } from '../plan/liveness';
import type { Needs } from '../plan/liveness';
import { sealPlan } from '../plan/plan-digest';
import type { FailurePolicy, Plan, PlanStep, PlanTrigger } from '../plan/plan';
import type { Model, ModelStep } from './draft-model';
import type { OfferedAction } from './offered-action';
import { entryOf, present } from './present';
import { expressionReads } from './sources';
import { retryOf, stepTimeoutOf, undoPolicyOf } from './timing';

/** The id of the node that stands for a step when it failed. */
function fallbackId(id: string): string {
  return `${id}.fallback`;
}

function failureOf({ draft }: ModelStep): FailurePolicy {
  const { failure } = draft;
  switch (failure.policy) {
    case 'continue':
      return { policy: 'continue', output: failure.output };
    case 'fallback':
      return failure.output === undefined
        ? { policy: 'fallback', node: fallbackId(draft.id) }
        : { policy: 'fallback', output: failure.output };
    default:
      return { policy: failure.policy };
  }
}

function needsOfStep({ input, when, cacheKey }: ModelStep, upstream: ReadonlySet<string>): Needs {
  return needsOf([
    ...mappingReads(input),
    ...cacheKey.flatMap(mappingReads),
    ...expressionReads(when?.reads ?? [], upstream),
  ]);
}

function actionPart(
  action: OfferedAction,
): Pick<PlanStep, 'action' | 'participant' | 'kind' | 'emits' | 'undo'> {
  return {
    action: action.name,
    participant: action.participant,
    kind: action.kind,
    emits: action.emits,
    ...(action.undo === undefined ? {} : { undo: action.undo.name }),
  };
}

function undoPart({ draft }: ModelStep, action: OfferedAction): Pick<PlanStep, 'undoPolicy'> {
  return action.kind === 'stateful' ? { undoPolicy: undoPolicyOf(draft) } : {};
}

/** Ends that depend on what arrived first, or that the coordinator acts upon, must be the same at every repetition. */
function recordsEnd({ draft }: ModelStep, action: OfferedAction): boolean {
  const dependsOnArrival = draft.join !== 'all' && draft.dependencies.length > 1;
  const isAnswered = draft.failure.policy === 'continue' || draft.failure.policy === 'fallback';
  return action.kind !== 'pure' || dependsOnArrival || isAnswered;
}

/** Makes the nodes of a plan from a model without problems. */
class PlanBuilder {
  private readonly needs: ReadonlyMap<string, Needs>;

  constructor(private readonly model: Model) {
    this.needs = new Map([...model.steps].map(([id, step]) => [id, needsOfStep(step, this.before(id))]));
  }

  build(): Plan {
    const { header } = this.model.draft;
    const steps = this.model.graph.order.map((id) => entryOf(this.model.steps, id));
    return sealPlan({
      definition: header.id,
      name: header.name,
      version: header.version,
      description: header.description,
      input: objectSchema(header.input),
      output: this.model.output,
      example: header.example ?? {},
      timeoutMs: header.timeout,
      successCriteria: header.successCriteria,
      triggers: this.triggers(),
      startCarries: carriesOf([...this.needs.values()], new Set()),
      steps: [
        ...steps.map((step) => this.node(step)),
        ...steps.flatMap((step) =>
          step.fallback === undefined ? [] : [this.fallbackNode(step, step.fallback)],
        ),
      ],
    });
  }

  private before(id: string): ReadonlySet<string> {
    return entryOf(this.model.graph.ancestors, id);
  }

  private node(step: ModelStep): PlanStep {
    const { draft } = step;
    const action = present(step.action, draft.action);
    return {
      id: draft.id,
      name: draft.name ?? draft.id,
      ...actionPart(action),
      ...(step.builtIn === undefined ? {} : { builtIn: step.builtIn }),
      ...undoPart(step, action),
      dependencies: draft.dependencies,
      join: draft.join,
      ...(draft.when === undefined ? {} : { when: draft.when }),
      input: step.input,
      ...this.timing(step),
      failure: failureOf(step),
      recordsEnd: recordsEnd(step, action),
      carries: this.carries(draft.id),
      dependents: this.dependents(draft.id),
      skippable: entryOf(this.model.availability, draft.id).skippable,
      ...(draft.cache === undefined ? {} : { cache: { ttlMs: draft.cache.ttl, key: step.cacheKey } }),
      internal: draft.internal,
    };
  }

  private fallbackNode(step: ModelStep, fallback: NonNullable<ModelStep['fallback']>): PlanStep {
    const { draft } = step;
    const action = present(fallback.action, fallback.name);
    return {
      id: fallbackId(draft.id),
      name: `${draft.name ?? draft.id} (fallback)`,
      ...actionPart(action),
      ...undoPart(step, action),
      dependencies: [],
      join: 'all',
      input: fallback.input,
      ...this.timing(step),
      failure: { policy: 'compensate' },
      standsFor: draft.id,
      recordsEnd: action.kind !== 'pure',
      carries: this.carries(draft.id),
      dependents: [],
      skippable: false,
      internal: draft.internal,
    };
  }

  private timing({ draft }: ModelStep): Pick<PlanStep, 'timeoutMs' | 'retry'> {
    const { header } = this.model.draft;
    return {
      timeoutMs: stepTimeoutOf(header.timeout, draft),
      retry: retryOf(header.retryPolicy, draft.retryPolicy),
    };
  }

  private carries(id: string): PlanStep['carries'] {
    const behind = [...entryOf(this.model.graph.descendants, id)];
    return carriesOf(
      behind.map((other) => entryOf(this.needs, other)),
      this.before(id),
    );
  }

  private dependents(id: string): readonly string[] {
    const steps = [...this.model.steps.values()];
    return steps.filter(({ draft }) => draft.dependencies.includes(id)).map(({ draft }) => draft.id);
  }

  private triggers(): readonly PlanTrigger[] {
    return this.model.triggers.map(({ on, input, when, correlate }) => ({
      on,
      ...(when === undefined ? {} : { when: when.source }),
      ...(correlate === undefined ? {} : { correlate: correlate.source }),
      input,
    }));
  }
}

/** A saga's input is an object, whether its schema says so or not. */
function objectSchema(schema: JsonValue): JsonObject {
  return typeof schema === 'object' && schema !== null
    ? { type: 'object', ...(schema as JsonObject) }
    : { type: 'object' };
}

/** The plan of a definition in which no problem was found. */
export function buildPlan(model: Model): Plan {
  return new PlanBuilder(model).build();
}
