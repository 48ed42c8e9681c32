import type { JsonObject, JsonValue } from '@aura/contracts';
import type { Chance } from '@aura/testing';
import { hasPivot } from './definition-spec';
import type { DefinitionSpec, StepSpec, SubSagaSpec, UntilSpec } from './definition-spec';
import { valuePath } from './step-output';
import { isTimer } from './wait-step';

/** A step of another definition that can be undone, now and then repeated; undefined where there is none. */
export function randomSubSaga(chance: Chance, below: readonly DefinitionSpec[]): SubSagaSpec | undefined {
  const undoable = below.filter((spec) => !hasPivot(spec));
  if (undoable.length === 0) return undefined;
  const of = chance.pick(undoable);
  if (!chance.hits(400)) return { of };
  const until = readerOf(of) !== undefined && chance.hits(700) ? 'lucky' : { above: chance.between(1, 900) };
  return { of, repeat: { until, max: chance.between(2, 3) } };
}

/** A step of another definition that has a pivot; undefined where there is none. */
export function randomFinalSaga(chance: Chance, below: readonly DefinitionSpec[]): SubSagaSpec | undefined {
  const final = below.filter(hasPivot);
  return final.length === 0 ? undefined : { of: chance.pick(final) };
}

/** `saga` of the step as an author would write it. */
export function sagaMember({ of, repeat }: SubSagaSpec): { readonly [member: string]: JsonValue } {
  return {
    workflow: of.id,
    input: { n: 'input.n', key: 'input.key' },
    ...(repeat === undefined ? {} : { repeat: { until: untilText(repeat.until), max: repeat.max } }),
  };
}

/** `output` of a definition: a number for those that run it as a step, and what it read. */
export function outputMember(spec: Pick<DefinitionSpec, 'steps'>): { readonly [member: string]: JsonValue } {
  const teller = tellerOf(spec);
  const reader = readerOf(spec);
  return {
    v: teller === undefined ? 'input.n' : valuePath(teller),
    ...(reader === undefined ? {} : { read: `steps.${reader.id}.output.read` }),
  };
}

/** Whether what a round brought is enough. */
export function isEnough({ repeat }: SubSagaSpec, output: JsonValue | undefined): boolean {
  if (repeat === undefined) return true;
  const { read, v } = (output ?? {}) as JsonObject;
  if (repeat.until === 'lucky') return typeof read === 'number' && read % 3 === 0;
  return Number(v) > repeat.until.above;
}

function untilText(until: UntilSpec): string {
  return until === 'lucky' ? 'has(output.read) && int(output.read) % 3 == 0' : `output.v > ${until.above}.0`;
}

/** A step that never is skipped, and brings a number however it ends. */
function tellerOf({ steps }: Pick<DefinitionSpec, 'steps'>): StepSpec | undefined {
  return steps.find(
    (step) => step.dependencies.length === 0 && step.condition === undefined && !isTimer(step),
  );
}

function readerOf({ steps }: Pick<DefinitionSpec, 'steps'>): StepSpec | undefined {
  return steps.find(({ kind }) => kind === 'reading');
}
