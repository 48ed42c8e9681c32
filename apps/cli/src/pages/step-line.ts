import type { StepDetail, StepStatus } from '@aura/client';
import type { Terminal } from '../terminal';
import { durationText, elapsed } from './duration';

type Paint = 'green' | 'red' | 'yellow' | 'dim' | 'cyan';

const marks: Readonly<Record<StepStatus, readonly [mark: string, paint: Paint]>> = {
  waiting: ['·', 'dim'],
  triggered: ['›', 'cyan'],
  completed: ['✓', 'green'],
  skipped: ['–', 'dim'],
  continued: ['~', 'yellow'],
  failed: ['✗', 'red'],
};

/** One line about a step: mark, name, status, how long it took, and why it failed. */
export function stepLine(step: StepDetail, width: number, { colours }: Terminal): string {
  const [mark, paint] = marks[step.status];
  const took = elapsed(step.startedAt, step.endedAt);
  const parts = [
    `${colours[paint](mark)} ${step.id.padEnd(width)}`,
    colours[paint]((step.byFallback === true ? `${step.status}*` : step.status).padEnd(10)),
    (took === undefined ? '' : durationText(took)).padStart(9),
    step.attempts > 1 ? colours.yellow(`${step.attempts} attempts`) : '',
    step.error === undefined ? '' : colours.red(`${step.error.message} (${step.error.code})`),
  ];
  return `  ${parts.filter((part) => part !== '').join(' ')}`.trimEnd();
}

/** Width of the longest step name. */
export function nameWidth(steps: readonly StepDetail[]): number {
  return Math.max(0, ...steps.map(({ id }) => id.length));
}
