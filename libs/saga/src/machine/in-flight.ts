import type { CompiledPlan } from '@aura/workflow';
import { awaited } from './progress';
import type { SagaState } from './state';

/** Whether a saga counts as work in flight: it runs, and does not only wait for times and events. A sub-saga counts as its parent. */
export function isInFlight(compiled: CompiledPlan, state: SagaState): boolean {
  if (state.status !== 'running' || state.parent !== undefined) return false;
  const open = awaited(compiled, state);
  return open.length === 0 || open.some(({ builtIn }) => builtIn?.type !== 'wait');
}
