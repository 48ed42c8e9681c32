import type { ErrorRecord, JsonValue } from '@aura/contracts';
import type { CompiledPlan } from '@aura/workflow';
import type { SagaState } from './state';

/** Why a saga whose steps have all ended is no success: its first criterion that does not hold; undefined when all do. */
export function unmetCriterion(
  compiled: CompiledPlan,
  state: SagaState,
  outputs: Readonly<Record<string, JsonValue>>,
): ErrorRecord | undefined {
  const { plan, criteria } = compiled;
  if (criteria.length === 0) return undefined;
  const steps = Object.fromEntries(Object.entries(outputs).map(([id, output]) => [id, { output }]));
  for (const [n, criterion] of criteria.entries()) {
    const met = criterion.evaluate({ input: state.input, steps });
    if (met.ok && met.value === true) continue;
    const why = met.ok ? `it is ${JSON.stringify(met.value)}` : met.error.message;
    return {
      kind: 'business',
      code: 'SUCCESS_CRITERIA',
      message: `every step ended, but a success criterion does not hold: ${String(plan.successCriteria[n])} (${why})`,
    };
  }
  return undefined;
}
