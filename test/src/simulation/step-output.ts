import type { JsonObject, JsonValue } from '@aura/contracts';
import { DEFAULT_OUTPUT } from './definition-spec';
import type { StepSpec } from './definition-spec';
import { isTimer } from './wait-step';

/** Where in its output a step has the number that those behind it get. */
export function valuePath({ id, transaction }: Pick<StepSpec, 'id' | 'transaction'>): string {
  return transaction === undefined ? `steps.${id}.output.v` : `steps.${id}.output.b0.v`;
}

/** The number that a step brings to those behind it. */
export function valueIn(step: StepSpec, output: JsonValue | undefined): number | undefined {
  const { transaction } = step;
  if (isTimer(step)) return undefined;
  const whole = output as JsonObject | undefined;
  const told = transaction === undefined ? whole : (whole?.['b0'] as JsonObject | undefined);
  return told?.['v'] as number | undefined;
}

/** What a step makes that went wrong, where its definition or a person says so. */
export function defaultOutput(step: Pick<StepSpec, 'saga' | 'transaction' | 'wait'>): JsonValue {
  const { saga, transaction } = step;
  if (saga !== undefined) return { v: DEFAULT_OUTPUT.v };
  if (isTimer(step)) return { until: '2030-01-01T00:00:00.000Z' };
  if (transaction === undefined) return DEFAULT_OUTPUT;
  return Object.fromEntries(transaction.branches.map(({ id }) => [id, DEFAULT_OUTPUT]));
}
