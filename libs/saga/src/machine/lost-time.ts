import type { PlanStep } from '@aura/workflow';
import type { GapSince } from './gap-since';

/** Who has to answer for a step: its participant, or all that work below a sub-saga. */
export function performersOf({ builtIn, participant }: PlanStep): readonly string[] {
  return builtIn?.type === 'saga' ? [participant, ...builtIn.participants] : [participant];
}

/** Milliseconds that a step lost since a time (ms since 1970): as many as the one of its performers that was away longest. */
export function lostSince(step: PlanStep, since: number, gapSince: GapSince): number {
  return Math.max(...performersOf(step).map((participant) => gapSince(since, participant)));
}
