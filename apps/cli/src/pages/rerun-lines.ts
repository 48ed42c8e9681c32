import type { RerunPlan } from '@aura/client';

/** What a rerun would do, or why it is refused. */
export function rerunLines({
  sagaId,
  from,
  run,
  undo,
  again,
  carried,
  refusal,
}: RerunPlan): readonly string[] {
  if (refusal !== undefined) return [`refused: ${refusal}`];
  return [
    `saga ${sagaId} would go on from step ${from}, as run ${run}`,
    `undone first   ${listed(undo.map(({ step, run: own }) => `${step} (run ${own})`))}`,
    `run again      ${listed(again)}`,
    `carried over   ${listed(carried.map(({ step, status, run: own }) => `${step} (${status}, run ${own})`))}`,
  ];
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
