import type { SagaDetail, StepDetail } from '@aura/client';
import type { Terminal } from '../terminal';
import { durationText, elapsed } from './duration';
import { nameWidth } from './step-line';

const WIDTH = 40;

/** When each step ran within the saga, as bars on one scale; steps that never began have none. */
export function timeline(saga: SagaDetail, { colours }: Terminal): readonly string[] {
  const width = nameWidth(saga.steps);
  const end = saga.startedAt === undefined ? 0 : Date.parse(saga.startedAt) + Math.max(1, saga.durationMs);
  const line = (step: StepDetail): string => {
    const took = elapsed(step.startedAt, step.endedAt);
    if (step.startedAt === undefined || took === undefined)
      return `  ${step.id.padEnd(width)}  ${step.status}`;
    const from = Date.parse(step.startedAt);
    const bar = barOf({
      from: from - Date.parse(saga.startedAt),
      took,
      total: end - Date.parse(saga.startedAt),
    });
    return `  ${step.id.padEnd(width)}  ${colours.cyan(bar)}  ${durationText(took)}`;
  };
  return saga.steps.map(line);
}

function barOf({ from, took, total }: { from: number; took: number; total: number }): string {
  const column = (ms: number): number => Math.min(WIDTH, Math.max(0, Math.round((ms / total) * WIDTH)));
  const begin = Math.min(WIDTH - 1, column(from));
  const length = Math.max(1, column(from + took) - begin);
  return `${' '.repeat(begin)}${'█'.repeat(length)}`.padEnd(WIDTH).slice(0, WIDTH);
}
