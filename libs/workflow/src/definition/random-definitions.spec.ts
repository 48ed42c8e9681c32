import type { JsonObject, JsonValue } from '@aura/contracts';
import fc from 'fast-check';
import { judgeJoin } from '../participant/join';
import { carried, scopeOf } from '../participant/scope';
import type { Arrival, Scope } from '../participant/scope';
import { mappingReads, valueAt } from '../plan/mapping';
import type { Plan, PlanStep } from '../plan/plan';
import { availabilityOf } from './availability';
import { compileDefinition } from './compile-definition';
import type { ActionCatalogue } from './draft-model';
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
    const context = contextOf(step.carries, scope);
    const goes = runs && (step.when === undefined || Object.hasOwn(input, `go${step.id.slice(1)}`));
    if (goes) {
      const continued = step.failure.policy === 'continue' && coin();
      const output = outputOf(continued ? `d${step.id.slice(1)}` : step.id);
      outputs[step.id] = output;
      seen.set(step.id, scope);
      ends.set(step.id, { status: continued ? 'continued' : 'completed', output, ...context });
    } else {
      skipped.add(step.id);
      ends.set(step.id, { status: 'skipped', ...context });
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
    );
  });

  it('makes events carry everything that a step is sure to read, whatever is skipped and whoever comes first', () => {
    fc.assert(
      fc.property(wishes, bits, (list, choice) => {
        const plan = planOf(definitionOf(list));
        const run = simulate(plan, coinOf(choice));
        const known = availabilityOf(plan.steps, buildGraph(plan.steps));
        for (const [id, scope] of run.seen) {
          const step = plan.steps.find((candidate) => candidate.id === id);
          for (const { step: from, path } of step === undefined ? [] : mappingReads(step.input)) {
            const isSure = from === undefined || known.get(id)?.whenRunning.has(from);
            const truth = valueAt(from === undefined ? run.input : run.outputs[from], path);
            const seen = valueAt(from === undefined ? scope.input : scope.outputs[from], path);
            if (isSure === true || seen !== undefined) expect(seen).toEqual(truth);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('never skips a step that is said not to be skippable', () => {
    fc.assert(
      fc.property(wishes, bits, (list, choice) => {
        const plan = planOf(definitionOf(list));
        const { skipped } = simulate(plan, coinOf(choice));
        expect(plan.steps.filter(({ id, skippable }) => !skippable && skipped.has(id))).toEqual([]);
      }),
    );
  });

  it('has a digest that does not depend on the order of keys', () => {
    fc.assert(
      fc.property(wishes, bits, (list, choice) => {
        const definition = definitionOf(list);
        const other = shuffled(definition, coinOf(choice)) as JsonObject;
        expect(planOf(other).digest).toBe(planOf(definition).digest);
      }),
    );
  });
});
