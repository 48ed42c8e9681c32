import { never } from '@aura/kernel';
import type { PlanStep } from '../plan/plan';
import type { Arrival } from './scope';

/** What a set of arrivals means for a step. */
export type JoinVerdict = 'wait' | 'run' | 'skip';

/**
 * Judges the arrivals at a step. `all`: one skipped dependency skips it; `any`: runs as soon as one dependency
 * completed; `ended`: runs when all have ended. `continued` satisfies all three.
 */
export function judgeJoin(
  step: Pick<PlanStep, 'dependencies' | 'join'>,
  arrivals: ReadonlyMap<string, Pick<Arrival, 'status'>>,
): JoinVerdict {
  const isFull = step.dependencies.every((dependency) => arrivals.has(dependency));
  const ends = [...arrivals.values()];
  switch (step.join) {
    case 'all':
      if (!isFull) return 'wait';
      return ends.some(({ status }) => status === 'skipped') ? 'skip' : 'run';
    case 'any':
      if (ends.some(({ status }) => status !== 'skipped')) return 'run';
      return isFull ? 'skip' : 'wait';
    case 'ended':
      return isFull ? 'run' : 'wait';
    default:
      return never(step.join);
  }
}
