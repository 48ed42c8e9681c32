import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { awaited, triggeredAt } from './progress';
import { stepOf } from './state';
import type { SagaState } from './state';

/** A timer of a saga, derived from its fold. */
export type SagaTimer = {
  /** `saga`, `step/<id>/<epoch>` or `join/<id>/<epoch>/<n>`. */
  readonly id: string;
  /** ms since 1970. */
  readonly until: number;
} & (
  | { readonly kind: 'saga' }
  /** Nobody answers, or a join was lost. */
  | { readonly kind: 'step' | 'join'; readonly step: PlanStep }
);

/**
 * Milliseconds that were nobody's fault since a time (ms since 1970): all coordinators down, a clock that jumped, a
 * broker that was blocked; with a participant's name also the time in which it had paused.
 */
export type GapSince = (since: number, participant?: string) => number;

/** No time was lost. */
export const NO_GAP: GapSince = () => 0;

/** How long a joined step may stay untouched after its last dependency, ms; doubles with each re-emission. */
export const JOIN_LAG_MS = 2000;
/** Re-emissions of a lost join before only the step's own timeout is left. */
const MOST_REEMISSIONS = 6;

/** Everything that a running saga waits for, with its time; none for a saga that has ended or waits for a person. */
export function timersOf(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): readonly SagaTimer[] {
  if (state.status !== 'running') return [];
  const timers = awaited(compiled, state).flatMap((step) => stepTimers(state, step, gapSince));
  const until = state.startedAt + compiled.plan.timeoutMs + longestGap(compiled, state, gapSince);
  return [...timers, { kind: 'saga', id: 'saga', until }];
}

/** What the saga lost: at least as much as the one of its participants that was away longest. */
function longestGap(compiled: CompiledPlan, { startedAt }: SagaState, gapSince: GapSince): number {
  if (gapSince === NO_GAP) return 0;
  return Math.max(...compiled.plan.steps.map(({ participant }) => gapSince(startedAt, participant)));
}

function stepTimers(state: SagaState, step: PlanStep, gapSince: GapSince): readonly SagaTimer[] {
  const since = triggeredAt(state, step);
  const { epoch, reemissions } = stepOf(state, step.id);
  const shift = since + gapSince(since, step.participant);
  const timeout: SagaTimer = {
    kind: 'step',
    step,
    id: `step/${step.id}/${epoch}`,
    until: shift + step.timeoutMs,
  };
  if (step.dependencies.length < 2 || reemissions >= MOST_REEMISSIONS) return [timeout];
  const lag = JOIN_LAG_MS * (2 ** (reemissions + 1) - 1);
  const id = `join/${step.id}/${epoch}/${reemissions}`;
  return [timeout, { kind: 'join', step, id, until: shift + lag }];
}

/** The earliest timer. */
export function nextTimer(timers: readonly SagaTimer[]): SagaTimer | undefined {
  return timers.reduce<SagaTimer | undefined>(
    (first, timer) => (first === undefined || timer.until < first.until ? timer : first),
    undefined,
  );
}
