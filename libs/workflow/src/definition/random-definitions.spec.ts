import type { JsonObject, JsonValue } from '@aura/contracts';
import fc from 'fast-check';
import { judgeJoin } from '../participant/join';
import { carried, scopeOf } from '../participant/scope';
import type { Arrival, Scope } from '../participant/scope';
import { mappingReads, valueAt } from '../plan/mapping';
import type { Plan, PlanStep } from '../plan/plan';
import { availabilityOf } from './availability';
import { compileDefinition } from './compile-definition';
import type { ActionCatalogue } from './offered-action';
import { buildGraph } from './graph';

const MEMBERS = ['a', 'b', 'c'] as const;
const properties = Object.fromEntries(MEMBERS.map((name) => [name, { type: 'string' }]));

const catalogue: ActionCatalogue = new Map([
  [
    'act',
    {
      name: 'act',
      participant: 'p',
      kind: 'pure',
      description: '',
      input: true,
      output: { type: 'object', properties, required: [...MEMBERS] },
      emits: 'ai.aura.acted.v1',
      publishes: [],
    },
  ],
]);

interface Wish {
  /** Numbers of earlier steps, taken modulo their count. */
  readonly dependencies: readonly number[];
  readonly join: 'all' | 'any' | 'ended';
  readonly hasCondition: boolean;
  readonly continues: boolean;
  readonly reads: readonly { readonly from: number; readonly member: string | undefined }[];
}

const wish: fc.Arbitrary<Wish> = fc.record({
  dependencies: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
  join: fc.constantFrom('all', 'any', 'ended'),
  hasCondition: fc.boolean(),
  continues: fc.boolean(),
  reads: fc.array(
    fc.record({ from: fc.nat(20), member: fc.option(fc.constantFrom(...MEMBERS), { nil: undefined }) }),
    { maxLength: 4 },
  ),
});

function dependenciesOf({ dependencies }: Wish, at: number): readonly string[] {
  return at === 0 ? [] : [...new Set(dependencies.map((number) => `s${number % at}`))];
}

function readPath(from: string | undefined, member: string | undefined): string {
  const root = from === undefined ? 'input' : `steps.${from}.output`;
  return member === undefined ? root : `${root}.${member}`;
}

/** A definition in which every step reads what it may: the input, and outputs upstream of it. */
function definitionOf(wishes: readonly Wish[]): JsonObject {
  const graph = buildGraph(
    wishes.map((item, at) => ({ id: `s${at}`, dependencies: dependenciesOf(item, at) })),
  );
  const steps = wishes.map((item, at) => {
    const sources = [undefined, ...(graph.ancestors.get(`s${at}`) ?? [])];
    const reads = item.reads.map(({ from, member }, name) => [
      `r${name}`,
      readPath(sources[from % sources.length], member),
    ]);
    return {
      id: `s${at}`,
      action: 'act',
      dependencies: dependenciesOf(item, at),
      join: item.join,
      ...(item.hasCondition ? { when: `has(input.go${at})` } : {}),
      ...(item.continues ? { failure: { policy: 'continue', output: outputOf(`d${at}`) } } : {}),
      input: Object.fromEntries(reads) as JsonObject,
    };
  });
  const input = { type: 'object', additionalProperties: true };
  return { id: 'random', name: 'Random', version: '1.0.0', input, steps };
}

const wishes = fc.array(wish, { minLength: 1, maxLength: 12 });

function planOf(definition: JsonObject): Plan {
  const result = compileDefinition(JSON.stringify(definition), 'random.json', catalogue);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function outputOf(id: string): JsonObject {
  return Object.fromEntries(MEMBERS.map((name) => [name, `${id}-${name}`]));
}

/** What really happened, and what each step could see of it. */
interface Run {
  readonly input: JsonObject;
  readonly outputs: Readonly<Record<string, JsonValue>>;
  readonly seen: ReadonlyMap<string, Scope>;
  readonly skipped: ReadonlySet<string>;
}

/** Lets the arrivals come in one after the other until the join has decided. */
function joinOf(
  step: PlanStep,
  ends: ReadonlyMap<string, Arrival>,
  order: (ids: readonly string[]) => readonly string[],
): { readonly runs: boolean; readonly scope: Scope } {
  const arrived = new Map<string, Arrival>();
  for (const id of order(step.dependencies)) {
    const end = ends.get(id);
    if (end !== undefined) arrived.set(id, end);
    const verdict = judgeJoin(step, arrived);
    if (verdict !== 'wait') return { runs: verdict === 'run', scope: scopeOf(arrived) };
  }
  throw new Error(`the join of ${step.id} never decided`);
}

const SKIPPED: Arrival = { status: 'skipped' };

function conditionHolds({ id, when }: PlanStep, input: JsonObject): boolean {
  return when === undefined || Object.hasOwn(input, `go${id.slice(1)}`);
}

function successOf({ id, failure }: PlanStep, coin: () => boolean): Arrival {
  return failure.policy === 'continue' && coin()
    ? { status: 'continued', output: outputOf(`d${id.slice(1)}`) }
    : { status: 'completed', output: outputOf(id) };
}

/** Runs a plan by its events alone: each step sees what the events of its dependencies carry. */
function simulate(plan: Plan, coin: () => boolean): Run {
  const input = Object.fromEntries([
    ...MEMBERS.map((name) => [name, `input-${name}`] as const),
    ...plan.steps.flatMap(({ id }) => (coin() ? [[`go${id.slice(1)}`, true] as const] : [])),
  ]);
  const ends = new Map<string, Arrival>();
  const outputs: Record<string, JsonValue> = {};
  const seen = new Map<string, Scope>();
  const skipped = new Set<string>();
  const started: Arrival = { status: 'completed', ...contextOf(plan.startCarries, { input, outputs: {} }) };
  const order = (ids: readonly string[]) => (coin() ? ids : [...ids].reverse());
  for (const step of plan.steps) {
    const isRoot = step.dependencies.length === 0;
    const { runs, scope } = isRoot
      ? { runs: true, scope: scopeOf(new Map([['saga', started]])) }
      : joinOf(step, ends, order);
    const end = runs && conditionHolds(step, input) ? successOf(step, coin) : SKIPPED;
    ends.set(step.id, { ...end, ...contextOf(step.carries, scope) });
    if (end.output === undefined) skipped.add(step.id);
    else {
      outputs[step.id] = end.output;
      seen.set(step.id, scope);
    }
  }
  return { input, outputs, seen, skipped };
}

function contextOf(
  carries: PlanStep['carries'],
  scope: Pick<Scope, 'input' | 'outputs'>,
): Pick<Arrival, 'context'> {
  const context = carried(carries, scope);
  return context === undefined ? {} : { context };
}

function coinOf(bits: readonly boolean[]): () => boolean {
  let at = 0;
  return () => bits[at++ % bits.length] ?? false;
}

const bits = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });

function shuffled(value: JsonValue, coin: () => boolean): JsonValue {
  if (Array.isArray(value)) return (value as JsonValue[]).map((item) => shuffled(item, coin));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as JsonObject);
  const order = coin() ? entries.reverse() : [...entries.slice(1), ...entries.slice(0, 1)];
  return Object.fromEntries(order.map(([name, member]) => [name, shuffled(member, coin)]));
}

interface Sight {
  /** Whether the compiler holds the value to be there. */
  readonly isSure: boolean;
  /** The value as it was made. */
  readonly truth: JsonValue | undefined;
  /** The value as the events brought it. */
  readonly seen: JsonValue | undefined;
}

/** What the steps that ran read. */
function sightsOf(plan: Plan, run: Run): readonly Sight[] {
  const known = availabilityOf(plan.steps, buildGraph(plan.steps));
  return plan.steps.flatMap(({ id, input }) => {
    const scope = run.seen.get(id);
    if (scope === undefined) return [];
    return mappingReads(input).map(({ step, path }): Sight => {
      if (step === undefined) {
        return { isSure: true, truth: valueAt(run.input, path), seen: valueAt(scope.input, path) };
      }
      const isSure = known.get(id)?.whenRunning.has(step) ?? false;
      return { isSure, truth: valueAt(run.outputs[step], path), seen: valueAt(scope.outputs[step], path) };
    });
  });
}

describe('the plan of any definition', () => {
  it('has every step behind its dependencies', () => {
    fc.assert(
      fc.property(wishes, (list) => {
        const before = new Set<string>();
        for (const { id, dependencies } of planOf(definitionOf(list)).steps) {
          expect(dependencies.every((dependency) => before.has(dependency))).toBe(true);
          before.add(id);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('makes events carry everything that a step is sure to read, whatever is skipped and whoever comes first', () => {
    fc.assert(
      fc.property(wishes, bits, (list, choice) => {
        const plan = planOf(definitionOf(list));
        const run = simulate(plan, coinOf(choice));
        for (const sight of sightsOf(plan, run)) {
          if (sight.isSure || sight.seen !== undefined) expect(sight.seen).toEqual(sight.truth);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never skips a step that is said not to be skippable', () => {
    fc.assert(
      fc.property(wishes, bits, (list, choice) => {
        const plan = planOf(definitionOf(list));
        const { skipped } = simulate(plan, coinOf(choice));
        expect(plan.steps.filter(({ id, skippable }) => !skippable && skipped.has(id))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('has a digest that does not depend on the order of keys', () => {
    fc.assert(
      fc.property(wishes, bits, (list, choice) => {
        const definition = definitionOf(list);
        const other = shuffled(definition, coinOf(choice)) as JsonObject;
        expect(planOf(other).digest).toBe(planOf(definition).digest);
      }),
      { numRuns: 40 },
    );
  });
});
