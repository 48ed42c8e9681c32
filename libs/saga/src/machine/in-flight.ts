import type { CompiledPlan } from '@aura/workflow';
import { awaited } from './progress';
import type { SagaState } from './state';

/** Steps whose saga only waits for them: what a sub-saga does counts there. */
const ONLY_WAITED_FOR: readonly unknown[] = ['wait', 'saga'];

/** Whether a saga counts as work in flight: it runs, and does not only wait for times, events and sub-sagas. */
export function isInFlight(compiled: CompiledPlan, state: SagaState): boolean {
  if (state.status !== 'running') return false;
  const open = awaited(compiled, state);
  return open.length === 0 || open.some(({ builtIn }) => !ONLY_WAITED_FOR.includes(builtIn?.type));
}
