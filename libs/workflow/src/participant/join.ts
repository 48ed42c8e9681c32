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
  const skipped = [...arrivals.values()].filter(({ status }) => status === 'skipped').length;
  switch (step.join) {
    case 'all':
      return whenFull(isFull, skipped === 0);
    case 'any':
      return skipped < arrivals.size ? 'run' : whenFull(isFull, false);
    case 'ended':
      return whenFull(isFull, true);
    default:
      return never(step.join);
  }
}

function whenFull(isFull: boolean, isMet: boolean): JoinVerdict {
  if (!isFull) return 'wait';
  return isMet ? 'run' : 'skip';
}
